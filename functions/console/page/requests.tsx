/** The table of requests; a row opens to the story of its request. */
import { useState } from 'preact/hooks';
import type { Overview } from '../../../shared/console/overview';
import type { Choose } from './chosenRequest';
import { RequestDetail } from './requestDetail';
import { RequestLine } from './requestLine';

interface Props {
  part: Overview['requests'];
  chosen: string | null;
  choose: Choose;
}

export function Requests({ part, chosen, choose }: Props) {
  return (
    <section id="requests" aria-labelledby="requests-title">
      <h2 id="requests-title">Requests</h2>
      {part.value === undefined ? (
        <p class="fault" role="alert">
          {part.error}
        </p>
      ) : (
        <Table value={part.value} chosen={chosen} choose={choose} />
      )}
    </section>
  );
}

/** Ended requests beyond these are shown on demand, so that the rest of the page stays in sight. */
const FEW = 15;

interface TableProps {
  value: NonNullable<Overview['requests']['value']>;
  chosen: string | null;
  choose: Choose;
}

function Table({ value: { rows, notes }, chosen, choose }: TableProps) {
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? rows : rows.filter((row, index) => row.state !== 'ended' || index < FEW || row.id === chosen);
  const isListed = chosen === null || rows.some((row) => row.id === chosen);
  return (
    <>
      {!isListed && (
        <div class="elsewhere">
          <RequestDetail id={chosen} version="" close={() => choose(null)} />
        </div>
      )}
      {rows.length === 0 ? (
        <p class="quiet">No request yet. Drop a CSV or publish a command: it appears here within two seconds.</p>
      ) : (
        <table class="requests cards">
          <Head />
          <tbody>
            {shown.map((row) => (
              <RequestLine key={row.id} row={row} isOpen={row.id === chosen} choose={choose} />
            ))}
          </tbody>
        </table>
      )}
      {shown.length < rows.length && (
        <button type="button" class="small more" onClick={() => setWhole(true)}>
          Show {rows.length - shown.length} more
        </button>
      )}
      {notes.map((note) => (
        <p class="quiet" key={note}>
          {note}.
        </p>
      ))}
    </>
  );
}

function Head() {
  return (
    <thead>
      <tr>
        <th scope="col">State</th>
        <th scope="col">Request</th>
        <th scope="col">What happens</th>
        <th scope="col">Location</th>
        <th scope="col" class="right">
          Accepted
        </th>
        <th scope="col" class="right">
          Took
        </th>
        <th scope="col">Files</th>
      </tr>
    </thead>
  );
}
