import { exportAll, fill } from './catalogue';
import { createWorld, INTAKE, LOCATION, type World } from './world';

const DELETED = 'product-search.delete.completed.v1';

async function ended(world: World, command: unknown) {
  await world.publish(command);
  await world.settle();
  return world.events(DELETED).at(-1)?.data;
}

async function left(world: World): Promise<string[]> {
  return Object.keys((await exportAll(world)).products).sort();
}

async function filled(environment: Record<string, string> = {}): Promise<World> {
  const world = createWorld(environment);
  const red = { productLabels: [{ key: 'color', value: 'red' }] };
  const both = {
    productLabels: [
      { key: 'color', value: 'red' },
      { key: 'color', value: 'blue' },
      { key: 'size', value: 'l' },
    ],
  };
  await fill(world, [
    { id: 'shoe-1', sets: ['shoes'], fields: red },
    { id: 'shoe-2', sets: ['shoes', 'sale'], fields: both },
    { id: 'shoe-3', sets: [], fields: { productCategory: 'toys-v2' } },
    { id: 'hat-1', sets: ['sale'], fields: red },
  ]);
  return world;
}

describe('deleteProducts by where', () => {
  it.each<[string, Record<string, unknown>, string[]]>([
    ['a set', { productSetId: 'shoes' }, ['hat-1', 'shoe-3']],
    ['a prefix', { idPrefix: 'shoe-' }, ['hat-1']],
    ['a label', { labels: { color: 'red' } }, ['shoe-3']],
    [
      'two labels, both of which must be there',
      { labels: { color: 'blue', size: 'l' } },
      ['hat-1', 'shoe-1', 'shoe-3'],
    ],
    ['a category', { productCategory: 'toys-v2' }, ['hat-1', 'shoe-1', 'shoe-2']],
    [
      'all together',
      { productSetId: 'sale', idPrefix: 'shoe', labels: { color: 'red' } },
      ['hat-1', 'shoe-1', 'shoe-3'],
    ],
    ['nothing that matches', { idPrefix: 'nobody' }, ['hat-1', 'shoe-1', 'shoe-2', 'shoe-3']],
  ])('takes what matches %s', async (_case, where, expected) => {
    const world = await filled();

    const data = await ended(world, { command: 'deleteProducts', where, force: true });

    expect(await left(world)).toEqual(expected);
    expect(data).toMatchObject({ outcome: 'succeeded', counts: { products: 4 - expected.length, failed: 0 } });
    expect(JSON.parse(world.text(data?.files.snapshot)).counts.products).toBe(4 - expected.length);
  });

  it('is previewed, capped and protected like a purge', async () => {
    const world = await filled({ PROTECTED_PRODUCT_SETS: 'sale' });
    const where = { idPrefix: 'shoe-' };

    const preview = await ended(world, { command: 'deleteProducts', where, dryRun: true });
    const capped = await ended(world, { command: 'deleteProducts', where, force: true, maxProducts: 2 });
    const guarded = await ended(world, { command: 'deleteProducts', where, force: true });

    expect(preview).toMatchObject({ outcome: 'dryRun', counts: { products: 3 } });
    expect(JSON.parse(world.text(preview?.files.plan)).products).toHaveLength(3);
    expect(capped).toMatchObject({ outcome: 'rejected', problems: [{ code: 'max-products' }, {}] });
    expect(guarded).toMatchObject({ outcome: 'rejected', problems: [{ code: 'protected-product-set' }] });
    expect(await left(world)).toHaveLength(4);
  });

  it('of a set that does not exist says so', async () => {
    const world = await filled();

    const data = await ended(world, { command: 'deleteProducts', where: { productSetId: 'nothing' }, force: true });

    expect(data).toMatchObject({ outcome: 'succeeded', counts: { products: 0, alreadyAbsent: 1 } });
  });
});

describe('deleteProducts by a list', () => {
  const LIST = `gs://${INTAKE}/lists/old.txt`;

  it('takes each id once, and says which do not exist', async () => {
    const world = await filled();
    world.put('lists/old.txt', '\uFEFFshoe-2\r\nnobody\n\nshoe-1\nshoe-2\n  hat-1  ');

    const data = await ended(world, { command: 'deleteProducts', listUri: LIST, force: true });

    expect(data).toMatchObject({ outcome: 'succeeded', counts: { products: 3, alreadyAbsent: 1 } });
    expect(await left(world)).toEqual(['shoe-3']);
    expect(JSON.parse(world.text(data?.files.report)).targets.alreadyAbsent).toEqual(['nobody']);
  });

  it('of more ids than a file of the staging folder holds is read whole', async () => {
    const world = await filled();
    const ids = Array.from({ length: 2_345 }, (_, index) => `absent-${index}`);
    world.put('lists/old.txt', [...ids, 'shoe-1', ...ids].join('\n'));

    const data = await ended(world, { command: 'deleteProducts', listUri: LIST, force: true });

    expect(data).toMatchObject({ outcome: 'succeeded', counts: { products: 1, alreadyAbsent: 2_345 } });
  });

  it.each([
    ['a line that is no id', 'shoe-1\na/b\n', LIST, 'product-id'],
    ['a list without a line', '\n\n', LIST, 'list-empty'],
    ['a line without an end', 'x'.repeat(200_000), LIST, 'product-id'],
    ['a list that is not there', null, LIST, 'list-missing'],
    ['a list in another bucket', null, 'gs://elsewhere/old.txt', 'list-source'],
  ])('is refused whole for %s', async (_case, body, listUri, code) => {
    const world = await filled();
    if (body !== null) world.put('lists/old.txt', body);

    const data = await ended(world, { command: 'deleteProducts', listUri, force: true });

    expect(data).toMatchObject({ outcome: 'rejected', problems: [{ code, field: 'listUri' }] });
    expect(await left(world)).toHaveLength(4);
  });

  it('may lie where LIST_SOURCES says, by whole path segments', async () => {
    const world = await filled({ LIST_SOURCES: 'gs://product-search-images/lists/' });
    world.image('lists/a.txt', 'shoe-1');
    world.image('lists2/a.txt', 'shoe-2');
    const command = { command: 'deleteProducts', force: true };

    const allowed = await ended(world, { ...command, listUri: 'gs://product-search-images/lists/a.txt' });
    const refused = await ended(world, { ...command, listUri: 'gs://product-search-images/lists2/a.txt' });

    expect(allowed?.outcome).toBe('succeeded');
    expect(refused?.outcome).toBe('rejected');
    expect(await left(world)).toEqual(['hat-1', 'shoe-2', 'shoe-3']);
  });

  it('is read at the generation that it had: one that was replaced meanwhile is refused', async () => {
    const world = await filled();
    world.put('lists/old.txt', 'shoe-1\n');
    // The record is written once the generation is known.
    const stop = world.storage.onFinalize((object) => {
      if (
        !object.name.startsWith('requests/open/') ||
        world.text(`gs://${object.bucket}/${object.name}`).includes('"list"') === false
      )
        return;
      stop();
      world.put('lists/old.txt', 'shoe-2\n');
    });

    const data = await ended(world, { command: 'deleteProducts', listUri: LIST, force: true });

    expect(data).toMatchObject({ outcome: 'rejected', problems: [{ code: 'list-missing' }] });
    expect(await left(world)).toHaveLength(4);
  });
});

describe('a bulk delete', () => {
  it('is carried out by its plan, and refused once the list means something else', async () => {
    const world = await filled();
    const where = { labels: { color: 'red' } };
    const planned = await ended(world, { command: 'deleteProducts', where, dryRun: true });
    const stale = await ended(world, { command: 'deleteProducts', where, dryRun: true });

    const done = await ended(world, { command: 'deleteProducts', where, force: true, planId: planned?.planId });
    const refused = await ended(world, { command: 'deleteProducts', where, force: true, planId: stale?.planId });

    expect(done).toMatchObject({ outcome: 'succeeded', counts: { products: 3 } });
    expect(refused).toMatchObject({ outcome: 'rejected', problems: [{ code: 'plan-drifted' }] });
    expect((await world.ports.productSearch.listProducts(LOCATION)).items).toHaveLength(1);
  });
});
