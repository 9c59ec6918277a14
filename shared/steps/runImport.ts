/**
 * Imports the parts of a checked file, one operation each, and keeps every part's statuses in the staging folder.
 * The call is not idempotent: slot, intent, call, name. An intent without a name means that the outcome of the call is
 * unknown; the import is then repeated only if every line has an image id, so that no image can double.
 */
import { faultClassOf } from '../core/errors';
import { formatGsUri } from '../core/names';
import { note } from '../core/request';
import { createReservations } from '../ledger/reservations';
import { createSlots } from '../ledger/slots';
import type { Operation } from '../ports';
import { waitForSlot } from './claim';
import { follow, recordOperation, waitForOperation } from './operation';
import { type PartResult, resultFile, stagedPart } from './stagedImport';
import { DONE, end, type Step, type StepContext, type StepResult, timeText } from './step';

interface Cursor {
  part: number;
  /** This part was started twice: ids that exist by then are this import's own. */
  repeated?: boolean;
  misses?: number;
  firstMissAt?: string;
}

export const runImport: Step = async (context, saved) => {
  const { record } = context;
  let cursor: Cursor = (saved as Cursor | undefined) ?? { part: 0 };
  const parts = record.facts.file?.parts.length ?? 0;
  while (cursor.part < parts) {
    const result = await runPart(context, cursor);
    if (result !== null) return result;
    cursor = { part: cursor.part + 1 };
    record.intent = undefined;
    await context.checkpoint(cursor);
    if (context.outOfTime()) return { kind: 'more', cursor };
  }
  if (record.facts.startRepeated === true) await keepClaim(context);
  return DONE;
};

/** null when the part has ended, whatever its outcome. */
async function runPart(context: StepContext, cursor: Cursor): Promise<StepResult | null> {
  const { intent, facts } = context.record;
  if (intent === undefined) return start(context, cursor);
  if (intent.operation !== undefined) return finishPart(context, intent.operation, cursor);
  if (facts.file?.everyLineHasImageId !== true) {
    const message =
      'Whether the import was started is unknown (no answer to the call), and lines without an image id would make ' +
      'second images; all its lines are in retry.csv';
    return end('failed', { code: 'start-unknown', message });
  }
  note(context.record, timeText(context), `part ${cursor.part + 1}: no answer to the start; started again`);
  facts.startRepeated = true;
  return start(context, { ...cursor, repeated: true });
}

async function start(context: StepContext, cursor: Cursor): Promise<StepResult | null> {
  const { record, ports, config } = context;
  const slots = createSlots(ports, config);
  const slot = await slots.take();
  if (slot === null) return waitForSlot(await slots.nextFreeAt(), config.importsPerDay, cursor);
  record.intent = { call: 'importProductSets', at: timeText(context), part: cursor.part };
  await context.checkpoint(cursor);
  const uri = formatGsUri(stagedPart(context, cursor.part));
  try {
    const name = await ports.productSearch.importProductSets(record.location, uri);
    ports.log.write('NOTICE', 'import started', { operationName: name, csvUri: uri });
    record.intent.operation = name;
    recordOperation(record, { name, state: 'PROCESSING' });
    note(record, timeText(context), `part ${cursor.part + 1}: operation ${name} started`);
    return waitForOperation(name, ports.clock.now(), cursor);
  } catch (error) {
    return afterFailedStart(context, error, slot, cursor);
  }
}

/** What is certain of a start that was refused. A passing fault leaves the intent: the outcome is unknown. */
async function afterFailedStart(
  context: StepContext,
  error: unknown,
  slot: string,
  cursor: Cursor,
): Promise<StepResult> {
  const { record, ports, config } = context;
  const faultClass = faultClassOf(error);
  if (faultClass === 'transient') throw error;
  // A repeated start that was refused says nothing of the first one: its intent must stay.
  if (cursor.repeated !== true) record.intent = undefined;
  if (faultClass === 'exhausted') await createSlots(ports, config).giveBack(slot);
  if (faultClass === 'exhausted' || faultClass === 'busy') {
    await context.checkpoint(cursor);
    throw error;
  }
  const message = error instanceof Error ? error.message : String(error);
  return end('failed', { code: 'start-refused', message: `The import was refused: ${message}` });
}

async function finishPart(context: StepContext, name: string, cursor: Cursor): Promise<StepResult | null> {
  const followed = await follow(context, name, cursor);
  if (followed.kind === 'wait') return followed.result;
  const result = followed.kind === 'lost' ? LOST : resultOf(followed.operation);
  await context.ports.objects.write(
    resultFile(context, cursor.part),
    JSON.stringify({ ...result, ...(cursor.repeated === true && { repeated: true }) }),
    { contentType: 'application/json' },
  );
  return null;
}

const LOST: PartResult = {
  error: {
    code: 'operation-lost',
    message: 'The service does not know the operation any more: outcome unknown',
  },
};

function resultOf(operation: Operation): PartResult {
  if (operation.statuses !== undefined) return { statuses: operation.statuses };
  if (operation.error !== undefined) return { error: { code: 'operation-failed', message: operation.error.message } };
  const message = `The operation ended as ${operation.state} and said nothing of any line`;
  return { error: { code: 'outcome-unknown', message } };
}

/** The lost first start may still be running for a while: purges and set deletes stay out of its way. */
async function keepClaim({ record, ports, config }: StepContext): Promise<void> {
  const keptUntil = new Date(ports.clock.now() + config.startSettleMs).toISOString();
  await createReservations(ports, config).change(record.location, record.id, { keptUntil });
}
