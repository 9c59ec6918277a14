/**
 * Purges what was surveyed and snapshotted. The call is not idempotent: the last look, then intent, call, name. An intent
 * without a name means that the outcome of the call is unknown; the purge is repeated only if a new look finds nothing
 * that the snapshot lacks.
 */
import { faultClassOf } from '../core/errors';
import { note } from '../core/request';
import { createReservations } from '../ledger/reservations';
import { isFresh, LOOK_AGAIN } from './freshness';
import { follow, recordOperation, waitForOperation } from './operation';
import { commandInput, DONE, type Step, type StepContext, type StepResult, timeText } from './step';

interface Cursor {
  misses?: number;
  firstMissAt?: string;
}

export const runPurge: Step = async (context, saved) => {
  const { record } = context;
  if (record.facts.survey?.products === 0) return DONE;
  const { intent } = record;
  if (intent === undefined) return seenSince(context, undefined) === null ? LOOK_AGAIN : start(context);
  if (intent.operation === undefined) return startAfterUnknown(context, intent.at);
  const followed = await follow(context, intent.operation, (saved as Cursor | undefined) ?? {});
  if (followed.kind === 'wait') return followed.result;
  const failure =
    followed.kind === 'lost' ? 'the service does not know the operation any more' : followed.operation.error?.message;
  record.facts.purge = { failure };
  return DONE;
};

/** How many of the surveyed products the last look found, or null where there was no look that is fresh. */
function seenSince(context: StepContext, since: string | undefined): number | null {
  const seen = context.record.facts.relisted?.seen;
  if (seen === undefined || (since !== undefined && seen.at < since)) return null;
  return isFresh(context, seen.at) ? seen.left : null;
}

async function startAfterUnknown(context: StepContext, since: string): Promise<StepResult> {
  const { record } = context;
  const left = seenSince(context, since);
  if (left === null) return LOOK_AGAIN;
  if (left === 0) return DONE;
  note(record, timeText(context), 'no answer to the start of the purge; started again');
  record.facts.startRepeated = true;
  return start(context);
}

async function start(context: StepContext): Promise<StepResult> {
  const { record, ports, config } = context;
  const { productSetId } = commandInput(record);
  const repeated = record.intent !== undefined;
  const purging = productSetId === undefined ? 'orphans' : 'set';
  await createReservations(ports, config).change(record.location, record.id, { purging });
  record.intent = { call: 'purgeProducts', at: timeText(context), part: 0 };
  // The look was before this intent: a start whose answer is lost is looked at anew.
  record.facts.relisted = undefined;
  await context.checkpoint({});
  try {
    const target = productSetId === undefined ? ({ orphans: true } as const) : { productSetId };
    const name = await ports.productSearch.purgeProducts(record.location, target);
    ports.log.write('NOTICE', 'purge started', { operationName: name, productSetId });
    record.intent.operation = name;
    recordOperation(record, { name, state: 'PROCESSING' });
    note(record, timeText(context), `operation ${name} started`);
    return waitForOperation(name, ports.clock.now(), {});
  } catch (error) {
    // A refusal had no effect; a passing fault leaves the intent, since the outcome of the call is unknown.
    if (faultClassOf(error) !== 'transient' && !repeated) {
      record.intent = undefined;
      await context.checkpoint({});
    }
    throw error;
  }
}
