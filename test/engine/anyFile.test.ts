import fc from 'fast-check';
import { createWorld, IMAGES, LOCATION, type World } from './world';

const COMPLETED = 'product-search.import.completed.v1';

/** One line as somebody means it, before it is written as CSV. */
interface Meant {
  image: number;
  imageId: string;
  set: string;
  product: string;
  category: string;
  name: string;
  labels: [string, string][];
}

const id = fc.constantFrom('a', 'b', 'c', 'Größe', 'x y', "o'clock");
const meant: fc.Arbitrary<Meant> = fc.record({
  image: fc.nat(3),
  imageId: fc.constantFrom('i', 'j', 'k'),
  set: fc.constantFrom('s', 't'),
  product: id,
  category: fc.constantFrom('apparel-v2', 'toys-v2', 'general-v1'),
  name: fc.constantFrom('', 'Plain', 'With, comma', 'With "quotes"'),
  labels: fc.array(fc.tuple(fc.constantFrom('k', 'l'), fc.constantFrom('1', 'two words')), { maxLength: 2 }),
});

function quoted(field: string): string {
  return /[",]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}

function written(line: Meant): string {
  const labels = line.labels.map(([key, value]) => `${key}=${value}`).join(',');
  const uri = `gs://${IMAGES}/${line.image}.png`;
  const fields = [uri, line.imageId, line.set, line.product, line.category, line.name, labels, ''];
  return `${fields.map(quoted).join(',')}\n`;
}

/**
 * The catalogue by a plain reading of the rules: the first good line of a product defines it, an image id means one
 * file, the same line twice or another file under the id is an error, every good line puts its product into its set.
 */
function plainReading(lines: readonly Meant[]) {
  const products = new Map<
    string,
    { category: string; name: string; images: Map<string, number>; sets: Set<string> }
  >();
  const seen = new Set<string>();
  for (const line of lines) {
    const known = products.get(line.product);
    const takenBy = known?.images.get(line.imageId);
    const key = JSON.stringify([line.product, line.imageId, line.set]);
    if (seen.has(key) || (takenBy !== undefined && takenBy !== line.image)) continue;
    seen.add(key);
    const product = known ?? {
      category: line.category,
      name: line.name === '' ? ' ' : line.name,
      images: new Map<string, number>(),
      sets: new Set<string>(),
    };
    product.images.set(line.imageId, line.image);
    product.sets.add(line.set);
    products.set(line.product, product);
  }
  return [...products]
    .map(([productId, { category, name, images, sets }]) => ({
      productId,
      category,
      name,
      images: [...images].map(([imageId, image]) => `${imageId} gs://${IMAGES}/${image}.png`).sort(),
      sets: [...sets].sort(),
    }))
    .sort((one, other) => (one.productId < other.productId ? -1 : 1));
}

async function catalogue(world: World) {
  const search = world.ports.productSearch;
  const sets = new Map<string, string[]>();
  for (const { id: set } of (await search.listProductSets(LOCATION)).items) {
    for (const product of (await search.listProductsInProductSet(LOCATION, set)).items) {
      sets.set(product.id, [...(sets.get(product.id) ?? []), set]);
    }
  }
  const found = [];
  for (const product of (await search.listProducts(LOCATION)).items) {
    const images = (await search.listReferenceImages(LOCATION, product.id))?.items ?? [];
    found.push({
      productId: product.id,
      category: product.productCategory,
      name: product.displayName,
      images: images.map((image) => `${image.id} ${image.uri}`).sort(),
      sets: (sets.get(product.id) ?? []).sort(),
    });
  }
  return found.sort((one, other) => (one.productId < other.productId ? -1 : 1));
}

describe('any file', () => {
  it('that is generated gives the catalogue that a plain reading of the rules gives, and counts that add up', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(meant, { minLength: 1, maxLength: 12 }), async (lines) => {
        const world = createWorld();
        for (const image of [0, 1, 2, 3]) world.image(`${image}.png`);

        await world.drop('generated.csv', lines.map(written).join(''));
        await world.settle();

        expect(await catalogue(world)).toEqual(plainReading(lines));
        const {
          imported = 0,
          alreadyPresent = 0,
          failed = 0,
          skipped = 0,
        } = world.events(COMPLETED)[0]?.data.counts ?? {};
        expect(imported + alreadyPresent + failed + skipped).toBe(lines.length);
      }),
      { numRuns: 150, seed: 7 },
    );
  });

  it('of any bytes ends in one terminal event, with the file in the archive', async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      fc.string({ unit: 'binary', maxLength: 200 }).map((text) => Buffer.from(text)),
      fc
        .array(fc.constantFrom('gs://b/o', ',', '"', '\n', '\r\n', 'apparel-v2', 'a=b', '\ufeff', '\0', ' '), {
          maxLength: 60,
        })
        .map((parts) => Buffer.from(parts.join(''))),
    );
    await fc.assert(
      fc.asyncProperty(bytes, fc.constantFrom('any.csv', 'any.csv.gz'), async (body, name) => {
        const world = createWorld();

        await world.drop(name, Buffer.from(body));
        await world.settle();

        expect(world.events(COMPLETED)).toHaveLength(1);
        expect(world.names('product-search-state', 'archive/')).toHaveLength(1);
      }),
      { numRuns: 200, seed: 11 },
    );
  });
});
