/** One request as a row of the table, and its story below it while it is open. */
import type { RequestRow } from '../../../shared/console/requestRow';
import { counted } from '../../../shared/console/words';
import { consoleUrl } from './address';
import { Badge } from './badge';
import type { Choose } from './chosenRequest';
import { Age, Duration } from './clock';
import { RequestDetail } from './requestDetail';
import { RequestLinks } from './requestLinks';

interface Props {
  row: RequestRow;
  isOpen: boolean;
  choose: Choose;
}

const COLUMNS = 7;

export function RequestLine({ row, isOpen, choose }: Props) {
  return (
    <>
      <tr class={isOpen ? 'opened' : undefined}>
        <td class="state">
          <Badge {...row.badge} />
        </td>
        <td class="name wide">
          <Name row={row} isOpen={isOpen} choose={choose} />
        </td>
        <td class="happens wide">
          <Happens row={row} choose={choose} />
        </td>
        <td class="location">{row.location}</td>
        <td class="right age">
          <Age at={row.acceptedAt} />
        </td>
        <td class={`right ${row.state === 'ended' ? 'took' : 'lasts'}`}>
          <Duration from={row.acceptedAt} to={row.endedAt} />
        </td>
        <td class="files wide">
          <FileLinks row={row} />
        </td>
      </tr>
      {isOpen && (
        <tr class="story" id={storyId(row.id)}>
          <td class="wide" colSpan={COLUMNS}>
            <RequestDetail id={row.id} version={row.version} close={() => choose(null)} />
          </td>
        </tr>
      )}
    </>
  );
}

function Name({ row, isOpen, choose }: Props) {
  return (
    <>
      <button
        type="button"
        class="plain"
        aria-expanded={isOpen}
        aria-controls={isOpen ? storyId(row.id) : undefined}
        onClick={() => choose(isOpen ? null : row.id)}
      >
        {row.title}
      </button>
      <span class="what">{row.what}</span>
    </>
  );
}

function storyId(id: string): string {
  return `story-${id}`;
}

function Happens({ row, choose }: { row: RequestRow; choose: Choose }) {
  const isWorth = row.firstProblem !== undefined && (row.badge.tone === 'bad' || row.badge.tone === 'warn');
  return (
    <>
      <span>{row.summary}</span>
      {row.progress !== undefined && <Steps {...row.progress} />}
      {row.waiting !== undefined && row.waiting.for !== 'operation' && (
        <span class="note">
          <RequestLinks text={row.waiting.detail} choose={choose} />
        </span>
      )}
      {isWorth && (
        <span class="note">
          {row.firstProblem?.where !== '' && <b>{row.firstProblem?.where}: </b>}
          {row.firstProblem?.message}
          {row.problems > 1 && <i> (and {counted(row.problems - 1, 'more problem', 'more problems')})</i>}
        </span>
      )}
    </>
  );
}

/** A mark a step: an operation does not say how far it is, so nothing here pretends to. */
function Steps({ step, steps }: { step: number; steps: number }) {
  const text = `step ${step} of ${steps}`;
  return (
    <span class="marks" role="img" aria-label={text} title={text}>
      {Array.from({ length: steps }, (_, index) => (
        <i key={`${index + 1}`} class={index < step ? 'reached' : undefined} />
      ))}
    </span>
  );
}

function FileLinks({ row }: { row: RequestRow }) {
  return (
    <>
      {row.files.map((file) => (
        <a key={file.label} href={consoleUrl(file.href)} download>
          {file.label}
        </a>
      ))}
    </>
  );
}
