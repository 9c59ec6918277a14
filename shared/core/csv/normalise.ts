/** The line that is imported instead of the one that was dropped. Pure. */
import { createHash } from 'node:crypto';
import type { ImageLine } from './fields';
import { csvRow } from './writeCsv';

/**
 * The line with its eight columns (seven commas, also after a blank last column), quoted only where needed. Reading it
 * again gives the same line.
 */
export function normalisedLine(image: ImageLine): string {
  return csvRow([
    image.imageUri,
    image.imageId,
    image.productSetId,
    image.productId,
    image.productCategory,
    image.displayName,
    image.labels,
    image.boundingPoly,
  ]);
}

/**
 * The id of an image that was given none: `auto-` and the first 32 hex digits of the SHA-256 over the UTF-8 of the JSON
 * array `[product-id, image-uri, normalised bounding-poly]` without blanks, as JSON.stringify writes it. The same image
 * of the same product gets the same id in every import, in whatever product set.
 */
export function assignedImageId(image: Pick<ImageLine, 'productId' | 'imageUri' | 'boundingPoly'>): string {
  const preimage = JSON.stringify([image.productId, image.imageUri, image.boundingPoly]);
  return `auto-${createHash('sha256').update(preimage).digest('hex').slice(0, 32)}`;
}
