import { addProductSet, createWorld, IMAGE_URI, PARENT } from './setup';

const line = (n: number) => `${IMAGE_URI},i${n},s,p${n},apparel-v2,,,\n`;

describe('the knobs for simulations', () => {
  it('let single lines of the next import fail, and only of the next', () => {
    const world = createWorld();
    world.put('gs://csv/a.csv', line(1) + line(2));
    world.model.failNextLines([1], { code: 14, message: 'not now' });

    const names = [1, 2].map(
      () => world.model.importProductSets({ parent: PARENT, csvFileUri: 'gs://csv/a.csv' }).name,
    );
    world.pass(10_000);

    const codes = names.map((name) => {
      const { response } = world.model.getOperation({ name });
      return response?.kind === 'import' ? response.statuses.map((status) => status.code) : [];
    });
    expect(codes).toEqual([
      [0, 14],
      [6, 0],
    ]);
  });

  it('let the next indexing of a set fail', () => {
    const world = createWorld();
    const name = addProductSet(world, 's');
    world.model.failNextIndexing(name, { message: 'no index today' });
    world.pass(60_000);

    expect(world.model.getProductSet({ name })).toMatchObject({
      indexTimeMs: 0,
      indexError: { code: 13, message: 'no index today' },
    });
  });

  it('tell of operations that begin and end, and of products before they go', () => {
    const told: unknown[] = [];
    const world = createWorld({
      observer: {
        operationStarted: ({ kind, productSetIds }) => told.push({ kind, productSetIds }),
        operationEnded: (_id, statuses) => told.push({ ended: statuses?.map((status) => status.code) }),
        productDropped: (location, product) => told.push({ location, dropped: product.id, sets: product.sets.length }),
      },
    });
    world.put('gs://csv/a.csv', line(1));
    world.model.importProductSets({ parent: PARENT, csvFileUri: 'gs://csv/a.csv' });
    world.pass(10_000);
    world.model.purgeProducts({ parent: PARENT, target: { productSetId: 's' }, force: true });
    world.pass(10_000);
    world.model.listProductSets({ parent: PARENT });

    expect(told).toEqual([
      { kind: 'import', productSetIds: ['s'] },
      { ended: [0] },
      { kind: 'purge', productSetIds: ['s'] },
      { location: 'us-west1', dropped: 'p1', sets: 1 },
      { ended: undefined },
    ]);
  });
});
