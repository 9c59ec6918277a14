import type { PurgeTarget } from '../../../local/productSearch/resources';
import {
  addImage,
  addProduct,
  addProductSet,
  createWorld,
  IMAGE_URI,
  idsOf,
  membersOf,
  PARENT,
  refusal,
  type World,
} from './setup';

const ORPHANS: PurgeTarget = { orphans: true };

function purge({ model }: World, target: PurgeTarget): string {
  return model.purgeProducts({ parent: PARENT, target, force: true }).name;
}

function productsOf({ model }: World): string[] {
  return idsOf(model.listProducts({ parent: PARENT, pageSize: 100 }).items);
}

it('deletes the products of a set, shared ones included, and leaves the set', () => {
  const world = createWorld();
  addProductSet(world, 'a');
  const other = addProductSet(world, 'b');
  world.model.addProductToProductSet({ name: other, product: addProduct(world, 'shared', 'a') });
  addProduct(world, 'kept', 'b');

  const name = purge(world, { productSetId: 'a' });
  const before = productsOf(world);
  world.pass(10_000);

  expect(before).toEqual(['kept', 'shared']);
  expect(productsOf(world)).toEqual(['kept']);
  expect(membersOf(world, 'b')).toEqual(['kept']);
  expect(idsOf(world.model.listProductSets({ parent: PARENT }).items)).toEqual(['a', 'b']);
  expect(world.model.getOperation({ name })).toMatchObject({
    done: true,
    state: 'SUCCESSFUL',
    response: { kind: 'purge', request: { parent: PARENT, force: true, target: { productSetId: 'a' } } },
  });
});

it('deletes the orphans that there are at its end, also one that came meanwhile', () => {
  const world = createWorld();
  const set = addProductSet(world, 'a');
  addProduct(world, 'member', 'a');
  const removed = addProduct(world, 'removed', 'a');
  addProduct(world, 'orphan');

  purge(world, ORPHANS);
  addProduct(world, 'late');
  world.model.removeProductFromProductSet({ name: set, product: removed });
  world.pass(10_000);

  expect(productsOf(world)).toEqual(['member']);
});

it('makes orphans of the products of a set that is deleted', () => {
  const world = createWorld();
  const set = addProductSet(world, 'a');
  addProduct(world, 'p', 'a');
  world.model.deleteProductSet({ name: set });

  purge(world, ORPHANS);
  world.pass(10_000);

  expect(productsOf(world)).toEqual([]);
});

it('succeeds for a set that is not there, and does nothing', () => {
  const world = createWorld();
  addProduct(world, 'p');

  const name = purge(world, { productSetId: 'none' });
  world.pass(10_000);

  expect(world.model.getOperation({ name }).state).toBe('SUCCESSFUL');
  expect(productsOf(world)).toEqual(['p']);
});

it('needs force and a target', () => {
  const { model } = createWorld();

  expect(refusal(() => model.purgeProducts({ parent: PARENT, target: ORPHANS }))).toMatch(/^3: force must be true/);
  expect(refusal(() => model.purgeProducts({ parent: PARENT, force: true }))).toBe('3: A purge target is required.');
  expect(refusal(() => purge(createWorld(), { productSetId: '' }))).toBe('3: A purge target is required.');
});

describe('while a set is being purged', () => {
  function underPurge() {
    const world = createWorld();
    const set = addProductSet(world, 'a');
    const other = addProductSet(world, 'b');
    const product = addProduct(world, 'p', 'a');
    const image = addImage(world, product, 'i');
    purge(world, { productSetId: 'a' });
    world.put('gs://csv/x.csv', `${IMAGE_URI},j,a,q,toys-v2,,,`);
    return { world, model: world.model, set, other, product, image };
  }
  type Purged = ReturnType<typeof underPurge>;

  const acts: [string, (purged: Purged) => unknown][] = [
    ['deleting the set', ({ model, set }) => model.deleteProductSet({ name: set })],
    ['importing into it', ({ model }) => model.importProductSets({ parent: PARENT, csvFileUri: 'gs://csv/x.csv' })],
    ['purging it again', ({ world }) => purge(world, { productSetId: 'a' })],
    ['adding a product', ({ world }) => addProduct(world, 'new', 'a')],
    [
      'adding its product elsewhere',
      ({ model, other, product }) => model.addProductToProductSet({ name: other, product }),
    ],
    ['removing a product', ({ model, set, product }) => model.removeProductFromProductSet({ name: set, product })],
    ['deleting a product', ({ model, product }) => model.deleteProduct({ name: product })],
    [
      'changing a product',
      ({ model, product }) => model.updateProduct({ product: { name: product, displayName: 'N' } }),
    ],
    ['adding an image', ({ world, product }) => addImage(world, product, 'k')],
    ['deleting an image', ({ model, image }) => model.deleteReferenceImage({ name: image })],
  ];

  it.each(acts)('%s is ABORTED, and goes when the purge has ended', (_, act) => {
    const purged = underPurge();

    const during = refusal(() => act(purged));
    purged.world.pass(10_000);

    expect(during).toMatch(/^10: .* being purged\. Wait until the operation has finished, then retry\.$/);
    expect(refusal(() => act(purged))).not.toMatch(/^10:/);
  });

  it('other sets and their products are free', () => {
    const { world, model, other } = underPurge();

    addProduct(world, 'q', 'b');

    expect(refusal(() => model.deleteProductSet({ name: other }))).toBe('no error');
  });
});

it('keeps hands off the orphans while they are being purged', () => {
  const world = createWorld();
  const set = addProductSet(world, 'a');
  const product = addProduct(world, 'orphan');
  const member = addProduct(world, 'member', 'a');
  purge(world, ORPHANS);

  expect(refusal(() => world.model.addProductToProductSet({ name: set, product }))).toMatch(/^10: .* orphan products/);
  expect(refusal(() => purge(world, ORPHANS))).toMatch(/^10: The orphan products are being purged/);
  expect(refusal(() => world.model.deleteProduct({ name: member }))).toBe('no error');
});

it('fails the lines of an import that was running when the purge began', () => {
  const world = createWorld();
  const line = (i: number) => `${IMAGE_URI},i,a,p${i},toys-v2,,,`;
  world.put('gs://csv/x.csv', [1, 2, 3, 4].map(line).join('\n'));
  const { name } = world.model.importProductSets({ parent: PARENT, csvFileUri: 'gs://csv/x.csv' });

  world.pass(5_000);
  purge(world, { productSetId: 'a' });
  world.pass(5_000);

  const { response } = world.model.getOperation({ name });
  expect(response?.kind === 'import' && response.statuses.map(({ code }) => code)).toEqual([0, 0, 10, 10]);
});
