/** What a dry run counts is what the same command counts when it is carried out. */
import { fill, poly, type SeededProduct } from './catalogue';
import { left, seedOriginals } from './derivedWorld';
import { leave, SWEEP, SWEEP_LEFT } from './sweepWorld';
import { createWorld, IMAGES, LOCATION, type World } from './world';

const ENDED = /^product-search\.(?:delete|purge|sweep)\.completed\.v1$/;
const BY_PRODUCT = { imageFiles: 'removeUnlessUsedByProduct' };
const BY_SWEEP = { imageFiles: 'removeUnlessUsed' };
const DERIVED = { derived: { keepOriginal: true } };
const ORIGINALS = { derived: { keepOriginal: false } };

type Fields = Record<string, unknown>;

/**
 * Product `p1` has two images of `twice.png`, one of its own, one whose file is missing, and one that lies outside;
 * it shares `both.png` with `p2`. Nothing uses `spare-1.png` and `spare-2.png`. Each has an original with two derived.
 */
async function filled(): Promise<World> {
  const world = createWorld({ REMOVABLE_IMAGES: `gs://${IMAGES}/shop/` });
  const uri = (name: string) => `gs://${IMAGES}/${name}.png`;
  const names = ['shop/twice', 'shop/own', 'elsewhere', 'shop/both', 'shop/spare-1', 'shop/spare-2'];
  for (const name of names) world.image(`${name}.png`);
  const image = (id: string, name: string, size = 10) => ({
    id,
    uri: uri(name),
    boundingPolys: [poly([0, 0], [size, 0], [size, size], [0, size])],
  });
  const products: SeededProduct[] = [
    {
      id: 'p1',
      sets: ['shoes'],
      images: [
        image('twice', 'shop/twice'),
        image('again', 'shop/twice', 20),
        image('own', 'shop/own'),
        image('missing', 'shop/missing'),
        image('outside', 'elsewhere'),
        image('both', 'shop/both'),
      ],
    },
    { id: 'p2', sets: ['shoes'], images: [image('both', 'shop/both')] },
  ];
  world.image('shop/missing.png');
  await fill(world, products);
  await world.ports.objects.delete({ bucket: IMAGES, name: 'shop/missing.png' });
  seedOriginals(world, [...names, 'shop/missing']);
  return world;
}

async function ended(world: World, command: Fields) {
  await world.publish(command);
  await world.settle();
  const data = world.events().findLast(({ type }) => ENDED.test(type))?.data;
  return { ...data, counts: data?.counts ?? {}, problems: data?.problems ?? [] };
}

/** Counts of a dry run of the command and of the command, in the same world. */
async function both(world: World, command: Fields) {
  const { force: _force, ...looking } = command;
  const before = left(world);
  const dry = await ended(world, { ...looking, dryRun: true });
  expect([dry.outcome, left(world), world.calls('deletePage')]).toEqual(['dryRun', before, 0]);
  const real = await ended(world, command);
  expect(real.outcome).toBe('succeeded');
  return { dry, real };
}

const IMAGE = { command: 'deleteReferenceImage', productId: 'p1' };
const FOLDER = { ...SWEEP, prefix: `gs://${IMAGES}/shop/` };

const COMMANDS: [string, Fields][] = [
  ...['twice', 'own', 'missing', 'outside', 'both'].map((referenceImageId): [string, Fields] => [
    `deleteReferenceImage ${referenceImageId}`,
    { ...IMAGE, referenceImageId },
  ]),
  ['deleteReferenceImage of none', { ...IMAGE, referenceImageId: 'nothing' }],
  ['deleteProduct', { command: 'deleteProduct', productId: 'p1' }],
  ['deleteProducts', { command: 'deleteProducts', productIds: ['p1', 'nobody'] }],
  ['purgeProductsInProductSet', { command: 'purgeProductsInProductSet', productSetId: 'shoes', force: true }],
];

describe('a dry run counts as the real run does', () => {
  const wishes: Fields[] = [{}, BY_PRODUCT, BY_SWEEP].flatMap((files) =>
    [{}, DERIVED, ORIGINALS].map((derived) => ({ ...files, ...derived })),
  );

  it.each(COMMANDS)('%s, whatever becomes of its files', async (_case, command) => {
    for (const wish of wishes) {
      const { dry, real } = await both(await filled(), { ...command, ...wish });

      expect({ wish, counts: dry.counts }).toEqual({ wish, counts: real.counts });
    }
  });

  it.each<[string, Fields, Fields]>([
    ['of a folder', FOLDER, { scanned: 5, referenced: 3, removed: 2, kept: 3 }],
    ['of what was left', SWEEP_LEFT, { scanned: 2, referenced: 1, removed: 1, kept: 1 }],
    ['of a folder in which all is too young', { ...FOLDER, olderThanDays: 9 }, { scanned: 5, removed: 0, kept: 5 }],
    ['of an empty folder', { ...SWEEP, prefix: `gs://${IMAGES}/shop/none/` }, { scanned: 0, removed: 0 }],
  ])('a sweep %s, with and without derived', async (_case, command, files) => {
    for (const wish of [{}, DERIVED, ORIGINALS]) {
      const world = await filled();
      await leave(world, `gs://${IMAGES}/shop/spare-1.png`, 'cmd-a');
      await leave(world, `gs://${IMAGES}/shop/own.png`, 'cmd-b');

      const { dry, real } = await both(world, { ...command, ...wish });

      expect({ wish, counts: dry.counts }).toEqual({ wish, counts: real.counts });
      expect(dry.counts).toMatchObject(files);
    }
  });
});

describe('a dry run', () => {
  it.each(COMMANDS.slice(-2))('of %s counts the same in its event, its report and its plan', async (_case, command) => {
    const world = await filled();

    const dry = await ended(world, { ...command, ...BY_PRODUCT, ...DERIVED, force: undefined, dryRun: true });

    expect(dry.counts).toMatchObject({ imageFilesRemoved: 3, imageFilesKept: 2, derived: 6 });
    for (const file of [dry.files?.report, dry.files?.plan]) {
      expect(JSON.parse(world.text(file)).counts).toEqual(dry.counts);
    }
  });

  it('keeps a file that another image of the product uses, and all that is derived of it', async () => {
    const command = { ...IMAGE, referenceImageId: 'twice', ...BY_PRODUCT, ...DERIVED };
    const world = await filled();

    const { dry } = await both(world, command);

    expect(dry.counts).toMatchObject({ referenceImages: 1, imageFilesRemoved: 0, imageFilesKept: 1, derived: 0 });
    expect(JSON.parse(world.text(dry.files?.report)).imageFiles).toMatchObject([
      { uri: `gs://${IMAGES}/shop/twice.png`, used: true },
    ]);
    expect(await world.ports.productSearch.getReferenceImage(LOCATION, 'p1', 'twice')).toBeNull();
  });

  it('that leaves files for a sweep asks Cloudinary nothing, and says that nothing is cleaned', async () => {
    const world = await filled();

    const { dry, real } = await both(world, { command: 'deleteProduct', productId: 'p1', ...BY_SWEEP, ...ORIGINALS });

    expect(dry.counts).toMatchObject({ imageFilesPending: 3, imageFilesKept: 2, derived: 0, originals: 0 });
    expect([dry.problems, real.problems].map((all) => all.map(({ code }) => code))).toEqual([
      ['nothing-to-clean'],
      ['nothing-to-clean'],
    ]);
    expect(world.calls('listOriginals')).toBe(0);
  });

  it('of a sweep says what would go at Cloudinary, and in how many calls', async () => {
    const world = await filled();

    const { dry } = await both(world, { ...FOLDER, ...ORIGINALS });

    expect(dry.counts).toMatchObject({ removed: 2, derived: 4, originals: 2 });
    expect(dry.problems).toMatchObject([{ code: 'estimate', severity: 'warning' }]);
    expect(JSON.parse(world.text(dry.files?.report)).derived).toEqual({
      exact: true,
      originals: 2,
      derived: 4,
      calls: 1,
    });
  });
});
