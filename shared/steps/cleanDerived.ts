/**
 * Cleans at Cloudinary what belongs to the image files that this request has removed, 100 a call. Goes on from its
 * cursor. Safe to repeat: what is gone has nothing derived any more.
 */
import { IDS_PER_CALL } from '../core/derivedDeletion';
import type { PageCursor } from '../core/derivedProblems';
import { takePage, warningsOf } from './derivedPages';
import { targetOfFiles } from './derivedTarget';
import { handledChunks } from './handledChunks';
import { type HandledFile, handledFile } from './imageFiles';
import { readStaged } from './stagedImport';
import { commandInput, DONE, end, type Step, type StepContext, type StepResult } from './step';
import { sweptFiles } from './sweptFiles';

interface Cursor extends PageCursor {
  chunk: number;
  /** First of the chunk's ids that is not done. */
  at: number;
}

export const cleanDerived: Step = async (context, saved) => {
  const { record } = context;
  const cursor: Cursor = { page: 0, lost: 0, chunk: 0, at: 0, ...(saved as Cursor | undefined) };
  for (const chunks = handledChunks(record); cursor.chunk < chunks; cursor.chunk += 1, cursor.at = 0) {
    const left = await cleanChunk(context, cursor);
    if (left !== null) return left;
  }
  return conclude(context, cursor);
};

/** null where the chunk is done. */
async function cleanChunk(context: StepContext, cursor: Cursor): Promise<StepResult | null> {
  const { keepOriginal = true, invalidate = false } = commandInput(context.record).derived ?? {};
  const { publicIds, ...target } = await removedResources(context, cursor.chunk);
  while (cursor.at < publicIds.length) {
    if (cursor.begun !== true) await context.checkpoint({ ...cursor, begun: true });
    const select = { publicIds: publicIds.slice(cursor.at, cursor.at + IDS_PER_CALL) };
    const taken = await takePage(context, cursor, { ...target, select, keepOriginal, invalidate });
    if (taken.kind === 'wait') return { ...taken.result, cursor };
    cursor.page += 1;
    cursor.at += IDS_PER_CALL;
    // The page is counted: a fault that comes next is written with the count, and must not lead back to the page.
    context.record.cursor = { ...cursor };
    if (context.outOfTime()) return { kind: 'more', cursor };
  }
  return null;
}

async function removedResources(context: StepContext, chunk: number) {
  const handled = await handledFiles(context, chunk);
  const removed = handled.filter((file) => file.removed).map((file) => file.uri);
  const { resourceType, type, select } = targetOfFiles(context, removed);
  return { resourceType, type, publicIds: 'publicIds' in select ? select.publicIds : [] };
}

async function handledFiles(context: StepContext, chunk: number): Promise<HandledFile[]> {
  if (context.record.request === 'sweepImageFiles') return sweptFiles(context, chunk);
  return (await readStaged<HandledFile[]>(context, handledFile(context, chunk))) ?? [];
}

/** A resource that was never there is nothing to tell of: not every image file is served by Cloudinary. */
function conclude(context: StepContext, cursor: Cursor): StepResult {
  const { counts, problems } = context.record;
  const wantsInvalidation = commandInput(context.record).derived?.invalidate === true;
  problems.push(...warningsOf(context, cursor.lost, wantsInvalidation));
  return (counts.failed ?? 0) > 0 ? end('partial') : DONE;
}
