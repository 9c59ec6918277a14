/**
 * Deletes one reference image, or one product with its images. Safe to repeat: what is gone counts as already absent;
 * where image files are to go, what was seen is written down before the delete and a repeat counts from that.
 */
import type { Facts, ImageFile } from '../core/request';
import type { ReferenceImage } from '../ports';
import { filesOf, imagesOf } from './imageFiles';
import { waitForPurgeOf } from './purgeInTheWay';
import { commandInput, DONE, type Step, type StepContext } from './step';

export const deleteOne: Step = async (context) => {
  const { record } = context;
  const { productId = '', referenceImageId, imageFiles = 'keep' } = commandInput(record);
  const seen = record.facts.one ?? (await look(context, productId, referenceImageId, imageFiles !== 'keep'));
  if (seen === null) return absent(context);
  record.facts.one = seen;
  if (record.dryRun) return counted(context, seen, referenceImageId);
  const inTheWay = await waitForPurgeOf(context, new Set([productId]));
  if (inTheWay !== null) {
    // The purge may take it: then it is not this request that has deleted it.
    if (seen.tried !== true) record.facts.one = undefined;
    return inTheWay;
  }
  seen.tried = true;
  if (imageFiles !== 'keep') await context.checkpoint();
  const search = context.ports.productSearch;
  const deleted =
    referenceImageId === undefined
      ? await search.deleteProduct(record.location, productId)
      : await search.deleteReferenceImage(record.location, productId, referenceImageId);
  context.ports.log.write('INFO', 'deleted', { productId, referenceImageId, deleted });
  return counted(context, seen, referenceImageId);
};

function absent({ record }: StepContext) {
  record.counts.alreadyAbsent = 1;
  return DONE;
}

function counted({ record }: StepContext, seen: NonNullable<Facts['one']>, referenceImageId: string | undefined) {
  record.counts.products = referenceImageId === undefined ? 1 : 0;
  record.counts.referenceImages = seen.referenceImages;
  return DONE;
}

async function look(
  context: StepContext,
  productId: string,
  referenceImageId: string | undefined,
  wantsFiles: boolean,
): Promise<NonNullable<Facts['one']> | null> {
  const images = await imagesToGo(context, productId, referenceImageId);
  if (images === null) return null;
  const files = wantsFiles ? await filesOf(context, productId, images) : [];
  if (context.record.dryRun && referenceImageId !== undefined) await markUsed(context, referenceImageId, files);
  return { referenceImages: images.length, files };
}

/** A dry run has to look now at what removeImageFiles looks at once the image is gone; a sweep asks who uses it anyway. */
async function markUsed(context: StepContext, referenceImageId: string, files: ImageFile[]): Promise<void> {
  if (commandInput(context.record).imageFiles !== 'removeUnlessUsedByProduct') return;
  for (const file of files) {
    const images = (await imagesOf(context, file.productId)) ?? [];
    if (images.some(({ id, uri }) => id !== referenceImageId && uri === file.uri)) file.used = true;
  }
}

async function imagesToGo(
  context: StepContext,
  productId: string,
  referenceImageId: string | undefined,
): Promise<ReferenceImage[] | null> {
  if (referenceImageId === undefined) return imagesOf(context, productId);
  const { record, ports } = context;
  const image = await ports.productSearch.getReferenceImage(record.location, productId, referenceImageId);
  return image === null ? null : [image];
}
