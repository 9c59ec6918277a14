/** Filling the catalogue of a world, and writing all of it down for a comparison. */
import type { BoundingPoly, Page, PageQuery, Product, ReferenceImage } from '../../shared/ports';
import { IMAGES, LOCATION, type World } from './world';

export interface SeededProduct {
  id: string;
  sets: string[];
  images?: ReferenceImage[];
  fields?: Partial<Product>;
}

export function poly(...points: [number, number][]): BoundingPoly {
  return { vertices: points.map(([x, y]) => ({ x, y })), normalizedVertices: [] };
}

/** An image of that file; the file is made as well. */
export function imageOf(world: World, id: string, file: string, boundingPolys: BoundingPoly[] = []): ReferenceImage {
  return { id, uri: world.image(file), boundingPolys };
}

/** Creates products with their images, and the sets that they are in; time passes, so that no quota is met. */
export async function fill(world: World, products: SeededProduct[]): Promise<void> {
  const { productSearch } = world.ports;
  let calls = 0;
  async function called<T>(call: Promise<T>): Promise<T> {
    calls += 1;
    if (calls % 1_000 === 0) world.pass(60_000);
    return call;
  }
  for (const id of new Set(products.flatMap((product) => product.sets))) {
    await called(productSearch.createProductSet(LOCATION, { id, displayName: `The ${id}` }));
  }
  for (const { id, sets, images, fields } of products) {
    const defaults = { displayName: `Name ${id}`, description: '', productCategory: 'apparel-v2', productLabels: [] };
    await called(productSearch.createProduct(LOCATION, { id, ...defaults, ...fields }));
    for (const image of images ?? [imageOf(world, 'i', `${id}.png`)]) {
      await called(productSearch.createReferenceImage(LOCATION, id, image));
    }
    for (const set of sets) await called(productSearch.addProductToProductSet(LOCATION, set, id));
  }
  world.pass(60_000);
}

/** A product set, its display name and its products, and every product with its images, in the order of ids. */
export async function exportAll(world: World, location = LOCATION) {
  const { productSearch } = world.ports;
  const productSets: Record<string, { displayName: string; products: string[] }> = {};
  for (const { id, displayName } of await all(world, (query) => productSearch.listProductSets(location, query))) {
    const members = await all(world, (query) => productSearch.listProductsInProductSet(location, id, query));
    productSets[id] = { displayName, products: members.map((product) => product.id).sort() };
  }
  const products: Record<string, Product & { images: ReferenceImage[] }> = {};
  for (const product of await all(world, (query) => productSearch.listProducts(location, query))) {
    const images = await all(world, async (query) => {
      return (await productSearch.listReferenceImages(location, product.id, query)) ?? { items: [] };
    });
    products[product.id] = { ...product, images: images.sort((a, b) => (a.id < b.id ? -1 : 1)) };
  }
  return { productSets, products };
}

async function all<T>(world: World, list: (query: PageQuery) => Promise<Page<T>>): Promise<T[]> {
  const found: T[] = [];
  let pageToken: string | undefined;
  do {
    // No more than the quota of a minute.
    world.pass(60);
    const page: Page<T> = await list({ pageToken });
    found.push(...page.items);
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined && pageToken !== '');
  return found;
}

export { IMAGES };
