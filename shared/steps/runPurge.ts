/**
 * Purges what was surveyed and snapshotted. The call is not idempotent: the targets are listed again, then intent, call,
 * name. An intent without a name means that the outcome of the call is unknown; the purge is repeated only if a new
 * listing holds nothing that the snapshot lacks. What was purged is counted by listing, not from the operation's word.
 */
import { faultClassOf } from '../core/errors';
import { note } from '../core/request';
import { createReservations } from '../ledger/reservations';
import { follow, recordOperation, waitForOperation } from './operation';
import { commandInput, DONE, end, type Step, type StepContext, type StepResult, timeText } from './step';
import { surveyedIds, targetsNow } from './survey';

interface Cursor {
  misses?: number;
  firstMissAt?: string;
}

/** A set that another program keeps filling is not chased for ever. */
const MOST_SURVEYS = 3;

export const runPurge: Step = async (context, saved) => {
  const { record } = context;
  if (record.facts.survey?.products === 0) return DONE;
  if (record.intent === undefined) return firstStart(context);
  if (record.intent.operation === undefined) return startAfterUnknown(context);
  const followed = await follow(context, record.intent.operation, (saved as Cursor | undefined) ?? {});
  if (followed.kind === 'wait') return followed.result;
  if (followed.kind === 'done') return verify(context, followed.operation.error?.message);
  return verify(context, 'the service does not know the operation any more', { mayStillRun: true });
};

async function firstStart(context: StepContext): Promise<StepResult> {
  const { record } = context;
  const added = await addedSinceSurvey(context);
  if (added.length === 0) return start(context);
  record.facts.surveysRepeated = (record.facts.surveysRepeated ?? 0) + 1;
  if (record.facts.surveysRepeated >= MOST_SURVEYS) return end('failed', drifted(added));
  return { kind: 'again', from: 'surveyProducts' };
}

async function startAfterUnknown(context: StepContext): Promise<StepResult> {
  const { record, ports, config } = context;
  const added = await addedSinceSurvey(context);
  if (added.length > 0) return end('failed', drifted(added));
  const { products } = await targetsNow(context);
  if (products.size === 0) return verify(context, undefined);
  note(record, timeText(context), 'no answer to the start of the purge; started again');
  record.facts.startRepeated = true;
  const keptUntil = new Date(ports.clock.now() + config.startSettleMs).toISOString();
  await createReservations(ports, config).change(record.location, record.id, { keptUntil });
  return start(context);
}

async function addedSinceSurvey(context: StepContext): Promise<string[]> {
  const known = await surveyedIds(context);
  const { products } = await targetsNow(context);
  return [...products.keys()].filter((id) => !known.has(id));
}

function drifted(added: string[]) {
  const sample = added.slice(0, 10).join(', ');
  return {
    code: 'plan-drifted',
    message: `${added.length} products came in from elsewhere after the snapshot was taken: ${sample}; nothing more was purged`,
  };
}

async function start(context: StepContext): Promise<StepResult> {
  const { record, ports, config } = context;
  const { productSetId } = commandInput(record);
  const repeated = record.intent !== undefined;
  const purging = productSetId === undefined ? 'orphans' : 'set';
  await createReservations(ports, config).change(record.location, record.id, { purging });
  record.intent = { call: 'purgeProducts', at: timeText(context), part: 0 };
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

/** Counts what is gone. Google does not say how many products a purge took. */
async function verify(
  context: StepContext,
  failure: string | undefined,
  { mayStillRun = context.record.facts.startRepeated === true } = {},
): Promise<StepResult> {
  const { record, ports, config } = context;
  const known = await surveyedIds(context);
  const { products } = await targetsNow(context);
  const left = [...known].filter((id) => products.has(id));
  record.counts.products = known.size - left.length;
  record.counts.failed = left.length;
  // A purge that got lost, or the first of one that was started twice, may still be running for a while.
  const keptUntil = new Date(ports.clock.now() + config.startSettleMs).toISOString();
  const change = { purging: undefined, ...(mayStillRun && { keptUntil }) };
  await createReservations(ports, config).change(record.location, record.id, change);
  if (left.length === 0) return DONE;
  const state = record.operations.at(-1)?.state ?? 'unknown';
  const why = failure === undefined ? `the operation ended as ${state}` : failure;
  const message = `${left.length} of ${known.size} products are still there after the purge: ${left.slice(0, 10).join(', ')}; ${why}`;
  return end(left.length === known.size ? 'failed' : 'partial', { code: 'purge-incomplete', message });
}
