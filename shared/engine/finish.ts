/** The end of a request: journaled, published, closed, in that order; each part may be repeated after a crash. */
import type { Config } from '../config';
import { terminalEvent } from '../core/event';
import { note, type Outcome, type RequestRecord } from '../core/request';
import { announce } from '../ledger/journal';
import { createRecords } from '../ledger/records';
import type { Ports } from '../ports';
import type { Ownership } from './ownership';

/** Ends the request. Where a terminal event is journaled already, that one holds, and the record says what it says. */
export async function finish(ownership: Ownership, { ports, config }: { ports: Ports; config: Config }): Promise<void> {
  const { record } = ownership;
  const endedAt = new Date(ports.clock.now()).toISOString();
  record.outcome ??= 'succeeded';
  if (record.request === 'mergedImport') return closeSilently(ownership, { ports, config });
  const event = await announce(ports, config, terminalEvent(record, config.projectId, endedAt), record.acceptedAt);
  const data = event.data as Pick<RequestRecord, 'counts' | 'operations' | 'files' | 'problems'> & {
    outcome: Outcome;
    endedAt: string;
  };
  note(record, endedAt, `ended: ${data.outcome}`);
  const records = createRecords(ports, config.stateBucket);
  const { lease: _lease, waiting: _waiting, dueAt: _dueAt, cursor: _cursor, ...rest } = record;
  await records.close({
    ...rest,
    state: 'ended',
    outcome: data.outcome,
    counts: data.counts,
    operations: data.operations,
    files: data.files,
    // The event holds the first of many; where a former owner announced it, they are all that is known.
    problems: record.problems.length > data.problems.length ? record.problems : data.problems,
    endedAt: data.endedAt,
    event,
  });
  await ownership.removeOpen();
  const operationName = record.operations.at(-1)?.name;
  ports.log.write('INFO', 'request ended', { outcome: data.outcome, counts: data.counts, operationName });
}

/** A merged import has no event of its own: each of its files has one. */
async function closeSilently(ownership: Ownership, { ports, config }: { ports: Ports; config: Config }): Promise<void> {
  const { lease: _lease, waiting: _waiting, dueAt: _dueAt, cursor: _cursor, ...rest } = ownership.record;
  const records = createRecords(ports, config.stateBucket);
  await records.close({ ...rest, state: 'ended', endedAt: new Date(ports.clock.now()).toISOString() });
  await ownership.removeOpen();
  ports.log.write('INFO', 'merged import ended', {
    outcome: rest.outcome,
    operationName: rest.operations.at(-1)?.name,
  });
}
