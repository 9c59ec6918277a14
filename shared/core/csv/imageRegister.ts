/** What the valid lines of one file have said so far: which images, products and product sets. Pure. */
import { type Problem, shownValue } from '../problem';
import type { ImageLine } from './fields';
import { createFingerprintTable, fingerprint } from './fingerprints';

export interface ImageRegister {
  /** Why the line cannot stand beside an earlier one, or null. */
  duplicate(image: ImageLine): Problem | null;
  /** What the line says otherwise about its product than the line that defined it, or null. */
  conflict(image: ImageLine): Problem | null;
  /** Takes a valid line in. `image.imageId` is the one that is imported or would be assigned, never empty. */
  add(image: ImageLine, line: number): void;
  totals(): RegisterTotals;
}

export interface RegisterTotals {
  /** The product sets of the valid lines; the first 10,000 where there are more. */
  productSetIds: ReadonlySet<string>;
  productSetCount: number;
  productCount: number;
  /** Images, each counted once however many product sets it is in. */
  imageCount: number;
}

const COLLECTED_SETS = 10_000;
const ATTRIBUTES = [
  { column: 5, name: 'product-category' },
  { column: 6, name: 'product-display-name' },
  { column: 7, name: 'labels' },
] as const;

/**
 * An image is known by product id and image id. The same image again is legal only in another product set, where it
 * adds the membership; what lines say of a product after its first one, the API ignores.
 */
export function createImageRegister(): ImageRegister {
  const images = createFingerprintTable(2);
  const memberships = createFingerprintTable(1);
  const products = createFingerprintTable(4);
  const sets = createFingerprintTable(0);
  const productSetIds = new Set<string>();

  return {
    duplicate(image) {
      const known = images.find(imageKey(image));
      if (known < 0) return null;
      if (images.value(known, 0) !== placeOf(image)) {
        const what = `image-id ${shownValue(image.imageId)} to product ${shownValue(image.productId)}`;
        const how = 'with another image-uri or bounding-poly; give each image its own id';
        return duplicateProblem(`line ${images.value(known, 1)} already gives ${what} ${how}`);
      }
      const member = memberships.find(membershipKey(image));
      if (member < 0) return null;
      return duplicateProblem(
        `line ${memberships.value(member, 0)} is the same image of the same product in the same set; leave one of them out`,
      );
    },

    conflict(image) {
      const known = products.find([image.productId]);
      if (known < 0) return null;
      const attributes = attributesOf(image);
      const other = ATTRIBUTES.filter((_, index) => attributes[index] !== products.value(known, index));
      const [first] = other;
      if (!first) return null;
      const names = other.map((attribute) => attribute.name).join(', ');
      const message = `line ${products.value(known, 3)} gives product ${shownValue(image.productId)} another ${names}; that line counts, and this image is added to it`;
      return { code: 'product-conflict', column: first.column, message, severity: 'warning' };
    },

    add(image, line) {
      images.add(imageKey(image), [placeOf(image), line]);
      memberships.add(membershipKey(image), [line]);
      products.add([image.productId], [...attributesOf(image), line]);
      const isNewSet = sets.add([image.productSetId], []);
      if (isNewSet && productSetIds.size < COLLECTED_SETS) productSetIds.add(image.productSetId);
    },

    totals: () => ({
      productSetIds,
      productSetCount: sets.size(),
      productCount: products.size(),
      imageCount: images.size(),
    }),
  };
}

function duplicateProblem(message: string): Problem {
  return { code: 'image-id-duplicate', column: 2, message };
}

function imageKey(image: ImageLine): string[] {
  return [image.productId, image.imageId];
}

function membershipKey(image: ImageLine): string[] {
  return [image.productSetId, image.productId, image.imageId];
}

function placeOf(image: ImageLine): number {
  return fingerprint([image.imageUri, image.boundingPoly]);
}

function attributesOf(image: ImageLine): number[] {
  return [fingerprint([image.productCategory]), fingerprint([image.displayName]), fingerprint([image.labels])];
}
