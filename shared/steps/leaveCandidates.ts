/**
 * Leaves the image files of references that are gone for the next sweep, which alone can tell whether anything uses them.
 * Safe to repeat: the same list under the same name; a file that a sweep has settled meanwhile is settled once more.
 */
import type { ImageFile } from '../core/request';
import { OUTSIDE } from './candidates';
import type { HandledFile } from './imageFiles';
import type { StepContext } from './step';
import { type LeftFile, leftFiles, writeJson } from './sweepFiles';

/** Writes one list for the files of one survey file, and says of each what becomes of it. */
export async function leaveCandidates(context: StepContext, chunk: number, files: ImageFile[]): Promise<HandledFile[]> {
  const once = [...new Map(files.map((file) => [file.uri, file])).values()];
  const left = once.flatMap(({ uri, generation, productId, removable }): LeftFile[] =>
    removable && generation !== null ? [{ uri, generation, productId, requestId: context.record.id }] : [],
  );
  if (left.length > 0) await writeJson(context, leftFiles(context, chunk), left);
  return once.map(({ uri, generation, productId, removable }) => {
    const base = { uri, productId, removed: false };
    if (!removable) return { ...base, reason: OUTSIDE };
    if (generation === null) return { ...base, reason: 'was not there before the delete' };
    return { ...base, reason: 'left for the next sweep', again: true };
  });
}
