/** How many image files a request has removed, left for a sweep or kept; of a dry run, how many it would. */
import { createHash } from 'node:crypto';
import type { ImageFile } from '../core/request';
import { eachImageFile, type HandledFile, wouldGo } from './imageFiles';
import { commandInput, type StepContext } from './step';

/** What may become of a file, the furthest last. */
const FATES = ['imageFilesKept', 'imageFilesPending', 'imageFilesRemoved'] as const;

/** Counts each file once, anew each time, by the furthest that became of it where several survey files have it. */
export async function countFiles(context: StepContext): Promise<void> {
  if ((commandInput(context.record).imageFiles ?? 'keep') === 'keep') return;
  const fates = new Map<number, number>();
  for await (const file of eachImageFile(context)) {
    const fate = fateOf(context, file);
    if (fate === null) continue;
    const mark = markOf(file.uri);
    fates.set(mark, Math.max(fates.get(mark) ?? 0, FATES.indexOf(fate)));
  }
  const totals = FATES.map(() => 0);
  for (const fate of fates.values()) totals[fate] = (totals[fate] ?? 0) + 1;
  Object.assign(context.record.counts, Object.fromEntries(FATES.map((name, fate) => [name, totals[fate]])));
}

/** null: a request that was cut short has not come to it. */
function fateOf({ record }: StepContext, file: ImageFile | HandledFile): (typeof FATES)[number] | null {
  if (record.dryRun) {
    if (!wouldGo(file)) return 'imageFilesKept';
    return commandInput(record).imageFiles === 'removeUnlessUsed' ? 'imageFilesPending' : 'imageFilesRemoved';
  }
  if ('removable' in file) return null;
  if (file.removed) return 'imageFilesRemoved';
  return file.again === true ? 'imageFilesPending' : 'imageFilesKept';
}

/** 48 bits of a hash instead of the URI, since there may be a million: none of a million collides, but for one in 500 times. */
function markOf(uri: string): number {
  return createHash('md5').update(uri).digest().readUIntBE(0, 6);
}
