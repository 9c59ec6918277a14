/**
 * Counts the products and images of a location's product sets. The service has no counts: products are listed, and each
 * product's images by a call of their own, so there are caps, and a count that met one says that it is a least number.
 */
import type { Page, PageQuery, ProductSearch, ProductSet } from '../ports';
import { mapAtOnce } from './atOnce';

export interface AtLeast {
  value: number;
  /** There are more than were counted. */
  isMore: boolean;
}

export interface ProductSetRow {
  id: string;
  displayName: string;
  products: AtLeast;
  images: AtLeast;
  /** RFC 3339; none: never indexed. */
  indexTime?: string;
  indexError?: string;
}

export interface LocationCount {
  sets: ProductSetRow[];
  /** There are more sets than are shown. */
  isMore: boolean;
  /** Products in no product set; none where not all products were listed. */
  orphans?: number;
  /** Calls that the count took. */
  calls: number;
}

type Reads = Pick<
  ProductSearch,
  'listProductSets' | 'listProducts' | 'listProductsInProductSet' | 'listReferenceImages'
>;

/** Pages of 100. */
const SET_PAGES = 1;
const PRODUCT_PAGES = 10;
const IMAGE_PAGES = 3;
/** Products of a location whose images are counted. */
export const IMAGES_OF_PRODUCTS = 200;
const CALLS_AT_ONCE = 8;

interface Listed<T> {
  items: T[];
  isMore: boolean;
}

/** Counts afresh. Rejects where a call fails: half a count would look like less than there is. */
export async function countProductSets(reads: Reads, location: string): Promise<LocationCount> {
  let calls = 0;
  const listed = <T>(pages: number, list: (query: PageQuery) => Promise<Page<T> | null>): Promise<Listed<T>> =>
    listPages(pages, (query) => {
      calls += 1;
      return list(query);
    });
  const sets = await listed(SET_PAGES, (query) => reads.listProductSets(location, query));
  const members = await mapAtOnce(sets.items, CALLS_AT_ONCE, (set) =>
    listed(PRODUCT_PAGES, (query) => reads.listProductsInProductSet(location, set.id, query)),
  );
  const ids = new Set(members.flatMap(({ items }) => items.map((product) => product.id)));
  const counted = [...ids].slice(0, IMAGES_OF_PRODUCTS);
  const images = await mapAtOnce(counted, CALLS_AT_ONCE, (id) =>
    listed(IMAGE_PAGES, (query) => reads.listReferenceImages(location, id, query)),
  );
  const imagesOf = new Map(counted.map((id, index) => [id, atLeast(images[index])]));
  const all = await listed(PRODUCT_PAGES, (query) => reads.listProducts(location, query));
  const isWhole = ![sets, all, ...members].some(({ isMore }) => isMore);
  return {
    sets: sets.items.map((set, index) => setRow(set, members[index], imagesOf)).sort((a, b) => (a.id < b.id ? -1 : 1)),
    isMore: sets.isMore,
    ...(isWhole ? { orphans: all.items.filter(({ id }) => !ids.has(id)).length } : {}),
    calls,
  };
}

async function listPages<T>(pages: number, list: (query: PageQuery) => Promise<Page<T> | null>): Promise<Listed<T>> {
  const items: T[] = [];
  let pageToken: string | undefined;
  for (let page = 0; page < pages; page += 1) {
    const found: Page<T> | null = await list({ pageToken });
    items.push(...(found?.items ?? []));
    pageToken = found?.nextPageToken;
    if (pageToken === undefined || pageToken === '') return { items, isMore: false };
  }
  return { items, isMore: true };
}

function atLeast(listed: Listed<unknown> | undefined): AtLeast {
  return { value: listed?.items.length ?? 0, isMore: listed?.isMore ?? true };
}

function setRow(
  set: ProductSet,
  members: Listed<{ id: string }> | undefined,
  imagesOf: Map<string, AtLeast>,
): ProductSetRow {
  const images = (members?.items ?? []).map(({ id }) => imagesOf.get(id));
  return {
    id: set.id,
    displayName: set.displayName,
    products: atLeast(members),
    images: {
      value: images.reduce((sum, count) => sum + (count?.value ?? 0), 0),
      isMore: members?.isMore === true || images.some((count) => count === undefined || count.isMore),
    },
    ...(set.indexTime === undefined ? {} : { indexTime: set.indexTime }),
    ...(set.indexError === undefined ? {} : { indexError: set.indexError.message }),
  };
}
