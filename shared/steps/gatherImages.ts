/**
 * Reads the reference images of every surveyed product: the snapshot, the image files that may go, the counts. Goes on
 * from the survey file and the product in it that its cursor names; a file that is read again is written over.
 */
import type { ImageFile } from '../core/request';
import { mapInTime } from './atOnce';
import { type GatheredProduct, gatheredProduct, writeGathered } from './gatheredFiles';
import { filesFile, filesOf, imagesOf } from './imageFiles';
import { type SnapshotProduct, writeSnapshotPart } from './snapshot';
import { writeSnapshotIndex } from './snapshotIndex';
import { readStaged } from './stagedImport';
import { commandInput, DONE, ownFile, type Step, type StepContext } from './step';
import { readSurvey, type SurveyedProduct, surveyChunks } from './surveyFiles';
import { wantsSnapshot } from './wantsSnapshot';

interface Cursor {
  chunk: number;
  /** How many products of that file have been read so far, where an invocation left off within it. */
  read?: number;
}

/** What was read of one product. */
interface Read {
  product: SnapshotProduct;
  files: ImageFile[];
}

export const gatherImages: Step = async (context, saved) => {
  const { record } = context;
  const cursor: Cursor = { chunk: record.facts.gathered ?? 0, ...(saved as Cursor | undefined) };
  const chunks = surveyChunks(record);
  const total = (record.facts.survey?.products ?? 0) + (record.facts.survey?.stay ?? 0);
  while (cursor.chunk < chunks) {
    const read = await readChunk(context, cursor);
    if (read === null) return { kind: 'more', cursor };
    const gathered = await keepChunk(context, cursor.chunk, read);
    const going = gathered.filter((product) => product.stays !== true);
    const referenceImages = going.reduce((sum, product) => sum + product.referenceImages, 0);
    record.counts.referenceImages = (record.counts.referenceImages ?? 0) + referenceImages;
    cursor.chunk += 1;
    cursor.read = undefined;
    record.facts.gathered = cursor.chunk;
    if (context.outOfTime()) return { kind: 'more', cursor };
    if (chunks > 1) await context.checkpoint(cursor);
  }
  if (wantsSnapshot(record)) record.files.snapshot = await writeSnapshotIndex(context, total);
  return DONE;
};

/** JSON: what was read so far of a survey file. */
function readFile(context: Pick<StepContext, 'config' | 'record'>, chunk: number) {
  return ownFile(context, 'staging', `read-${String(chunk + 1).padStart(5, '0')}.json`);
}

/** All products of one survey file; null where the time was used up before its end, with the cursor where it was left. */
async function readChunk(context: StepContext, cursor: Cursor): Promise<Read[] | null> {
  const { record } = context;
  const { products = 0, stay = 0 } = record.facts.survey ?? {};
  const surveyed = await readSurvey(context, cursor.chunk);
  const before =
    cursor.read === undefined ? [] : ((await readStaged<Read[]>(context, readFile(context, cursor.chunk))) ?? []);
  let done = cursor.chunk === 0 && before.length === 0 ? 0 : (record.progress?.done ?? 0);
  const far = await mapInTime(surveyed.slice(before.length), context.outOfTime, async (one) => {
    const read = await readOne(context, one);
    done += 1;
    context.progress('products read', done, products + stay);
    return read;
  });
  const read = [...before, ...far.results];
  if (read.length === surveyed.length) return read;
  if (far.results.length > 0) {
    await context.ports.objects.write(readFile(context, cursor.chunk), JSON.stringify(read), {
      contentType: 'application/json',
    });
    cursor.read = read.length;
    record.cursor = { ...cursor };
  }
  if (far.fault !== undefined) throw far.fault;
  return null;
}

async function readOne(context: StepContext, surveyed: SurveyedProduct): Promise<Read> {
  const { id } = surveyed.product;
  const referenceImages = (await imagesOf(context, id)) ?? [];
  const files = wantsFiles(context) && surveyed.stays !== true ? await filesOf(context, id, referenceImages) : [];
  return { product: withImages(surveyed, referenceImages), files };
}

function wantsFiles({ record }: StepContext): boolean {
  return (commandInput(record).imageFiles ?? 'keep') !== 'keep';
}

async function keepChunk(context: StepContext, chunk: number, all: Read[]): Promise<GatheredProduct[]> {
  if (wantsFiles(context)) {
    const files: ImageFile[] = all.flatMap((one) => one.files);
    await context.ports.objects.write(filesFile(context, chunk), JSON.stringify(files), {
      contentType: 'application/json',
    });
  }
  const snapshotted = all.map((one) => one.product);
  const part = wantsSnapshot(context.record) ? await writeSnapshotPart(context, chunk, snapshotted) : null;
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
