/**
 * Imports the parts of a checked file, one operation each, and keeps every part's statuses in the staging folder. A file
 * that has joined a merged import waits for its share of the result instead. Lines that failed for a passing reason are
 * imported once more, as a last part, when the policy of import slots has room.
 */
import { note } from '../core/request';
import type { Operation } from '../ports';
import { follow, recordOperation } from './operation';
import { appendRepeatedLines } from './repeatLines';
import { type PartResult, readStaged, resultFile } from './stagedImport';
import { type ImportCursor, startImport, startImportAgain } from './startImport';
import { DONE, type Step, type StepContext, type StepResult, timeText } from './step';

export const runImport: Step = async (context, saved) => {
  const { record } = context;
  const file = record.facts.file;
  if (file === undefined) return DONE;
  let cursor: ImportCursor = (saved as ImportCursor | undefined) ?? { part: file.nextPart };
  while (cursor.part < file.parts.length) {
    const result =
      record.facts.merged === undefined ? await runPart(context, cursor) : await takeShare(context, cursor);
    if (result !== null) return result;
    cursor = { part: cursor.part + 1 };
    file.nextPart = cursor.part;
    record.intent = undefined;
    record.facts.merged = undefined;
    await context.checkpoint(cursor);
    if (context.outOfTime()) return { kind: 'more', cursor };
  }
  if (record.request === 'importProductSets' && (await appendRepeatedLines(context))) {
    return { kind: 'again', from: 'claim' };
  }
  return DONE;
};

/** null when the part has ended, whatever its outcome. */
async function runPart(context: StepContext, cursor: ImportCursor): Promise<StepResult | null> {
  const { intent } = context.record;
  if (intent === undefined) return startImport(context, cursor);
  if (intent.operation === undefined) return startImportAgain(context, cursor);
  const followed = await follow(context, intent.operation, cursor);
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

/** A member looks by itself after this long, in case nobody wakes it. */
const SHARE_LOOK_MS = 10 * 60_000;

/** The merged import writes the member's share under the name that the member's own result would have. */
async function takeShare(context: StepContext, cursor: ImportCursor): Promise<StepResult | null> {
  const { record, ports } = context;
  const share = await readStaged<PartResult>(context, resultFile(context, cursor.part));
  if (share === null) {
    const detail = `This file is imported together with others by ${record.facts.merged?.batchId}`;
    return { kind: 'wait', waiting: { for: 'batch', detail }, dueAt: ports.clock.now() + SHARE_LOOK_MS, cursor };
  }
  if (share.operation !== undefined) recordOperation(record, share.operation);
  note(record, timeText(context), `${record.facts.merged?.batchId} has imported the lines of this file`);
  return null;
}
