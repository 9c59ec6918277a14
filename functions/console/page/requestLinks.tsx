/** A sentence in which the ids of requests lead to their stories. */
import type { Choose } from './chosenRequest';

const REQUEST_ID = /\b((?:imp|cmd)-[A-Za-z0-9_-]+)/;
const SHOWN = 14;

export function RequestLinks({ text, choose }: { text: string; choose: Choose }) {
  return (
    <>
      {text.split(REQUEST_ID).map((piece, index) =>
        // Every second piece is what the pattern caught.
        index % 2 === 1 ? <RequestLink key={`${index} ${piece}`} id={piece} choose={choose} /> : piece,
      )}
    </>
  );
}

/** The id as a button, shortened: the whole one is its title. */
export function RequestLink({ id, choose }: { id: string; choose: Choose }) {
  return (
    <button type="button" class="plain id" title={id} onClick={() => choose(id, 'show')}>
      {id.length > SHOWN + 2 ? `${id.slice(0, SHOWN)}…` : id}
    </button>
  );
}
