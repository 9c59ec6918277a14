/** A catalogue of everything that a CSV cannot carry, and the export of all that a location holds, field by field. */
import type { BoundingPoly, Page, PageQuery, Product, ReferenceImage } from '../../shared/ports';
import { LOCATION, type World } from './world';

const pixels = (...numbers: number[]): BoundingPoly => ({ vertices: pairs(numbers), normalizedVertices: [] });
const normalised = (...numbers: number[]): BoundingPoly => ({
  vertices: [],
  normalizedVertices: pairs(numbers.map(Math.fround)),
});

function pairs(numbers: number[]): { x: number; y: number }[] {
  return Array.from({ length: numbers.length / 2 }, (_, n) => ({ x: numbers[2 * n] ?? 0, y: numbers[2 * n + 1] ?? 0 }));
}

interface Entry {
  product: Partial<Product> & { id: string };
  /** Polygons of each image. */
  images?: Record<string, BoundingPoly[]>;
  sets: string[];
}

export const ENTRIES: Entry[] = [
  {
    product: { id: 'plain', productLabels: [{ key: 'color', value: 'red' }] },
    images: { a: [], b: [] },
    sets: ['shoes'],
  },
  { product: { id: 'no-images', description: 'Only a name' }, sets: ['shoes'] },
  {
    product: { id: 'polygons' },
    images: { one: [pixels(0, 0, 400, 500)], two: [pixels(0, 0, 400, 0, 400, 400), pixels(10, 0, 500, 500)] },
    sets: ['shoes'],
  },
  {
    product: { id: 'normalised' },
    images: {
      small: [normalised(0.1, 0, 0.2, 1)],
      corner: [normalised(0, 0, 1, 1)],
      tiny: [normalised(1e-7, 0, 1, 0.3)],
    },
    sets: ['shoes'],
  },
  { product: { id: 'described', description: 'Two lines,\nwith a "quote"' }, images: { a: [] }, sets: ['shoes'] },
  {
    product: {
      id: 'labelled',
      productLabels: [
        { key: 'formula', value: 'a=b' },
        { key: 'sizes', value: '40,41' },
        { key: 'sizes', value: ' 42 ' },
      ],
    },
    images: { a: [] },
    sets: ['shoes'],
  },
  { product: { id: 'blank-ends', displayName: '  Boot ' }, images: { a: [] }, sets: ['shoes'] },
  { product: { id: 'blank', displayName: ' ' }, images: { a: [] }, sets: ['shoes'] },
  { product: { id: 'quoted', displayName: 'The "best" shoe,\nby far' }, images: { a: [] }, sets: ['shoes'] },
  { product: { id: 'legacy', productCategory: 'apparel' }, images: { a: [] }, sets: ['shoes'] },
  { product: { id: 'läuft +%2F 靴' }, images: { 'bild #1?': [], 'auto-1': [pixels(0, 0, 300, 300)] }, sets: ['shoes'] },
  {
    product: { id: 'in-two', displayName: 'In two' },
    images: { a: [], b: [normalised(0, 0, 0.5, 0.5)] },
    sets: ['shoes', 'sale'],
  },
  { product: { id: 'only-sale' }, images: { a: [] }, sets: ['sale'] },
  { product: { id: 'orphan' }, images: { a: [] }, sets: [] },
];

/** Makes the catalogue by calls. `empty` is a product set without products. */
export async function createCatalogue(world: World, entries = ENTRIES): Promise<void> {
  const { productSearch } = world.ports;
  for (const id of ['shoes', 'sale', 'empty']) {
    await productSearch.createProductSet(LOCATION, { id, displayName: `The set "${id}", whole ` });
  }
  for (const { product, images = {}, sets } of entries) {
    const fields = {
      displayName: `Name of ${product.id}`,
      description: '',
      productCategory: 'apparel-v2',
      productLabels: [],
    };
    await productSearch.createProduct(LOCATION, { ...fields, ...product });
    for (const [id, boundingPolys] of Object.entries(images)) {
      const uri = world.image(`${product.id}/${id}, 1.png`);
      await productSearch.createReferenceImage(LOCATION, product.id, { id, uri, boundingPolys });
    }
    // The service counts calls by the minute.
    world.pass(60 * Object.keys(images).length + 100);
    for (const set of sets) await productSearch.addProductToProductSet(LOCATION, set, product.id);
  }
}

/** Every call of Product Search takes so long from now on. */
export function slowDown(world: World, ms: number): void {
  const when = () => {
    world.pass(ms);
    return false;
  };
  for (const call of Object.keys(world.ports.productSearch)) world.failCall(call, new Error('never'), { when });
}

export const PRODUCT_IDS = ENTRIES.map(({ product }) => product.id);
export const IMAGES_IN_ALL = ENTRIES.reduce((sum, { images = {} }) => sum + Object.keys(images).length, 0);

/** All product sets with their members, all products with their images, each sorted by id. */
export async function exportOf({ ports: { productSearch }, pass }: World) {
  pass(60_000);
  const sets = await all((query) => productSearch.listProductSets(LOCATION, query));
  const products = await all((query) => productSearch.listProducts(LOCATION, query));
  return {
    productSets: await inTurn(sets, async ({ id, displayName }) => {
      const members = await all((query) => productSearch.listProductsInProductSet(LOCATION, id, query));
      return { id, displayName, members: members.map((member) => member.id) };
    }),
    products: await inTurn(products, async (product) => ({
      ...product,
      images: await all<ReferenceImage>(async (query) => {
        return (await productSearch.listReferenceImages(LOCATION, product.id, query)) ?? { items: [] };
      }),
    })),
  };
}

async function all<T extends { id: string }>(list: (query: PageQuery) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  let pageToken: string | undefined;
  do {
    const page: Page<T> = await list({ pageToken });
    items.push(...page.items);
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined);
  return items.sort((a, b) => (a.id < b.id ? -1 : 1));
}

async function inTurn<T, R>(values: T[], act: (value: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const value of values) results.push(await act(value));
  return results;
}
