import type { Status } from '../../shared/core/errors';
import { claims, fault, imageCounts, rows, slotsTaken } from './shoes';
import { createWorld, INTAKE, type World } from './world';

const IMPORTED = 'product-search.import.completed.v1';
const WAITING = 'product-search.request.waiting.v1';
const STALLED = 'product-search.operation.stalled.v1';
const HOUR = 3_600_000;
const MINUTE = 60_000;

describe('a start of an import without an answer', () => {
  it.each([
    ['that never reached the service', false],
    ['that took effect', true],
  ])('%s: is repeated where no image can double, and counts as imported', async (_case, after) => {
    const world = createWorld();
    world.failCall('importProductSets', fault('UNAVAILABLE'), { after });

    await world.drop('shoes.csv', rows(world));
    await world.settle();

    expect(world.events(IMPORTED)).toHaveLength(1);
    expect(world.events(IMPORTED)[0]?.data).toMatchObject({
      outcome: 'succeeded',
      counts: { lines: 3, imported: 3, alreadyPresent: 0, failed: 0, skipped: 0 },
    });
    expect(await imageCounts(world)).toEqual([1, 1, 1]);
    expect([world.calls('importProductSets'), slotsTaken(world)]).toEqual([2, 2]);
  });

  it.each([
    ['that never reached the service', false, [0, 0, 0]],
    ['that took effect', true, [1, 1, 1]],
  ])('%s: is not repeated where images could double, and every line comes back', async (_case, after, images) => {
    const world = createWorld({ ASSIGN_IMAGE_IDS: 'false' });
    const body = rows(world, { imageIds: false });
    world.failCall('importProductSets', fault('DEADLINE_EXCEEDED'), { after });

    await world.drop('shoes.csv', body);
    await world.settle();

    const [event] = world.events(IMPORTED);
    expect(event?.data).toMatchObject({
      outcome: 'failed',
      counts: { lines: 3, imported: 0, alreadyPresent: 0, failed: 3, skipped: 0 },
    });
    expect(event?.data.problems[0]).toMatchObject({ code: 'start-unknown' });
    expect(world.text(event?.data.files.retryCsv)).toBe(body);
    expect(world.calls('importProductSets')).toBe(1);
    expect(await imageCounts(world)).toEqual(images);
  });

  it.each([
    ['is repeated', {}, {}],
    ['is not repeated', { ASSIGN_IMAGE_IDS: 'false' }, { imageIds: false }],
  ])('that %s: keeps its claim for a while, because the lost first one may be running', async (_case, env, options) => {
    const world = createWorld(env);
    world.failCall('importProductSets', fault('UNAVAILABLE'), { after: true });
    await world.drop('shoes.csv', rows(world, options));
    await world.settle();
    const endedAt = world.clock.now();

    await world.publish({ command: 'deleteProductSet', productSetId: 'shoes' });
    const [waiting] = world.events(WAITING);
    await world.settle();

    expect(waiting?.data).toMatchObject({ waitingFor: 'claim', blockedBy: [expect.stringMatching(/^imp-/)] });
    expect(world.clock.now() - endedAt).toBeGreaterThanOrEqual(29 * MINUTE);
    expect(world.clock.now() - endedAt).toBeLessThan(33 * MINUTE);
    expect(claims(world).filter((claim) => claim.requestId.startsWith('imp-'))).toEqual([]);
  });

  it('that is repeated and refused then keeps saying that the first one is unknown', async () => {
    const world = createWorld();
    world.failCall('importProductSets', fault('UNAVAILABLE'), { after: true });
    world.failCall('importProductSets', fault('RESOURCE_EXHAUSTED'));

    await world.drop('shoes.csv', rows(world));
    await world.settle();

    expect(world.events(IMPORTED)[0]?.data).toMatchObject({ outcome: 'succeeded', counts: { imported: 3 } });
    expect([world.calls('importProductSets'), slotsTaken(world)]).toEqual([3, 2]);
    expect(await imageCounts(world)).toEqual([1, 1, 1]);
  });
});

describe('a start of an import that is refused', () => {
  it('for want of quota waits, says so, and gives its slot back', async () => {
    const world = createWorld({ IMPORTS_PER_DAY: '1', IMPORT_RESERVE: '0' });
    world.failCall('importProductSets', fault('RESOURCE_EXHAUSTED'));

    await world.drop('shoes.csv', rows(world));
    const whileWaiting = { slots: slotsTaken(world), event: world.events(WAITING)[0]?.data.waitingFor };
    const begun = world.clock.now();
    await world.settle();

    expect(whileWaiting).toEqual({ slots: 0, event: 'quota' });
    expect(world.events(IMPORTED)[0]?.data).toMatchObject({ outcome: 'succeeded', counts: { imported: 3 } });
    expect(slotsTaken(world)).toBe(1);
    expect(world.clock.now() - begun).toBeLessThan(HOUR);
  });

  it.each<[Status]>([['PERMISSION_DENIED'], ['UNAUTHENTICATED'], ['INVALID_ARGUMENT']])(
    'with %s ends at once with every line in retry.csv, and is never repeated',
    async (status) => {
      const world = createWorld();
      const body = rows(world);
      world.failCall('importProductSets', fault(status));

      await world.drop('shoes.csv', body);
      await world.settle();

      const [event] = world.events(IMPORTED);
      expect(event?.data).toMatchObject({ outcome: 'failed', counts: { lines: 3, imported: 0, failed: 3 } });
      expect(event?.data.problems[0]).toMatchObject({
        code: 'start-refused',
        message: expect.stringContaining('said the service'),
      });
      expect(world.text(event?.data.files.retryCsv)).toBe(body);
      expect(world.calls('importProductSets')).toBe(1);
      expect(world.names(INTAKE)).toEqual([]);
    },
  );

  it('while a purge runs waits for that and is then made', async () => {
    const world = createWorld();
    world.failCall('importProductSets', fault('ABORTED'), { times: 2 });

    await world.drop('shoes.csv', rows(world));
    await world.settle();

    expect(world.events(WAITING).map((event) => event.data.waitingFor)).toEqual(['purge']);
    expect(world.events(IMPORTED)[0]?.data).toMatchObject({ outcome: 'succeeded', counts: { imported: 3 } });
  });
});

describe('the operation of an import', () => {
  it('that failed as a whole fails every line with its reason', async () => {
    const world = createWorld();
    const body = rows(world);
    world.productSearch.failNextOperation({ code: 13, message: 'Internal error encountered.' });

    await world.drop('shoes.csv', body);
    await world.settle();

    const [event] = world.events(IMPORTED);
    expect(event?.data).toMatchObject({ outcome: 'failed', counts: { failed: 3 }, operation: { state: 'FAILED' } });
    expect(event?.data.problems[0]).toMatchObject({ code: 'operation-failed' });
    expect(world.text(event?.data.files.retryCsv)).toBe(body);
  });

  it('that is not known any more is never a success, even if all is there', async () => {
    const world = createWorld();
    const body = rows(world);
    await world.drop('shoes.csv', body);
    const begun = world.clock.now();
    world.pass(MINUTE);
    world.productSearch.forgetOperation((await world.open())[0]?.waiting?.operation ?? '');

    await world.settle();

    const [event] = world.events(IMPORTED);
    expect(await imageCounts(world)).toEqual([1, 1, 1]);
    expect(event?.data).toMatchObject({ outcome: 'failed', counts: { imported: 0, failed: 3 } });
    expect(event?.data.problems.map((problem) => problem.code)).toEqual(Array(3).fill('operation-lost'));
    expect(world.text(event?.data.files.retryCsv)).toBe(body);
    expect(world.clock.now() - begun).toBeGreaterThanOrEqual(4 * MINUTE);
  });

  it('that is refused when it is asked for is asked again', async () => {
    const world = createWorld();
    await world.drop('shoes.csv', rows(world));
    world.failCall('getOperation', fault('INVALID_ARGUMENT'), { times: 2 });

    await world.settle();

    expect(world.events(IMPORTED)[0]?.data).toMatchObject({ outcome: 'succeeded', counts: { imported: 3 } });
  });

  it.each<[string, Record<string, string>, (world: World, operation: string) => unknown]>([
    ['is not known any more', {}, (world, operation) => world.productSearch.forgetOperation(operation)],
    [
      'cannot be asked for until its request gives up',
      { REQUEST_GIVE_UP_HOURS: '1' },
      (world) => world.failCall('getOperation', fault('UNAVAILABLE'), { times: Number.POSITIVE_INFINITY }),
    ],
  ])('that %s may still be running: a delete of its set waits for half an hour', async (_case, env, lose) => {
    const world = createWorld(env);
    await world.drop('shoes.csv', rows(world));
    lose(world, (await world.open())[0]?.waiting?.operation ?? '');
    await world.settle();
    const imported = world.events(IMPORTED)[0]?.data;
    const endedAt = world.clock.now();

    await world.publish({ command: 'deleteProductSet', productSetId: 'shoes' });
    await world.settle();

    expect(imported).toMatchObject({ outcome: 'failed' });
    expect(world.events('product-search.delete.completed.v1')[0]?.data).toMatchObject({ counts: { productSets: 1 } });
    expect(world.clock.now() - endedAt).toBeGreaterThanOrEqual(29 * MINUTE);
  });

  it('that cannot be asked for a while is asked again', async () => {
    const world = createWorld();
    await world.drop('shoes.csv', rows(world));
    world.failCall('getOperation', fault('UNAVAILABLE'), { times: 3 });

    await world.settle();

    expect(world.calls('getOperation')).toBeGreaterThan(3);
    expect(world.events(IMPORTED)[0]?.data).toMatchObject({ outcome: 'succeeded', counts: { imported: 3 } });
  });

  it('that runs for more than a day is announced as stalled once, and ends when it ends', async () => {
    const world = createWorld();
    await world.drop('shoes.csv', rows(world));
    const name = (await world.open())[0]?.waiting?.operation ?? '';
    world.productSearch.stallOperation(name);

    const stalls: number[] = [];
    for (let hour = 1; hour <= 30; hour += 1) {
      world.pass(HOUR);
      await world.fire();
      while (await world.deliverContinuations());
      stalls.push(world.events(STALLED).length);
    }
    world.productSearch.resumeOperation(name);
    await world.settle();

    expect(stalls).toEqual([...Array(23).fill(0), ...Array(7).fill(1)]);
    expect(world.events(STALLED)[0]?.data).toMatchObject({ operation: { name, state: 'PROCESSING' } });
    expect(world.events(IMPORTED)[0]?.data).toMatchObject({ outcome: 'succeeded', counts: { imported: 3 } });
  });
});

describe('lines that are imported once more and fail again', () => {
  it('stand in retry.csv with the others, all in the order of the file', async () => {
    const world = createWorld();
    const missing = 'gs://product-search-images/missing.png,i9,shoes,p9,apparel-v2,,,\n';
    const body = rows(world) + missing;
    world.productSearch.failNextLines([0, 2]);
    const file = world.put('shoes.csv', body);
    await world.deliverDrop(file);
    world.pass(MINUTE);
    world.productSearch.failNextLines([0, 1]);

    await world.settle();

    const [event] = world.events(IMPORTED);
    expect(event?.data.counts).toMatchObject({ lines: 4, imported: 1, failed: 3 });
    const [first, , third] = body.split('\n');
    expect(world.text(event?.data.files.retryCsv)).toBe(`${first}\n${third}\n${missing}`);
  });
});

describe('a part of lines that are to be imported once more', () => {
  it.each(['.csv', '.lines.json'])(
    'whose %s was written without an answer is imported all the same',
    async (ending) => {
      const world = createWorld();
      world.productSearch.failNextLines([0, 2]);
      const isPart = (object: unknown) => (object as { name: string }).name.endsWith(`/import-00002${ending}`);
      world.failCall('write', fault('UNAVAILABLE'), { when: isPart, after: true });

      await world.drop('shoes.csv', rows(world));
      await world.settle();

      expect(world.events(IMPORTED)[0]?.data).toMatchObject({
        outcome: 'succeeded',
        counts: { lines: 3, imported: 3, failed: 0 },
      });
    },
  );
});

describe('a file that is refused by its name', () => {
  it('is found in the archive by a second try of the step that put it there', async () => {
    const world = createWorld();
    const file = world.put('moon-east1/shoes.csv', rows(world));
    world.failCall('delete', fault('UNAVAILABLE'), { after: true });

    await world.deliverDrop(file);
    await world.settle();

    const [event] = world.events(IMPORTED);
    expect(event?.data.outcome).toBe('rejected');
    expect(world.text(event?.data.files.archive)).toBe(rows(world));
    expect(world.names(INTAKE)).toEqual([]);
  });
});
