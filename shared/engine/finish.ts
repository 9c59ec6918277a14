/** The end of a request: journaled, published, closed, in that order; each part may be repeated after a crash. */
import type { Config } from '../config';
import { terminalEvent } from '../core/event';
import { type Counts, note, type Outcome, type RequestRecord } from '../core/request';
import { announce } from '../ledger/journal';
import { createRecords } from '../ledger/records';
import { createReservations } from '../ledger/reservations';
import type { Ports } from '../ports';
import type { Ownership } from './ownership';

type ToldEnd = Pick<RequestRecord, 'files' | 'operations' | 'problems'> & {
  outcome: Outcome;
  counts: Counts;
  endedAt: string;
  planId?: string;
};

/** Ends the request. Where a terminal event is journaled already, that one holds, and the record says what it says. */
export async function finish(ownership: Ownership, { ports, config }: { ports: Ports; config: Config }): Promise<void> {
  const { record } = ownership;
  const endedAt = new Date(ports.clock.now()).toISOString();
  record.outcome ??= 'succeeded';
  if (mayStillRun(record)) await keepClaim(record, { ports, config });
  if (record.request === 'mergedImport') return closeSilently(ownership, { ports, config });
  const ours = terminalEvent(record, config.projectId, endedAt);
  const event = await announce(ports, config, ours, record.acceptedAt);
  const data = event.data as ToldEnd;
  note(record, endedAt, `ended: ${data.outcome}`);
  const records = createRecords(ports, config.stateBucket);
  const { lease: _lease, waiting: _waiting, dueAt: _dueAt, cursor: _cursor, ...rest } = record;
  await records.close({
    ...rest,
    state: 'ended',
    outcome: data.outcome,
    counts: data.counts,
    // A record that is older than what was announced lacks what the owner that died had found out.
    ...(event === ours ? {} : { files: data.files, operations: data.operations, problems: data.problems }),
    // A command that carries out a plan tells of it as well, but has made none.
    ...(record.dryRun && { planId: data.planId }),
    endedAt: data.endedAt,
    event,
  });
  await ownership.removeOpen();
  const operationName = record.operations.at(-1)?.name;
  ports.log.write('INFO', 'request ended', { outcome: data.outcome, counts: data.counts, operationName });
}

/** As BatchOperationMetadata.State says it. */
const ENDED: ReadonlySet<string> = new Set(['SUCCESSFUL', 'FAILED', 'CANCELLED']);

/** Whether an operation of which nothing more is heard may be running when the request ends. */
function mayStillRun({ intent, operations, facts }: RequestRecord): boolean {
  const isUnanswered = intent !== undefined && intent.operation === undefined;
  const isUnended = operations.some(({ state, endTime }) => !ENDED.has(state) && endTime === undefined);
  return isUnanswered || isUnended || facts.startRepeated === true || facts.startLost === true;
}

/** Nobody else comes near it for a while. */
async function keepClaim({ location, id }: RequestRecord, { ports, config }: { ports: Ports; config: Config }) {
  const keptUntil = new Date(ports.clock.now() + config.startSettleMs).toISOString();
  await createReservations(ports, config).change(location, id, { keptUntil });
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
