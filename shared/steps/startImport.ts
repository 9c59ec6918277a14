/**
 * Starts the import of one part: slot, intent, call, name. The call is not idempotent. A fault that may pass leaves the
 * intent without a name, which means that the outcome of the call is unknown.
 */
import { faultClassOf } from '../core/errors';
import { formatGsUri } from '../core/names';
import { note, type RequestRecord } from '../core/request';
import { createSlots } from '../ledger/slots';
import { waitForSlot } from './claim';
import { recordOperation, waitForOperation } from './operation';
import { stagedPart } from './stagedImport';
import { end, type StepContext, type StepResult, timeText } from './step';

export interface ImportCursor {
  part: number;
  /** This part was started twice: ids that exist by then are this import's own. */
  repeated?: boolean;
  misses?: number;
  firstMissAt?: string;
}

/** Waits for the operation, or for what keeps it from starting; ends where the start is refused for good. */
export async function startImport(context: StepContext, cursor: ImportCursor): Promise<StepResult> {
  const { record, ports, config } = context;
  const slots = createSlots(ports, config);
  const slot = await slots.take(isUrgent(record));
  if (slot === null) {
    const { nextFreeAt } = await slots.view();
    return waitForSlot(Math.max(nextFreeAt, ports.clock.now() + FULL_PAUSE_MS), config.importsPerDay, cursor);
  }
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

/** Starts a part again whose first start had no answer: only where no image can double. */
export async function startImportAgain(context: StepContext, cursor: ImportCursor): Promise<StepResult> {
  const { record } = context;
  if (record.facts.file?.everyLineHasImageId !== true) {
    const message =
      'Whether the import was started is unknown (no answer to the call), and lines without an image id would make ' +
      'second images; all its lines are in retry.csv';
    return end('failed', { code: 'start-unknown', message });
  }
  note(record, timeText(context), `part ${cursor.part + 1}: no answer to the start; started again`);
  record.facts.startRepeated = true;
  return startImport(context, { ...cursor, repeated: true });
}

/** Only urgent files may take a slot of the reserve; where nothing else is left, the others look again after this. */
const FULL_PAUSE_MS = 60_000;

function isUrgent({ source }: RequestRecord): boolean {
  if (source.from === 'intake') return source.file.urgent;
  return source.from === 'merge' && source.urgent;
}

/** What is certain of a start that was refused. */
async function afterFailedStart(
  context: StepContext,
  error: unknown,
  slot: string,
  cursor: ImportCursor,
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
  if (cursor.repeated !== true) {
    return end('failed', { code: 'start-refused', message: `The import was refused: ${message}` });
  }
  const first = 'The first call had no answer, and whether it started the import is unknown';
  return end('failed', { code: 'start-unknown', message: `${first}; the second was refused: ${message}` });
}
