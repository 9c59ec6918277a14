/** The story of one request: what was asked, what happened when, every problem, every operation. */
import { useEffect, useState } from 'preact/hooks';
import { stepWords } from '../../../shared/console/words';
import type { RequestRecord } from '../../../shared/core/request';
import { consoleUrl } from './address';
import { Duration, TimeOfDay } from './clock';
import { fetchJson } from './feed';
import { Problems } from './problems';

interface Props {
  id: string;
  /** Changes when the record does; it is then read again. */
  version: string;
  close(): void;
}

function useRecord(id: string, version: string) {
  const [state, setState] = useState<{ record?: RequestRecord; error?: string }>({});
  useEffect(() => {
    const controller = new AbortController();
    fetchJson<RequestRecord>(`api/requests/${encodeURIComponent(id)}`, controller.signal)
      .then((record) => setState({ record }))
      .catch((error: unknown) => {
        if (controller.signal.aborted) return;
        const message = error instanceof Error ? error.message : String(error);
        setState((before) => ({ ...before, error: message }));
      });
    return () => controller.abort();
  }, [id, version]);
  return state;
}

export function RequestDetail({ id, version, close }: Props) {
  const { record, error } = useRecord(id, version);
  return (
    <div class="detail">
      <p class="ids">
        <code>{id}</code>
        <a href={consoleUrl(`api/requests/${encodeURIComponent(id)}`)}>whole record</a>
        <button type="button" class="small" onClick={close}>
          Close
        </button>
      </p>
      {error !== undefined && <p class="fault">{error}</p>}
      {record !== undefined && <Story record={record} />}
    </div>
  );
}

function Story({ record }: { record: RequestRecord }) {
  return (
    <>
      {record.reason !== undefined && <p>Reason: {record.reason}</p>}
      <Problems record={record} />
      <div class="columns">
        <div>
          <h3>What happened</h3>
          <ol class="history">
            {record.history.map((entry, index) => (
              <li key={index}>
                <TimeOfDay at={entry.at} />
                <span>{entry.what}</span>
              </li>
            ))}
          </ol>
        </div>
        <div>
          <h3>Steps</h3>
          <ol class="steps">
            {record.plan.map((planned, index) => (
              <li key={planned.step} class={stepClass(record, index)}>
                {stepWords(planned.step)}
              </li>
            ))}
          </ol>
          <Operations record={record} />
          <Asked record={record} />
        </div>
      </div>
    </>
  );
}

/** Of an ended request it is not known here which steps were skipped, so none is marked. */
function stepClass(record: RequestRecord, index: number): string | undefined {
  if (record.state === 'ended') return undefined;
  if (index < record.at) return 'done';
  return index === record.at ? 'current' : 'ahead';
}

function Operations({ record }: { record: RequestRecord }) {
  if (record.operations.length === 0) return null;
  return (
    <>
      <h3>Operations</h3>
      <ul>
        {record.operations.map((operation) => (
          <li key={operation.name}>
            <code title={operation.name}>{operation.name.slice(operation.name.lastIndexOf('/') + 1)}</code>{' '}
            {operation.state.toLowerCase()}
            {operation.submitTime !== undefined && (
              <>
                , <Duration from={operation.submitTime} to={operation.endTime} />
              </>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

const ASKED_TITLES: Record<RequestRecord['source']['from'], string> = {
  intake: 'Dropped file',
  message: 'Command',
  merge: 'Files that go together',
};

function askedOf(source: RequestRecord['source']): unknown {
  if (source.from === 'intake') return source.file;
  if (source.from === 'merge') return source.members ?? source.candidates;
  return { messageId: source.messageId, ...source.input };
}

function Asked({ record: { source } }: { record: RequestRecord }) {
  return (
    <>
      <h3>{ASKED_TITLES[source.from]}</h3>
      <pre>{JSON.stringify(askedOf(source), null, 1)}</pre>
    </>
  );
}
