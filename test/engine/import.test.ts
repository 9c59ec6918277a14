import { createWorld, IMAGES, INTAKE, LOCATION, STATE, type World } from './world';

const COMPLETED = 'product-search.import.completed.v1';

function line(world: World, n: number, set = 'shoes'): string {
  return `${world.image(`${n}.png`)},image-${n},${set},product-${n},apparel-v2,Shoe ${n},"color=red,size=${n}",\n`;
}

function lines(world: World, count: number, set?: string): string {
  return Array.from({ length: count }, (_, index) => line(world, index + 1, set)).join('');
}

async function productIds(world: World, set: string): Promise<string[]> {
  const page = await world.ports.productSearch.listProductsInProductSet(LOCATION, set);
  return page.items.map((product) => product.id).sort();
}

describe('a dropped CSV', () => {
  it('ends in one event, with its products in the set and the file in the archive', async () => {
    const world = createWorld();

    await world.drop('shoes.csv', lines(world, 3));
    await world.settle();

    const events = world.events(COMPLETED);
    expect(events).toHaveLength(1);
    expect(events[0]?.data).toMatchObject({
      request: 'importProductSets',
      outcome: 'succeeded',
      counts: { lines: 3, imported: 3, alreadyPresent: 0, failed: 0, skipped: 0 },
      operation: { state: 'SUCCESSFUL' },
    });
    expect(await productIds(world, 'shoes')).toEqual(['product-1', 'product-2', 'product-3']);
    expect(world.names(INTAKE)).toEqual([]);
    expect(world.names(STATE, 'archive/')).toEqual([`archive/2026-11-22/${events[0]?.data.requestId}/shoes.csv`]);
  });

  it('goes to the location that its name begins with', async () => {
    const world = createWorld();

    await world.drop('us-east1/urgent/shoes.csv', lines(world, 1));
    await world.settle();

    expect(world.events(COMPLETED)[0]?.data).toMatchObject({ location: 'us-east1', outcome: 'succeeded' });
    expect(await world.ports.productSearch.getProduct('us-east1', 'product-1')).toMatchObject({ id: 'product-1' });
  });

  it('is refused in a region where Product Search is not served, and archived', async () => {
    const world = createWorld();

    await world.drop('us-central1/shoes.csv', lines(world, 1));
    await world.settle();

    expect(world.events(COMPLETED)[0]?.data).toMatchObject({ outcome: 'rejected', problems: [{ code: 'location' }] });
    expect(world.names(STATE, 'archive/')).toHaveLength(1);
  });

  it('is imported without its bad lines, which come back byte for byte', async () => {
    const world = createWorld();
    const bad = `gs://${IMAGES}/1.png,image-9,shoes,product/9,apparel-v2,,,\r\n`;
    const missing = `gs://${IMAGES}/missing.png,image-8,shoes,product-8,apparel-v2,,,\n`;

    await world.drop('shoes.csv', line(world, 1) + bad + missing + line(world, 2));
    await world.settle();

    const [event] = world.events(COMPLETED);
    expect(event?.data).toMatchObject({
      outcome: 'partial',
      counts: { lines: 4, imported: 2, alreadyPresent: 0, failed: 1, skipped: 1 },
      problems: [
        { code: 'product-id', line: 2, column: 4 },
        { code: 'not-found', line: 3 },
      ],
    });
    expect(world.text(event?.data.files.retryCsv)).toBe(bad + missing);
    const rows = world.text(event?.data.files.linesCsv).split('\n');
    expect(rows[0]).toBe('file,line,column,code,message');
    expect(rows[1]).toMatch(/^gs:\/\/product-search-intake\/shoes\.csv,2,4,product-id,/);
    expect(rows[2]).toMatch(/^gs:\/\/product-search-intake\/shoes\.csv,3,,not-found,/);
    expect(JSON.parse(world.text(event?.data.files.report))).toMatchObject({
      counts: { imported: 2, failed: 1, skipped: 1 },
      problems: [{ line: 2 }, { line: 3 }],
    });
  });

  it('is refused whole where the policy says so, with every line in retry.csv', async () => {
    const world = createWorld({ ON_INVALID_LINES: 'reject' });
    const body = `${line(world, 1)}no,csv\n`;

    await world.drop('shoes.csv', body);
    await world.settle();

    const [event] = world.events(COMPLETED);
    expect(event?.data).toMatchObject({ outcome: 'rejected', counts: { lines: 2, imported: 0, skipped: 2 } });
    expect(world.text(event?.data.files.retryCsv)).toBe(body);
    expect(await productIds(world, 'shoes')).toEqual([]);
  });

  it.each([
    ['empty', Buffer.alloc(0), 'empty-file'],
    ['of zero valid lines', Buffer.from('a,b\nc,d\n'), 'column-count'],
    ['of Latin-1 bytes', Buffer.from('gs://b/\xe9.png,i,s,p,apparel-v2,,,\n', 'latin1'), 'encoding'],
  ])('that is %s is rejected with a reason', async (_case, body, code) => {
    const world = createWorld();

    await world.drop('shoes.csv', body);
    await world.settle();

    const [event] = world.events(COMPLETED);
    expect(event?.data.outcome).toBe('rejected');
    expect(event?.data.problems.map((problem) => problem.code)).toContain(code);
  });

  it('dropped twice changes nothing but alreadyPresent', async () => {
    const world = createWorld();
    const body = lines(world, 3);

    await world.drop('shoes.csv', body);
    await world.settle();
    await world.drop('shoes.csv', body);
    await world.settle();

    expect(world.events(COMPLETED).map((event) => event.data.counts)).toEqual([
      { lines: 3, imported: 3, alreadyPresent: 0, failed: 0, skipped: 0 },
      { lines: 3, imported: 0, alreadyPresent: 3, failed: 0, skipped: 0 },
    ]);
    const images = await world.ports.productSearch.listReferenceImages(LOCATION, 'product-1');
    expect(images?.items).toHaveLength(1);
  });

  it('of more than 20,000 lines becomes two imports and one event', async () => {
    const world = createWorld();
    const uri = world.image('one.png');
    const body = Array.from({ length: 20_001 }, (_, n) => `${uri},i${n},shoes,p${n % 300},apparel-v2,,,\n`).join('');

    await world.drop('shoes.csv', body);
    await world.settle();

    const [event, second] = world.events(COMPLETED);
    expect(second).toBeUndefined();
    expect(event?.data).toMatchObject({ outcome: 'succeeded', counts: { lines: 20_001, imported: 20_001 } });
    expect(event?.data.operations).toHaveLength(2);
  });

  it('replaced before it was read ends as cancelled, and the newer one is imported', async () => {
    const world = createWorld();
    const first = world.put('shoes.csv', lines(world, 1));
    const second = world.put('shoes.csv', lines(world, 2));

    await world.deliverDrop(first);
    await world.deliverDrop(second);
    await world.settle();

    expect(world.events(COMPLETED).map((event) => [event.data.outcome, event.data.problems[0]?.code])).toEqual([
      ['cancelled', 'superseded'],
      ['succeeded', undefined],
    ]);
  });

  it('is found by the tick where its event never came', async () => {
    const world = createWorld();
    world.put('shoes.csv', lines(world, 2));

    world.pass(120_000);
    await world.fire();
    await world.settle();

    expect(world.events(COMPLETED).map((event) => event.data.outcome)).toEqual(['succeeded']);
  });

  it('waits for an import slot where none is free, and says so', async () => {
    const world = createWorld({ IMPORTS_PER_DAY: '1' });

    await world.drop('one.csv', line(world, 1));
    await world.settle();
    await world.drop('two.csv', line(world, 2));
    const [waiting] = world.events('product-search.request.waiting.v1');
    await world.settle();

    expect(waiting?.data).toMatchObject({ waitingFor: 'quota', startsAt: expect.stringMatching(/^2026-11-23T/) });
    expect(world.events(COMPLETED).map((event) => event.data.outcome)).toEqual(['succeeded', 'succeeded']);
  });
});

describe('deliveries', () => {
  it('of the same finalize event, five times and twice at once, make one import', async () => {
    const world = createWorld();
    const file = world.put('shoes.csv', lines(world, 2));

    await Promise.all([world.deliverDrop(file), world.deliverDrop(file)]);
    for (let time = 0; time < 3; time += 1) await world.deliverDrop(file);
    await world.settle();
    await world.deliverDrop(file);
    await world.settle();

    expect(world.events(COMPLETED)).toHaveLength(1);
    expect((await world.closed()).map((record) => record.operations.length)).toEqual([1]);
    expect(await world.open()).toEqual([]);
  });
});

describe('a crash', () => {
  it('at any port call of an import is survived: one event, nothing lost, nothing doubled', async () => {
    let crashes = 0;
    for (let call = 1; call <= 60; call += 1) {
      const world = createWorld();
      const body = lines(world, 3);
      const file = world.put('shoes.csv', body);

      world.crashAtCall(call);
      if ((await world.deliverDrop(file)) === 'crashed') crashes += 1;
      await world.deliverDrop(file);
      await world.settle();

      const ids = new Set(world.events(COMPLETED).map((event) => event.id));
      expect({ call, ids: ids.size }).toEqual({ call, ids: 1 });
      expect(world.events(COMPLETED)[0]?.data.counts).toMatchObject({ lines: 3, imported: 3, failed: 0, skipped: 0 });
      const images = await world.ports.productSearch.listReferenceImages(LOCATION, 'product-1');
      expect(images?.items).toHaveLength(1);
      expect(world.names(INTAKE)).toEqual([]);
    }
    expect(crashes).toBeGreaterThan(15);
  });
});
