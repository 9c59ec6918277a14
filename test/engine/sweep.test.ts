import { ServiceError } from '../../shared/core/errors';
import {
  createWorld,
  DAY,
  fate,
  IMAGES,
  isThere,
  justBefore,
  LOCATION,
  leave,
  STATE,
  SWEEP,
  SWEEP_LEFT,
  SWEPT,
  sweepReport,
  useFile,
  type World,
} from './sweepWorld';

const DELETED = 'product-search.delete.completed.v1';
const WAITING = 'product-search.request.waiting.v1';

async function swept(world: World, command: object = SWEEP) {
  const ended = world.events(SWEPT).length;
  await world.publish(command);
  await world.settle();
  const events = world.events(SWEPT);
  expect(events).toHaveLength(ended + 1);
  return events.at(-1)?.data as NonNullable<(typeof events)[number]>['data'];
}

interface Case {
  what: string;
  arrange(world: World, uri: string): Promise<void> | void;
  stays: boolean;
  /** In its last content. */
  isThere: boolean;
  reason: RegExp;
}

const CASES: Case[] = [
  { what: 'used by nothing', arrange: () => undefined, stays: false, isThere: false, reason: /nothing names it/ },
  {
    what: 'used by two products',
    arrange: async (world, uri) => {
      await useFile(world, 'p1', uri);
      await useFile(world, 'p2', uri);
    },
    stays: true,
    isThere: true,
    reason: /^used by product p[12] in us-west1$/,
  },
  {
    what: 'used by two polygons of one product',
    arrange: async (world, uri) => {
      await useFile(world, 'p1', uri);
      await useFile(world, 'p1', uri);
    },
    stays: true,
    isThere: true,
    reason: /^used by product p1 in us-west1$/,
  },
  {
    what: 'used by the one polygon that is left of two',
    arrange: async (world, uri) => {
      await useFile(world, 'p1', uri);
      await useFile(world, 'p1', uri);
      await world.ports.productSearch.deleteReferenceImage(LOCATION, 'p1', 'i0');
    },
    stays: true,
    isThere: true,
    reason: /^used by product p1 in us-west1$/,
  },
  {
    what: 'used by a product in another location',
    arrange: (world, uri) => useFile(world, 'p1', uri, 'asia-east1'),
    stays: true,
    isThere: true,
    reason: /^used by product p1 in asia-east1$/,
  },
  {
    what: 'used by a product that is gone',
    arrange: async (world, uri) => {
      await useFile(world, 'p1', uri);
      await world.ports.productSearch.deleteProduct(LOCATION, 'p1');
    },
    stays: false,
    isThere: false,
    reason: /nothing names it/,
  },
  {
    what: 'replaced after it was marked',
    arrange: (world) =>
      justBefore(
        world,
        'delete',
        ({ bucket }: { bucket: string }) => bucket === IMAGES,
        () => world.image('1.png', 'new'),
      ),
    stays: true,
    isThere: true,
    reason: /^replaced since generation \d+ was seen$/,
  },
  {
    what: 'gone after it was listed',
    arrange: (world) =>
      justBefore(
        world,
        'listProducts',
        () => true,
        () => void world.ports.objects.delete({ bucket: IMAGES, name: '1.png' }),
      ),
    stays: false,
    isThere: false,
    reason: /nothing names it/,
  },
];

const LEFT_CASES: Case[] = [
  ...CASES,
  {
    what: 'replaced after it was left',
    arrange: (world) => void world.image('1.png', 'new'),
    stays: true,
    isThere: true,
    reason: /^replaced since generation \d+ was seen$/,
  },
  {
    what: 'gone before the sweep',
    arrange: async (world) => void (await world.ports.objects.delete({ bucket: IMAGES, name: '1.png' })),
    stays: true,
    isThere: false,
    reason: /^already gone$/,
  },
];

function check(world: World, data: { outcome: string; counts: Record<string, number> }, one: Case, uri: string): void {
  const found = fate(world, uri);
  expect(found).toEqual({ removed: !one.stays, reason: expect.stringMatching(one.reason) });
  const referenced = found?.reason.startsWith('used') ? 1 : 0;
  const [removed, kept] = one.stays ? [0, 1] : [1, 0];
  expect(data).toMatchObject({ outcome: 'succeeded', counts: { scanned: 1, referenced, removed, kept, failed: 0 } });
  expect(isThere(world, uri)).toBe(one.isThere);
}

describe('a file under the prefix', () => {
  it.each(CASES)('$what', async (one) => {
    const world = createWorld();
    const uri = world.image('1.png');
    await one.arrange(world, uri);

    check(world, await swept(world), one, uri);
  });
});

describe('a file that was left for a sweep', () => {
  it.each(LEFT_CASES)('$what', async (one) => {
    const world = createWorld();
    const uri = world.image('1.png');
    await leave(world, uri);
    await one.arrange(world, uri);

    check(world, await swept(world, SWEEP_LEFT), one, uri);
    expect(world.names(STATE, 'candidates/')).toEqual([]);
  });

  it('outside REMOVABLE_IMAGES stays', async () => {
    const world = createWorld({ REMOVABLE_IMAGES: `gs://${IMAGES}/shoes/` });
    const uri = world.image('1.png');
    await leave(world, uri);

    expect((await swept(world, SWEEP_LEFT)).counts).toMatchObject({ scanned: 1, removed: 0, kept: 1 });
    expect(fate(world, uri)).toEqual({ removed: false, reason: 'outside REMOVABLE_IMAGES' });
    expect(isThere(world, uri)).toBe(true);
  });

  it('by two requests is looked at once', async () => {
    const world = createWorld();
    const uri = world.image('1.png');
    await leave(world, uri, 'cmd-a');
    await leave(world, uri, 'cmd-b');

    expect((await swept(world, SWEEP_LEFT)).counts).toMatchObject({ scanned: 1, removed: 1 });
    expect(world.names(STATE, 'candidates/')).toEqual([]);
  });

  it('and is too young stays a candidate until it is old enough', async () => {
    const world = createWorld();
    const uri = world.image('1.png');
    await leave(world, uri);
    const command = { ...SWEEP_LEFT, olderThanDays: 30 };

    world.pass(29 * DAY);
    const first = await swept(world, command);
    const left = world.names(STATE, 'candidates/');
    world.pass(DAY);
    const second = await swept(world, command);

    expect([first.counts, second.counts]).toMatchObject([
      { scanned: 1, removed: 0, kept: 1 },
      { scanned: 1, removed: 1, kept: 0 },
    ]);
    expect(left).toEqual([expect.stringMatching(/^candidates\/cmd-m[0-9a-f]{64}-00001\.json$/)]);
    expect(isThere(world, uri)).toBe(false);
  });

  it('of a purge is kept while its snapshot is young, and removed by a later sweep', async () => {
    const world = createWorld();
    const uri = world.image('1.png');
    await world.drop('shoes.csv', `${uri},i,shoes,p1,apparel-v2,,,\n`);
    await world.settle();
    const purge = { command: 'purgeProductsInProductSet', productSetId: 'shoes', force: true };
    await world.publish({ ...purge, imageFiles: 'removeUnlessUsed' });
    await world.settle();

    const young = await swept(world, SWEEP_LEFT);
    world.pass(31 * DAY);
    const old = await swept(world, SWEEP_LEFT);

    expect(young.counts).toMatchObject({ scanned: 1, referenced: 1, removed: 0, kept: 1 });
    expect(fate(world, uri, 0)?.reason).toMatch(/^used by snapshot cmd-m/);
    expect(old.counts).toMatchObject({ scanned: 1, referenced: 0, removed: 1 });
    expect(isThere(world, uri)).toBe(false);
  });
});

describe('deletes that leave image files', () => {
  it.each([
    ['deleteReferenceImage', { command: 'deleteReferenceImage', productId: 'p1', referenceImageId: 'i' }],
    ['deleteProduct', { command: 'deleteProduct', productId: 'p1' }],
    ['deleteProducts', { command: 'deleteProducts', productIds: ['p1'] }],
  ])('%s counts them as pending, and the next sweep removes them', async (_name, command) => {
    const world = createWorld();
    const uri = world.image('1.png');
    await world.drop('shoes.csv', `${uri},i,shoes,p1,apparel-v2,,,\n`);
    await world.settle();

    await world.publish({ ...command, imageFiles: 'removeUnlessUsed' });
    await world.settle();
    const pending = isThere(world, uri);
    world.pass(1_000);
    await swept(world, SWEEP_LEFT);

    const counts = { imageFilesRemoved: 0, imageFilesKept: 0, imageFilesPending: 1 };
    expect(world.events(DELETED)[0]?.data).toMatchObject({ outcome: 'succeeded', counts });
    expect([pending, isThere(world, uri)]).toEqual([true, false]);
  });

  it('leave nothing where files may not be removed', async () => {
    const world = createWorld({ REMOVABLE_IMAGES: '' });
    await useFile(world, 'p1', world.image('1.png'));

    await world.publish({ command: 'deleteProduct', productId: 'p1', imageFiles: 'removeUnlessUsed' });
    await world.settle();

    expect(world.events(DELETED)[0]?.data.counts).toMatchObject({ imageFilesPending: 0, imageFilesKept: 1 });
    expect(world.names(STATE, 'candidates/')).toEqual([]);
  });
});

describe('the prefix', () => {
  it('is taken by whole path segments', async () => {
    const world = createWorld();
    const [inside, beside] = [world.image('a/1.png'), world.image('ab/1.png')];

    const data = await swept(world, { ...SWEEP, prefix: `gs://${IMAGES}/a/` });

    expect(data.counts).toMatchObject({ scanned: 1, removed: 1 });
    expect([isThere(world, inside), isThere(world, beside)]).toEqual([false, true]);
  });

  it.each([
    ['gs://product-search-images/a/', 'gs://product-search-images/ab/'],
    ['gs://product-search-images/a/', 'gs://product-search-images/'],
    ['gs://product-search-images/', 'gs://product-search-images-2/'],
    ['', 'gs://product-search-images/'],
  ])('is refused where REMOVABLE_IMAGES is "%s" and it is %s', async (removable, prefix) => {
    const world = createWorld({ REMOVABLE_IMAGES: removable });
    const uri = world.image('ab/1.png');

    expect(await swept(world, { ...SWEEP, prefix })).toMatchObject({
      outcome: 'rejected',
      problems: [{ code: 'not-removable', field: 'prefix' }],
    });
    expect(isThere(world, uri)).toBe(true);
  });
});

describe('the belt', () => {
  it('refuses to remove more than maxFiles, with number, limit and field', async () => {
    const world = createWorld();
    for (const name of ['1.png', '2.png', '3.png']) world.image(name);
    await useFile(world, 'p1', world.image('4.png'));

    const data = await swept(world, { ...SWEEP, maxFiles: 2 });

    expect(data).toMatchObject({ outcome: 'rejected', counts: { scanned: 4, referenced: 1, removed: 0, kept: 4 } });
    expect(data.problems[0]).toMatchObject({ code: 'max-files', field: 'maxFiles' });
    expect(data.problems[0]?.message).toMatch(/^3 image files .* at most 2 .*\(maxFiles\)/);
    expect(world.names(IMAGES)).toHaveLength(4);
    expect((await swept(world, { ...SWEEP, maxFiles: 3 })).counts).toMatchObject({ removed: 3 });
  });

  it('is told of by a dry run, which counts all the same what would go', async () => {
    const world = createWorld();
    for (const name of ['1.png', '2.png', '3.png']) world.image(name);

    const data = await swept(world, { ...SWEEP, dryRun: true, maxFiles: 2 });

    expect(data).toMatchObject({ outcome: 'dryRun', counts: { scanned: 3, removed: 3 } });
    expect(data.problems).toEqual([
      { code: 'max-files', field: 'maxFiles', message: expect.stringMatching(/^3 image/) },
    ]);
  });

  it('keeps files that are too young', async () => {
    const world = createWorld();
    const old = world.image('old.png');
    world.pass(20 * DAY);
    const young = world.image('young.png');
    world.pass(10 * DAY);

    const data = await swept(world, { ...SWEEP, olderThanDays: 30 });

    expect(data.counts).toMatchObject({ scanned: 2, removed: 1, kept: 1 });
    expect([isThere(world, old), isThere(world, young)]).toEqual([false, true]);
    expect(fate(world, young)?.reason).toMatch(/^too young: made on 2026-12-12T/);
  });

  it('goes on without a file whose removal is refused, and leaves that for the next sweep', async () => {
    const world = createWorld();
    const [held, free] = [world.image('held.png'), world.image('free.png')];
    await leave(world, held, 'cmd-a');
    await leave(world, free, 'cmd-b');

    const when = (object: unknown) => (object as { name: string }).name === 'held.png';
    world.failCall('delete', new ServiceError('Storage.ObjectsDelete', 'PERMISSION_DENIED', 'object hold'), { when });

    const first = await swept(world, SWEEP_LEFT);
    const second = await swept(world, SWEEP_LEFT);

    expect(first).toMatchObject({ outcome: 'partial', counts: { scanned: 2, removed: 1, failed: 1, kept: 0 } });
    expect(first.problems[0]?.message).toMatch(/held\.png was not removed: .*object hold/);
    expect(second).toMatchObject({ outcome: 'succeeded', counts: { scanned: 1, removed: 1 } });
  });
});

describe('a dry run', () => {
  it('counts and lists exactly, and changes nothing', async () => {
    const world = createWorld();
    const [unused, used] = [world.image('1.png'), world.image('2.png')];
    await useFile(world, 'p1', used);
    const { force: _force, ...command } = SWEEP;

    const data = await swept(world, { ...command, dryRun: true, maxFiles: 1 });

    expect(data).toMatchObject({ outcome: 'dryRun', counts: { scanned: 2, referenced: 1, removed: 1, kept: 1 } });
    expect(sweepReport(world).imageFiles).toMatchObject([
      { uri: unused, removed: false, reason: 'would be removed: nothing names it' },
      { uri: used, removed: false, reason: 'used by product p1 in us-west1' },
    ]);
    expect(world.names(IMAGES)).toHaveLength(2);
    expect(world.names(STATE, 'reservations/')).toEqual([]);
  });

  it('leaves what was left for a sweep where it is', async () => {
    const world = createWorld();
    await leave(world, world.image('1.png'));

    expect((await swept(world, { command: 'sweepImageFiles', dryRun: true, olderThanDays: 0 })).counts).toMatchObject({
      scanned: 1,
      removed: 1,
    });
    expect(world.names(STATE, 'candidates/')).toHaveLength(1);
  });
});

it('without anything to look at a sweep ends at once, and reads no product', async () => {
  const world = createWorld();

  expect(await swept(world, SWEEP_LEFT)).toMatchObject({ outcome: 'succeeded', counts: { scanned: 0, removed: 0 } });
  expect(world.calls('listProducts')).toBe(0);
  expect(world.events(WAITING)).toEqual([]);
});
