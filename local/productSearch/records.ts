/**
 * What the local Product Search holds of one place: product sets, products, reference images and memberships. Every
 * change goes through the functions here, which keep the counts, the orphans and the index times consistent. No rule
 * about requests is in this file.
 */
import type { BoundingPoly, Label } from '../../shared/ports';
import type { Place } from './names';
import { type IndexTimes, noteChange } from './setIndexing';
import {
  addTo,
  createShuffledIndex,
  findIn,
  type Ranked,
  rankOf,
  readAll,
  removeFrom,
  type ShuffledIndex,
} from './shuffledIndex';

export interface ImageRecord extends Ranked {
  readonly uri: string;
  readonly boundingPolys: readonly BoundingPoly[];
}

export interface ProductRecord extends Ranked {
  displayName: string;
  description: string;
  readonly productCategory: string;
  productLabels: readonly Label[];
  readonly images: ShuffledIndex<ImageRecord>;
  /** Few: the service allows a product in 100 sets at most. */
  sets: readonly ProductSetRecord[];
}

export interface ProductSetRecord extends Ranked, IndexTimes {
  displayName: string;
  readonly products: ShuffledIndex<ProductRecord>;
}

export interface Records {
  readonly at: Place;
  readonly seed: number;
  readonly indexMs: number;
  readonly maxImagesPerSet: number;
  /** Called before a product goes. */
  readonly onDrop?: (product: ProductRecord) => void;
  readonly sets: ShuffledIndex<ProductSetRecord>;
  readonly products: ShuffledIndex<ProductRecord>;
  /** The products that are in no set. */
  readonly orphans: ShuffledIndex<ProductRecord>;
  /** What runs here at the moment; see purge.ts. */
  readonly purges: { sets: Set<string>; orphans: boolean };
}

export function createRecords(
  options: Pick<Records, 'at' | 'seed' | 'indexMs' | 'maxImagesPerSet' | 'onDrop'>,
): Records {
  return {
    ...options,
    sets: createShuffledIndex(),
    products: createShuffledIndex(),
    orphans: createShuffledIndex(),
    purges: { sets: new Set(), orphans: false },
  };
}

export function findProductSet(records: Records, id: string): ProductSetRecord | undefined {
  return findIn(records.sets, ranked(records, id));
}

export function findProduct(records: Records, id: string): ProductRecord | undefined {
  return findIn(records.products, ranked(records, id));
}

export function findImage(records: Records, product: ProductRecord, id: string): ImageRecord | undefined {
  return findIn(product.images, ranked(records, id));
}

/** Creates a set under an id that is free. */
export function insertProductSet(records: Records, id: string, displayName: string, now: number): ProductSetRecord {
  const set: ProductSetRecord = {
    ...ranked(records, id),
    displayName,
    products: createShuffledIndex(),
    imageCount: 0,
    indexTimeMs: 0,
    indexError: null,
  };
  addTo(records.sets, set);
  noteChange(set, records, now);
  return set;
}

export type ProductContent = Pick<ProductRecord, 'displayName' | 'description' | 'productCategory' | 'productLabels'>;

/** Creates a product under an id that is free: an orphan until it is put into a set. */
export function insertProduct(records: Records, id: string, content: ProductContent): ProductRecord {
  // Written out: an object that is made by spreading takes twice the room, and there may be a million.
  const product: ProductRecord = {
    id,
    rank: rankOf(id, records.seed),
    displayName: content.displayName,
    description: content.description,
    productCategory: content.productCategory,
    productLabels: content.productLabels,
    images: createShuffledIndex(),
    sets: NO_SETS,
  };
  addTo(records.products, product);
  addTo(records.orphans, product);
  return product;
}

/** Creates an image under an id that is free in its product. */
export function insertImage(
  records: Records,
  product: ProductRecord,
  image: { id: string; uri: string; boundingPolys: readonly BoundingPoly[] },
  now: number,
): ImageRecord {
  const { id, uri, boundingPolys } = image;
  const record = { id, rank: rankOf(id, records.seed), uri, boundingPolys };
  changeSets(records, product, now, 1);
  addTo(product.images, record);
  return record;
}

/** Notes in every set of a product that the product has changed. */
export function touchProduct(records: Records, product: ProductRecord, now: number): void {
  changeSets(records, product, now, 0);
}

/** Puts a product into a set; false where it is in it already. */
export function link(records: Records, set: ProductSetRecord, product: ProductRecord, now: number): boolean {
  if (product.sets.includes(set)) return false;
  noteChange(set, records, now);
  removeFrom(records.orphans, product);
  product.sets = [...product.sets, set];
  addTo(set.products, product);
  set.imageCount += product.images.size;
  return true;
}

/** Takes a product out of a set; false where it is not in it. */
export function unlink(records: Records, set: ProductSetRecord, product: ProductRecord, now: number): boolean {
  if (!product.sets.includes(set)) return false;
  noteChange(set, records, now);
  product.sets = product.sets.filter((each) => each !== set);
  removeFrom(set.products, product);
  set.imageCount -= product.images.size;
  if (product.sets.length === 0) addTo(records.orphans, product);
  return true;
}

/** Removes an image; its file in Cloud Storage is none of our business. */
export function dropImage(records: Records, product: ProductRecord, image: ImageRecord, now: number): void {
  changeSets(records, product, now, -1);
  removeFrom(product.images, image);
}

/** Removes a product with its images from all its sets. */
export function dropProduct(records: Records, product: ProductRecord, now: number): void {
  records.onDrop?.(product);
  for (const set of product.sets) unlink(records, set, product, now);
  removeFrom(records.orphans, product);
  removeFrom(records.products, product);
}

/** Removes a set. Its products stay; those that were in no other set are orphans now. */
export function dropProductSet(records: Records, set: ProductSetRecord, now: number): void {
  for (const product of readAll(set.products)) unlink(records, set, product, now);
  removeFrom(records.sets, set);
}

const NO_SETS: readonly ProductSetRecord[] = [];

function changeSets(records: Records, product: ProductRecord, now: number, images: number): void {
  for (const set of product.sets) {
    noteChange(set, records, now);
    set.imageCount += images;
  }
}

function ranked(records: Records, id: string): Ranked {
  return { id, rank: rankOf(id, records.seed) };
}
