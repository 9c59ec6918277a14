/**
 * Reads the reference images of every surveyed product: the snapshot, the image files that may go, the counts. Goes on
 * from the survey file that its cursor names; a file that is read again is written again under the same name.
 */
import type { ImageFile } from '../core/request';
import { mapAtOnce } from './atOnce';
import { type GatheredProduct, gatheredProduct, writeGathered } from './gatheredFiles';
import { filesFile, filesOf, imagesOf } from './imageFiles';
import { type SnapshotProduct, writeSnapshotPart } from './snapshot';
import { writeSnapshotIndex } from './snapshotIndex';
import { commandInput, DONE, type Step, type StepContext } from './step';
import { readSurvey, type SurveyedProduct, surveyChunks } from './surveyFiles';
import { wantsSnapshot } from './wantsSnapshot';

interface Cursor {
  chunk: number;
}

export const gatherImages: Step = async (context, saved) => {
  const { record } = context;
  const cursor: Cursor = (saved as Cursor | undefined) ?? { chunk: record.facts.gathered ?? 0 };
  const chunks = surveyChunks(record);
  const total = (record.facts.survey?.products ?? 0) + (record.facts.survey?.stay ?? 0);
  while (cursor.chunk < chunks) {
    const gathered = await gatherChunk(context, cursor.chunk);
    const going = gathered.filter((product) => product.stays !== true);
    const referenceImages = going.reduce((sum, product) => sum + product.referenceImages, 0);
    record.counts.referenceImages = (record.counts.referenceImages ?? 0) + referenceImages;
    cursor.chunk += 1;
    record.facts.gathered = cursor.chunk;
    if (context.outOfTime()) return { kind: 'more', cursor };
    if (chunks > 1) await context.checkpoint(cursor);
  }
  if (wantsSnapshot(record)) record.files.snapshot = await writeSnapshotIndex(context, total);
  return DONE;
};

async function gatherChunk(context: StepContext, chunk: number): Promise<GatheredProduct[]> {
  const { record } = context;
  const wantsFiles = (commandInput(record).imageFiles ?? 'keep') !== 'keep';
  const { products = 0, stay = 0 } = record.facts.survey ?? {};
  let done = chunk === 0 ? 0 : (record.progress?.done ?? 0);
  const all = await mapAtOnce(await readSurvey(context, chunk), async (surveyed) => {
    const referenceImages = (await imagesOf(context, surveyed.product.id)) ?? [];
    const files =
      wantsFiles && surveyed.stays !== true ? await filesOf(context, surveyed.product.id, referenceImages) : [];
    done += 1;
    context.progress('products read', done, products + stay);
    return { product: withImages(surveyed, referenceImages), files };
  });
  if (wantsFiles) {
    const files: ImageFile[] = all.flatMap((one) => one.files);
    await context.ports.objects.write(filesFile(context, chunk), JSON.stringify(files), {
      contentType: 'application/json',
    });
  }
  const snapshotted = all.map((one) => one.product);
  const part = wantsSnapshot(record) ? await writeSnapshotPart(context, chunk, snapshotted) : null;
  const gathered = snapshotted.map(gatheredProduct);
  await writeGathered(context, chunk, { part, products: gathered });
  return gathered;
}

function withImages(
  { product, productSetIds, stays }: SurveyedProduct,
  referenceImages: SnapshotProduct['referenceImages'],
): SnapshotProduct {
  return { product, productSetIds, referenceImages, ...(stays === true && { stays }) };
}
