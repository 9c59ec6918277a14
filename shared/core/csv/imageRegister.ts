/** What the valid lines of one file have said so far, and what that means for the next one. Pure. */
import { type Problem, shownValue } from '../problem';
import { COLUMNS } from './fields';
import type { ImageDigest } from './imageDigest';
import { createImageTables, type Found } from './imageTables';

export interface KnownImage {
  productSetId: string;
  productId: string;
  /** The id that is imported or would be assigned, never empty. */
  imageId: string;
  /** The digest of all its columns. */
  digest: ImageDigest;
}

export interface ImageRegister {
  /** Why the line cannot stand beside an earlier one, or null. */
  duplicate(image: KnownImage): Problem | null;
  /** What the line says otherwise about its product than the line that defined it, or null. */
  conflict(image: KnownImage): Problem | null;
  /** That the line puts its product into one product set more than it may be in, said once a product; or null. */
  surplusSet(image: KnownImage): Problem | null;
  /** Takes a valid line in. */
  add(image: KnownImage, line: number): void;
  /** Takes the line in, and gives true, where nothing is to be said of it and nothing but its digest to be kept. */
  addPlain(digest: ImageDigest, line: number): boolean;
  totals(): RegisterTotals;
  /** Makes room, at once, for so many times the lines that there are. */
  reserve(times: number): void;
}

export interface RegisterOptions {
  /** A product in more product sets than this is warned of. Default 5: the quota page says 5, product_search.proto 100. */
  maxSetsPerProduct?: number;
  /** A product set with more images than this is warned of. Default 1,000,000 (product_search_service.proto, ProductSearch). */
  maxImagesPerSet?: number;
}

export interface RegisterTotals {
  /** The product sets of the valid lines; the first 10,000 where there are more. */
  productSetIds: ReadonlySet<string>;
  productSetCount: number;
  productCount: number;
  /** Images, each counted once however many product sets it is in. */
  imageCount: number;
  /** The product sets that get more images from this file alone than a set may have. */
  oversizedSets: { productSetId: string; images: number }[];
}

export const MAX_SETS_PER_PRODUCT = 5;
export const MAX_IMAGES_PER_SET = 1_000_000;
const COLLECTED_SETS = 10_000;

/**
 * An image is known by product id and image id. The same image again is legal only in another product set, where it
 * adds the membership; what lines say of a product after its first one, the API ignores.
 */
export function createImageRegister(options: RegisterOptions = {}): ImageRegister {
  const { maxSetsPerProduct = MAX_SETS_PER_PRODUCT, maxImagesPerSet = MAX_IMAGES_PER_SET } = options;
  const tables = createImageTables();
  const productSetIds = new Set<string>();
  const oversized = new Map<number, string>();

  const isSurplus = (found: Found) => found.productSets === maxSetsPerProduct + 1;
  const isOversized = (found: Found) => found.setImages === maxImagesPerSet + 1;
  const isCollected = (found: Found) => found.set >= 0 || productSetIds.size >= COLLECTED_SETS;

  return {
    duplicate: (image) => duplicateProblem(image, tables.look(image.digest)),
    conflict: (image) => conflictWarning(image, tables.look(image.digest)),
    surplusSet: (image) =>
      isSurplus(tables.look(image.digest)) ? surplusSetWarning(image.productId, maxSetsPerProduct) : null,
    add(image, line) {
      const found = tables.look(image.digest);
      if (!isCollected(found)) productSetIds.add(image.productSetId);
      tables.add(image.digest, line);
      if (isOversized(found)) oversized.set(found.set, image.productSetId);
    },
    addPlain(digest, line) {
      const found = tables.look(digest);
      const isKept = !isCollected(found) || isOversized(found);
      if (isKept || isDuplicate(found) || isConflict(found) || isSurplus(found)) return false;
      tables.add(digest, line);
      return true;
    },
    reserve: (times) => tables.reserve(times),
    totals() {
      const { products, sets, images } = tables.size();
      const oversizedSets = [...oversized].map(([set, productSetId]) => ({
        productSetId,
        images: tables.imagesOf(set),
      }));
      return { productSetIds, productSetCount: sets, productCount: products, imageCount: images, oversizedSets };
    },
  };
}

function isDuplicate(found: Found): boolean {
  return found.imageLine !== 0 && (!found.isSamePlace || found.sameLine !== 0);
}

function isConflict(found: Found): boolean {
  return found.otherCategory || found.otherName || found.otherLabels;
}

function duplicateProblem(image: KnownImage, found: Found): Problem | null {
  if (!isDuplicate(found)) return null;
  const what = `image-id ${shownValue(image.imageId)} to product ${shownValue(image.productId)}`;
  const message = found.isSamePlace
    ? `line ${found.sameLine} is the same image of the same product in the same set; leave one of them out`
    : `line ${found.imageLine} already gives ${what} with another image-uri or bounding-poly; give each image its own id`;
  return { code: 'image-id-duplicate', column: 2, message };
}

function conflictWarning(
  image: KnownImage,
  { productLine, otherCategory, otherName, otherLabels }: Found,
): Problem | null {
  const others = [otherCategory, otherName, otherLabels];
  const columns = [5, 6, 7].filter((_, index) => others[index]);
  const [column] = columns;
  if (column === undefined) return null;
  const names = columns.map((number) => COLUMNS[number - 1]).join(', ');
  const message = `line ${productLine} gives product ${shownValue(image.productId)} another ${names}; that line counts, and this image is added to it`;
  return { code: 'product-conflict', column, message, severity: 'warning' };
}

function surplusSetWarning(productId: string, most: number): Problem {
  const message = `with this product set, product ${shownValue(productId)} is in more than ${most} (MAX_SETS_PER_PRODUCT) in this file alone; the service may refuse it`;
  return { code: 'sets-per-product', column: 3, message, severity: 'warning' };
}
