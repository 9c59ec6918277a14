import type { ImageFile } from '../../shared/core/request';
import { filesFile, handledFile } from '../../shared/steps/imageFiles';
import { removeImageFiles } from '../../shared/steps/removeImageFiles';
import type { StepContext } from '../../shared/steps/step';
import { commandRecord } from '../core/requests';
import { createWorld, IMAGES, LOCATION, type World } from '../engine/world';
import { stepTrial } from './stepContext';

const ALL = { imageFiles: 'removeUnlessUsedByProduct' } as const;

/** The file of a reference image as it was seen before the delete. */
async function seen(world: World, name: string, change: Partial<ImageFile> = {}): Promise<ImageFile> {
  const stored = await world.ports.objects.stat({ bucket: IMAGES, name });
  return {
    productId: 'p1',
    uri: `gs://${IMAGES}/${name}`,
    generation: stored?.generation ?? null,
    removable: true,
    ...change,
  };
}

async function useFile(world: World, productId: string, name: string): Promise<void> {
  const search = world.ports.productSearch;
  const product = { id: productId, displayName: '', description: '', productCategory: 'toys-v2', productLabels: [] };
  await search.createProduct(LOCATION, { ...product, displayName: productId });
  const image = { id: name.replace('.', '-'), uri: `gs://${IMAGES}/${name}`, boundingPolys: [] };
  await search.createReferenceImage(LOCATION, productId, image);
}

/** A record whose survey had these files, one list a survey file. */
async function surveyed(world: World, context: StepContext, ...chunks: ImageFile[][]): Promise<void> {
  context.record.facts.survey = { products: 1, stay: 0, chunks: chunks.length, rounds: [0], digest: '' };
  for (const [chunk, files] of chunks.entries()) {
    const options = { contentType: 'application/json' };
    await world.ports.objects.write(filesFile(context, chunk), JSON.stringify(files), options);
  }
}

async function handled(world: World, context: StepContext, chunk = 0): Promise<[string, boolean, string][]> {
  const { bucket, name } = handledFile(context, chunk);
  const list = JSON.parse(world.text(`gs://${bucket}/${name}`)) as { uri: string; removed: boolean; reason: string }[];
  return list.map(({ uri, removed, reason }) => [uri.slice(`gs://${IMAGES}/`.length), removed, reason]);
}

describe('an image file of a deleted reference', () => {
  it.each<[string, Partial<ImageFile>, (world: World) => Promise<void> | void, boolean, RegExp, boolean]>([
    ['is removed where nothing speaks for it', {}, () => undefined, true, /no reference image of the product/, false],
    ['stays outside REMOVABLE_IMAGES', { removable: false }, () => undefined, false, /outside REMOVABLE_IMAGES/, true],
    ['stays if it came after the look', { generation: null }, () => undefined, false, /was not there before/, true],
    [
      'stays if it was replaced since',
      {},
      (world) => void world.image('1.png', 'new content'),
      false,
      /replaced since generation \d+ was seen/,
      true,
    ],
    [
      'stays if the product uses it in another image',
      {},
      (world) => useFile(world, 'p1', '1.png'),
      false,
      /still used by product p1/,
      true,
    ],
    [
      'goes although another product uses it: only the same product counts',
      {},
      (world) => useFile(world, 'p2', '1.png'),
      true,
      /no reference image of the product/,
      false,
    ],
    [
      'counts as removed if it is gone already: the step may run twice',
      {},
      (world) => world.ports.objects.delete({ bucket: IMAGES, name: '1.png' }).then(() => undefined),
      true,
      /no reference image of the product/,
      false,
    ],
    ['stays if its URI is none', { uri: 'gs://' }, () => undefined, false, /outside REMOVABLE_IMAGES/, true],
  ])('%s', async (_case, change, meanwhile, removed, reason, isThere) => {
    const world = createWorld();
    world.image('1.png');
    const file = await seen(world, '1.png', change);
    const { context } = stepTrial(
      world,
      commandRecord('deleteProduct', ALL, { facts: { one: { referenceImages: 1, files: [file] } } }),
    );
    await meanwhile(world);

    const result = await removeImageFiles(context, undefined);

    const [outcome] = await handled(world, context);
    expect(result).toEqual({ kind: 'done' });
    expect(outcome?.slice(1)).toEqual([removed, expect.stringMatching(reason)]);
    expect(context.record.counts).toMatchObject({
      imageFilesRemoved: removed ? 1 : 0,
      imageFilesKept: removed ? 0 : 1,
    });
    expect(world.names(IMAGES)).toEqual(isThere ? ['1.png'] : []);
  });

  it('that several deleted products used goes once, unless one of them uses it still', async () => {
    const world = createWorld();
    for (const name of ['1.png', '2.png']) world.image(name);
    const { context } = stepTrial(world, commandRecord('deleteProducts', ALL));
    const files = ['1.png', '2.png'].flatMap((name) => ['p1', 'p2'].map((productId) => ({ name, productId })));
    await surveyed(world, context, await Promise.all(files.map((file) => seen(world, file.name, file))));
    await useFile(world, 'p2', '2.png');

    await removeImageFiles(context, undefined);

    expect(await handled(world, context)).toEqual([
      ['1.png', true, expect.anything()],
      ['2.png', false, 'still used by product p2'],
    ]);
    expect(context.record.counts).toMatchObject({ imageFilesRemoved: 1, imageFilesKept: 1 });
  });
});

describe('the removal of many files', () => {
  it('goes on from its cursor when the time is used up, and counts each file once', async () => {
    const world = createWorld();
    for (const name of ['1.png', '2.png', '3.png']) world.image(name);
    const { context, checkpoints } = stepTrial(world, commandRecord('deleteProducts', ALL), () => true);
    const chunks = ['1.png', '2.png', '3.png'].map(async (name) => [await seen(world, name)]);
    await surveyed(world, context, ...(await Promise.all(chunks)));

    const results = [];
    let cursor: unknown;
    for (let time = 0; time < 4; time += 1) {
      const result = await removeImageFiles(context, structuredClone(cursor));
      results.push(result);
      cursor = result.kind === 'more' ? result.cursor : undefined;
      if (result.kind === 'done') break;
    }

    expect(results).toEqual([
      { kind: 'more', cursor: { chunk: 1 } },
      { kind: 'more', cursor: { chunk: 2 } },
      { kind: 'more', cursor: { chunk: 3 } },
      { kind: 'done' },
    ]);
    expect(checkpoints).toEqual([{ chunk: 0 }]);
    expect(context.record.counts).toMatchObject({ imageFilesRemoved: 3, imageFilesKept: 0 });
    expect(world.names(IMAGES)).toEqual([]);
  });

  it('writes down how far it is after each survey file', async () => {
    const world = createWorld();
    const { context, checkpoints } = stepTrial(world, commandRecord('deleteProducts', ALL));
    await surveyed(world, context, [], []);

    await removeImageFiles(context, undefined);

    expect(checkpoints).toEqual([{ chunk: 0 }, { chunk: 1 }, { chunk: 2 }]);
  });

  it('of a request that has seen none removes none and says so', async () => {
    const world = createWorld();
    world.image('1.png');
    const { context } = stepTrial(world, commandRecord('deleteProducts', ALL));

    expect(await removeImageFiles(context, undefined)).toEqual({ kind: 'done' });
    expect(context.record.counts).toMatchObject({ imageFilesRemoved: 0, imageFilesKept: 0 });
    expect(world.names(IMAGES)).toEqual(['1.png']);
  });
});
