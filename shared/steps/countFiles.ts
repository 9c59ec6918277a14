/** What a dry run says of image files: how many would be removed, left for a sweep, or kept. */
import { createHash } from 'node:crypto';
import { eachImageFile, wouldGo } from './imageFiles';
import { commandInput, type StepContext } from './step';

/** Counts each file once, anew each time. */
export async function countFiles(context: StepContext): Promise<void> {
  const { counts } = context.record;
  const { imageFiles: wish = 'keep' } = commandInput(context.record);
  if (wish === 'keep') return;
  const going = wish === 'removeUnlessUsed' ? 'imageFilesPending' : 'imageFilesRemoved';
  let [go, stay] = [0, 0];
  const seen = new Set<number>();
  for await (const file of eachImageFile(context)) {
    const mark = markOf(file.uri);
    if (seen.has(mark)) continue;
    seen.add(mark);
    if (wouldGo(file)) go += 1;
    else stay += 1;
  }
  Object.assign(counts, { [going]: go, imageFilesKept: stay });
}

/** 48 bits of a hash instead of the URI, since there may be a million: none of a million collides, but for one in 500 times. */
function markOf(uri: string): number {
  return createHash('md5').update(uri).digest().readUIntBE(0, 6);
}
