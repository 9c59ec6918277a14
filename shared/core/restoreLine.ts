/** Which images of a snapshot an import can make, and with which line. Pure. */
import { checkFields, type Fields } from './csv/fields';
import { normalisedLine } from './csv/normalise';
import { LINE_CHARACTERS } from './csv/readLine';
import { holdMs, type SlotView } from './mergePolicy';
import { isProductCategory } from './productCategory';
import type { SnapshotImage, SnapshotProduct } from './snapshot';

/**
 * The line that makes exactly this image, in the first of the product's sets; null where no line can. What a line cannot
 * carry of the product is left blank: it is compared and updated after the import. How a quote or a line end would be
 * written is documented nowhere (csv-format), so a field that has one is not imported.
 */
export function importLine({ product, productSetIds }: SnapshotProduct, image: SnapshotImage): string | null {
  const [productSetId] = productSetIds;
  const boundingPoly = polygonText(image.boundingPolys);
  if (productSetId === undefined || boundingPoly === null || !isProductCategory(product.productCategory)) return null;
  const ids = [image.uri, image.id, productSetId, product.id, product.productCategory] as const;
  const lines: Fields[] = [
    [...ids, nameText(product.displayName), labelsText(product), boundingPoly],
    [...ids, '', '', boundingPoly],
  ];
  return lines.map(lineOf).find((line) => line !== null) ?? null;
}

/** No polygon, or one in pixels. Normalised numbers are of 32 bits, and a CSV has them as text: they are made by call. */
function polygonText(polys: SnapshotImage['boundingPolys']): string | null {
  const [first, ...others] = polys;
  if (first === undefined) return '';
  if (others.length > 0 || first.normalizedVertices.length > 0 || first.vertices.length < 2) return null;
  return first.vertices.map(({ x, y }) => `${x},${y}`).join(',');
}

/** An import gives a product without a name the name " " (product_search_service.proto). */
function nameText(displayName: string): string {
  return displayName !== ' ' && isCarried(5, displayName) ? displayName : '';
}

/** A label of which a part holds `=` or `,` would be read as another one, or as two. */
function labelsText({ productLabels }: SnapshotProduct['product']): string {
  const text = productLabels.map(({ key, value }) => `${key}=${value}`).join(',');
  const isPlain = productLabels.every(({ key, value }) => !/[=,]/.test(key) && !/[=,]/.test(value));
  return isPlain && isCarried(6, text) ? text : '';
}

const SAMPLE: Fields = ['gs://bkt/1', 'i', 's', 'p', 'general-v1', '', '', ''];

/** Whether the text comes through as it is in that column, from 0. */
function isCarried(column: number, text: string): boolean {
  const fields = SAMPLE.map((field, index) => (index === column ? text : field)) as unknown as Fields;
  return lineOf(fields) !== null;
}

function lineOf(fields: Fields): string | null {
  if (fields.some((field) => /["\p{Cc}\p{Surrogate}]/u.test(field))) return null;
  const { image, problems } = checkFields(fields);
  const isSame = Object.values(image).every((value, index) => value === fields[index]);
  const line = normalisedLine(image, image.imageId);
  return problems.length === 0 && isSame && image.imageId !== '' && line.length <= LINE_CHARACTERS ? line : null;
}

/**
 * Whether a restore should use imports, a slot for 20,000 lines: only where that saves minutes of the quota of reference
 * images, and only while slots are so plentiful that no dropped file is held back for want of one.
 */
export function isWorthImporting(lines: number, least: number, slots: SlotView): boolean {
  if (lines < least) return false;
  const { limit, reserve, used, importLines } = slots;
  const open = Math.max(1, limit - reserve);
  const left = open - used - Math.ceil(lines / importLines);
  return left >= 0 && holdMs(left, open) === 0;
}
