import { addProduct, addProductSet, createWorld, idsOf, PARENT, refusal, type World } from './setup';

const number = (i: number) => `p${String(i).padStart(3, '0')}`;

function worldOf(products: number): World {
  const world = createWorld({ limits: { managementPerMinute: 1_000_000 } });
  for (let i = 0; i < products; i += 1) addProduct(world, number(i));
  return world;
}

/** All ids, page by page; `between` runs after each page. */
function listAll({ model }: World, pageSize: number, between: () => void = () => undefined): string[] {
  const ids: string[] = [];
  for (let pageToken = '', first = true; first || pageToken; first = false) {
    const page = model.listProducts({ parent: PARENT, pageSize, pageToken });
    ids.push(...page.items.map(({ name }) => name.slice(name.lastIndexOf('/') + 1)));
    pageToken = page.nextPageToken;
    between();
  }
  return ids;
}

it('gives ten by default and a hundred at most', () => {
  const { model } = worldOf(120);
  const count = (pageSize?: number) => model.listProducts({ parent: PARENT, pageSize }).items.length;

  expect([count(), count(0), count(1), count(100)]).toEqual([10, 10, 1, 100]);
});

it.each([-1, 101])('refuses a page size of %d in every list', (pageSize) => {
  const world = worldOf(1);
  const set = addProductSet(world, 's');
  const { model } = world;

  for (const list of [
    () => model.listProducts({ parent: PARENT, pageSize }),
    () => model.listProductSets({ parent: PARENT, pageSize }),
    () => model.listProductsInProductSet({ name: set, pageSize }),
    () => model.listReferenceImages({ parent: `${PARENT}/products/p000`, pageSize }),
  ]) {
    expect(refusal(list)).toBe(`3: page_size must be from 1 to 100, but is ${pageSize}.`);
  }
});

it('gives every product once, in an order that is neither of ids nor of creation, and the same each time', () => {
  const world = worldOf(230);
  const sorted = Array.from({ length: 230 }, (_, i) => number(i));

  const ids = listAll(world, 100);

  expect([...ids].sort()).toEqual(sorted);
  expect(ids).not.toEqual(sorted);
  expect(listAll(world, 7)).toEqual(ids);
});

it('has no token on a last page that is full', () => {
  const { model } = worldOf(20);

  expect(model.listProducts({ parent: PARENT, pageSize: 20 }).nextPageToken).toBe('');
});

it('loses and repeats nothing while products come and go between the pages', () => {
  const world = worldOf(100);
  let round = 0;

  const ids = listAll(world, 10, () => {
    addProduct(world, `new${round}`);
    if (round < 10) world.model.deleteProduct({ name: `${PARENT}/products/${number(round * 10)}` });
    round += 1;
  });

  const stayed = Array.from({ length: 100 }, (_, i) => number(i)).filter((_, i) => i % 10 !== 0);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toEqual(expect.arrayContaining(stayed));
});

it('goes on behind a product that was deleted after its page', () => {
  const world = worldOf(30);
  const order = listAll(world, 100);
  const { nextPageToken } = world.model.listProducts({ parent: PARENT, pageSize: 10 });

  world.model.deleteProduct({ name: `${PARENT}/products/${order[9]}` });
  const next = world.model.listProducts({ parent: PARENT, pageSize: 100, pageToken: nextPageToken });

  expect(idsOf(next.items)).toEqual(order.slice(10).sort());
});

it('refuses a token that it did not give, or gave for another list', () => {
  const { model } = worldOf(30);
  const { nextPageToken } = model.listProducts({ parent: PARENT });
  const elsewhere = 'projects/p/locations/us-east1';

  expect(refusal(() => model.listProducts({ parent: PARENT, pageToken: 'nonsense' }))).toBe(
    '3: The page token is invalid.',
  );
  expect(refusal(() => model.listProducts({ parent: elsewhere, pageToken: nextPageToken }))).toMatch(/^3: /);
  expect(refusal(() => model.listProductSets({ parent: PARENT, pageToken: nextPageToken }))).toMatch(/^3: /);
});

it('stays quick with twenty thousand products in one set', () => {
  const world = createWorld({ limits: { managementPerMinute: Number.POSITIVE_INFINITY } });
  addProductSet(world, 's');
  for (let i = 0; i < 20_000; i += 1) addProduct(world, `${i}`, 's');

  const ids = listAll(world, 100);

  expect(new Set(ids).size).toBe(20_000);
});
