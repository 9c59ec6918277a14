/**
 * Reads the reference images of every surveyed product: the snapshot, the image files that may go, the counts. Goes on
 * from the survey file that its cursor names; a file that is read again is written again under the same name.
 */
import type { ImageFile } from '../core/request';
import { mapAtOnce } from './atOnce';
import { filesFile, filesOf, imagesOf } from './imageFiles';
import { type SnapshotPart, type SnapshotProduct, writeSnapshotIndex, writeSnapshotPart } from './snapshot';
import { commandInput, DONE, type Step, type StepContext } from './step';
import { readSurvey } from './survey';

interface Cursor {
  chunk: number;
  parts: SnapshotPart[];
}

export const gatherImages: Step = async (context, saved) => {
  const { record } = context;
  const cursor: Cursor = (saved as Cursor | undefined) ?? { chunk: 0, parts: [] };
  if (cursor.chunk === 0) record.counts.referenceImages = 0;
  const chunks = record.facts.survey?.chunks ?? 0;
  while (cursor.chunk < chunks) {
    const { referenceImages, part } = await gatherChunk(context, cursor.chunk);
    record.counts.referenceImages = (record.counts.referenceImages ?? 0) + referenceImages;
    cursor.chunk += 1;
    if (part !== null) cursor.parts.push(part);
    if (context.outOfTime()) return { kind: 'more', cursor };
    if (chunks > 1) await context.checkpoint(cursor);
  }
  if (wantsSnapshot(context)) record.files.snapshot = await writeSnapshotIndex(context, cursor.parts);
  return DONE;
};

/** A purge takes a snapshot unless the command refuses it, a bulk delete only where the command asks for it. */
function wantsSnapshot({ record }: StepContext): boolean {
  if (record.dryRun) return false;
  return commandInput(record).snapshot ?? record.kind === 'purge';
}

async function gatherChunk(
  context: StepContext,
  chunk: number,
): Promise<{ referenceImages: number; part: SnapshotPart | null }> {
  const wantsFiles = (commandInput(context.record).imageFiles ?? 'keep') !== 'keep';
  const gathered = await mapAtOnce(await readSurvey(context, chunk), async (surveyed) => {
    const referenceImages = (await imagesOf(context, surveyed.product.id)) ?? [];
    const files = wantsFiles ? await filesOf(context, surveyed.product.id, referenceImages) : [];
    return { product: { ...surveyed, referenceImages } satisfies SnapshotProduct, files };
  });
  if (wantsFiles) {
    const files: ImageFile[] = gathered.flatMap((one) => one.files);
    await context.ports.objects.write(filesFile(context, chunk), JSON.stringify(files), {
      contentType: 'application/json',
    });
  }
  const products = gathered.map((one) => one.product);
  const referenceImages = products.reduce((sum, product) => sum + product.referenceImages.length, 0);
  return { referenceImages, part: wantsSnapshot(context) ? await writeSnapshotPart(context, chunk, products) : null };
}
