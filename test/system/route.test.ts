import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { imageLine } from './imageLine';
import { INTAKE, type LocalSystem, STATE, startLocalSystem } from './localSystem';

jest.setTimeout(120_000);

describe('the route from a dropped file and from messages to terminal events', () => {
  let system: LocalSystem;
  let uri: string;
  let importId: string;

  beforeAll(async () => {
    system = await startLocalSystem({ LOCAL_OPERATION_SECONDS: '0.5', LOCAL_TICK_SECONDS: '0.5' });
    uri = await system.image('shared.png');
    const own = await system.image('own.png');
    const lines = [
      imageLine({ uri, productId: 'p-one', displayName: 'One', labels: '"color=red,style=kids"' }),
      imageLine({ uri: own, imageId: 'i2', productId: 'p-one' }),
      imageLine({ uri, productId: 'p-one', productSetId: 'sale' }),
      imageLine({ uri, productId: 'p-image', productSetId: 'single' }),
      imageLine({ uri: own, imageId: 'i2', productId: 'p-image', productSetId: 'single' }),
      imageLine({ uri, productId: 'p-product', productSetId: 'single' }),
      imageLine({ uri: await system.image('removed.png'), productId: 'p-files', productSetId: 'single' }),
      imageLine({ uri, productId: 'p-bulk-1', productSetId: 'bulk' }),
      imageLine({ uri, productId: 'p-bulk-2', productSetId: 'bulk' }),
      imageLine({ uri, productId: 'p-purge-1', productSetId: 'purged' }),
      imageLine({ uri, imageId: 'i2', productId: 'p-purge-1', productSetId: 'purged' }),
      imageLine({ uri, productId: 'p-purge-2', productSetId: 'purged' }),
    ];
    importId = await system.drop('shoes.csv', lines.join(''));
    await system.events.ended(importId);
  });

  afterAll(() => system.stop());

  it('imports a CSV: one event, the sets, products and images, and the file in the archive', async () => {
    const event = await system.events.ended(importId);
    const { imported, alreadyPresent, ...counts } = event.data.counts;

    expect(event.type).toBe('product-search.import.completed.v1');
    expect(event.data).toMatchObject({ request: 'importProductSets', location: 'us-west1', outcome: 'succeeded' });
    expect(counts).toEqual({ lines: 12, failed: 0, skipped: 0 });
    expect((imported ?? 0) + (alreadyPresent ?? 0)).toBe(12);
    expect(event.data.operation).toMatchObject({ state: 'SUCCESSFUL', name: expect.stringContaining('/operations/') });
    expect(await system.content().productSets()).toEqual(['boots', 'bulk', 'purged', 'sale', 'single']);
    expect(await system.content().productsIn('sale')).toEqual(['p-one']);
    expect(await system.content().images('p-one')).toEqual(['i1', 'i2']);
    expect(await system.content().product('p-one')).toMatchObject({
      displayName: 'One',
      productCategory: 'apparel-v2',
      productLabels: expect.arrayContaining([expect.objectContaining({ key: 'color', value: 'red' })]),
    });
    await system.allClosed();
    expect(await system.text(event.data.files.archive)).toContain(`${uri},i1,boots,p-one,`);
    expect(await system.names(INTAKE)).toEqual([]);
  });

  it('publishes its event as a CloudEvent in binary mode, and keeps the same in the journal', async () => {
    const event = await system.events.ended(importId);
    const day = (event.attributes['ce-time'] ?? '').slice(0, 10);

    expect(event.attributes).toMatchObject({
      'ce-specversion': '1.0',
      'ce-source': '//product-search-cleanup/projects/local-project/locations/us-west1',
      'ce-subject': `requests/${importId}`,
      'content-type': 'application/json',
    });
    const journaled: unknown = JSON.parse(await system.text(`gs://${STATE}/events/${day}/${event.id}.json`));
    expect(journaled).toMatchObject({ specversion: '1.0', id: event.id, type: event.type, data: event.data });
  });

  it('deletes one reference image, after a dry run that changes nothing', async () => {
    const command = { command: 'deleteReferenceImage', productId: 'p-image', referenceImageId: 'i2' };
    const dry = await system.command({ ...command, requestId: 'image-dry', dryRun: true });

    expect(dry.data).toMatchObject({ outcome: 'dryRun', counts: { referenceImages: 1 } });
    expect(await system.content().images('p-image')).toEqual(['i1', 'i2']);

    const event = await system.command({ ...command, requestId: 'image', reason: 'blurred' });

    expect(event.type).toBe('product-search.delete.completed.v1');
    expect(event.data).toMatchObject({ outcome: 'succeeded', counts: { referenceImages: 1 }, reason: 'blurred' });
    expect(await system.content().images('p-image')).toEqual(['i1']);
  });

  it('deletes a product, and says so where it is gone already', async () => {
    const command = { command: 'deleteProduct', productId: 'p-product' };
    const first = await system.command({ ...command, requestId: 'product' });
    const second = await system.command({ ...command, requestId: 'product-again' });

    expect(first.data).toMatchObject({ outcome: 'succeeded', counts: { products: 1, alreadyAbsent: 0 } });
    expect(second.data).toMatchObject({ outcome: 'succeeded', counts: { products: 0, alreadyAbsent: 1 } });
    expect(await system.content().products()).not.toContain('p-product');
  });

  it('removes the image file with the product where it is asked to', async () => {
    const event = await system.command({
      command: 'deleteProduct',
      productId: 'p-files',
      requestId: 'files',
      imageFiles: 'removeUnlessUsedByProduct',
    });

    expect(event.data).toMatchObject({ outcome: 'succeeded', counts: { products: 1, imageFilesRemoved: 1 } });
    expect(await system.names('product-search-images')).toEqual(['own.png', 'shared.png']);
  });

  it('deletes many products by id', async () => {
    const event = await system.command({
      command: 'deleteProducts',
      productIds: ['p-bulk-1', 'p-bulk-2', 'p-never'],
      requestId: 'bulk',
    });

    expect(event.type).toBe('product-search.delete.completed.v1');
    expect(event.data).toMatchObject({ outcome: 'succeeded', counts: { products: 2, alreadyAbsent: 1, failed: 0 } });
    expect(await system.content().productsIn('bulk')).toEqual([]);
  });

  it('purges a set after a dry run that lists what would go, and leaves a snapshot of it', async () => {
    const command = { command: 'purgeProductsInProductSet', productSetId: 'purged' };
    const dry = await system.command({ ...command, requestId: 'purge-dry', dryRun: true });
    const report = JSON.parse(await system.text(dry.data.files.report)) as { wouldGo: { products: { id: string }[] } };

    expect(dry.data).toMatchObject({ outcome: 'dryRun', counts: { products: 2, referenceImages: 3 } });
    expect(report.wouldGo.products.map(({ id }) => id)).toEqual(['p-purge-1', 'p-purge-2']);
    expect(await system.content().productsIn('purged')).toEqual(['p-purge-1', 'p-purge-2']);

    const event = await system.command({ ...command, requestId: 'purge', force: true });
    const snapshot = await system.text(event.data.files.snapshot);

    expect(event.type).toBe('product-search.purge.completed.v1');
    expect(event.data).toMatchObject({ outcome: 'succeeded', counts: { products: 2, referenceImages: 3, failed: 0 } });
    expect(await system.content().productsIn('purged')).toEqual([]);
    expect(await system.content().productSets()).toContain('purged');
    expect(snapshot).toContain('products-');
    expect(await system.names(STATE, 'snapshots/cmd-purge/')).toContain('snapshots/cmd-purge/import-00001.csv');
  });

  it('brings back what it has purged from the snapshot, and says so once more where nothing is missing', async () => {
    const snapshot = `gs://${STATE}/snapshots/cmd-purge/snapshot.json`;
    const before = JSON.parse(await system.text(snapshot)) as { parts: { products: string }[] };
    const event = await system.command({ command: 'restoreSnapshot', snapshot, requestId: 'restore' });
    const again = await system.command({ command: 'restoreSnapshot', snapshot, requestId: 'restore-again' });

    expect(event.type).toBe('product-search.restore.completed.v1');
    const nothing = { products: 0, referenceImages: 0, productSets: 0, alreadyPresent: 0, failed: 0 };
    expect(event.data).toMatchObject({ outcome: 'succeeded', counts: { ...nothing, products: 2, referenceImages: 3 } });
    expect(again.data).toMatchObject({ outcome: 'succeeded', counts: { ...nothing, alreadyPresent: 5 } });
    expect(await system.content().productsIn('purged')).toEqual(['p-purge-1', 'p-purge-2']);
    const [first = ''] = (await system.text(before.parts[0]?.products)).split('\n');
    const { name, ...product } = (JSON.parse(first) as { product: { name: string } }).product;
    expect(await system.content().product(name.split('/').at(-1) ?? '')).toMatchObject(product);
  });

  it('refuses to purge a set whose products are in another set, too, and says which', async () => {
    const event = await system.command({
      command: 'purgeProductsInProductSet',
      productSetId: 'sale',
      requestId: 'purge-shared',
      force: true,
    });

    expect(event.data).toMatchObject({ outcome: 'rejected', counts: { products: 0 } });
    expect(event.data.problems[0]).toMatchObject({
      code: 'shared-products',
      message: expect.stringContaining('p-one'),
    });
    expect(await system.content().productsIn('sale')).toEqual(['p-one']);
  });

  it('deletes a set whose products stay, and purges them as orphans, in the location that the file named', async () => {
    const europe = system.content('europe-west1');
    const drop = await system.drop('eu-west1/one.csv', imageLine({ uri, productId: 'p-left', productSetId: 'gone' }));
    expect((await system.events.ended(drop)).data).toMatchObject({ location: 'europe-west1', outcome: 'succeeded' });

    const location = 'eu-west1';
    const set = await system.command({ command: 'deleteProductSet', productSetId: 'gone', requestId: 'set', location });
    expect(set.data).toMatchObject({ outcome: 'succeeded', counts: { productSets: 1 }, location: 'europe-west1' });
    expect(await europe.productSets()).toEqual([]);
    expect(await europe.products()).toEqual(['p-left']);

    const purge = { command: 'purgeOrphanProducts', location };
    const dry = await system.command({ ...purge, requestId: 'orphans-dry', dryRun: true });
    expect(dry.data).toMatchObject({ outcome: 'dryRun', counts: { products: 1 } });
    const event = await system.command({ ...purge, requestId: 'orphans', force: true });
    expect(event.data).toMatchObject({ outcome: 'succeeded', counts: { products: 1, failed: 0 } });
    expect(await europe.products()).toEqual([]);
    expect(await system.content().products()).toContain('p-one');
  });

  it('has closed every request with exactly one terminal event, and printed no warning and no stack trace', async () => {
    await system.allClosed();
    const terminal = system.events.all.filter((event) => event.type.endsWith('.completed.v1'));
    const ids = new Set(terminal.map((event) => event.data.requestId));

    expect(new Set(terminal.map((event) => event.id)).size).toBe(ids.size);
    expect(await system.names(STATE, 'requests/closed/')).toHaveLength(ids.size);
    expect(system.output.errors()).toBe('');
    expect(system.output.text()).not.toMatch(/credential|metadata server|\n\s+at |error /i);
    const log = readFileSync(join(system.folder, 'log.jsonl'), 'utf8');
    expect(log).toContain('"severity":"INFO"');
    expect(log.split('\n').filter((line) => line !== '' && !/^\{"severity":"(DEBUG|INFO|NOTICE)"/.test(line))).toEqual(
      [],
    );
  });
});
