import { ServiceError } from '../../shared/core/errors';
import type { RequestRecord } from '../../shared/core/request';
import { exportAll, fill } from './catalogue';
import { createWorld, STATE, type World } from './world';

const CANCELLED = 'product-search.cancel.completed.v1';
const DELETED = 'product-search.delete.completed.v1';
const PURGED = 'product-search.purge.completed.v1';
const IMPORTED = 'product-search.import.completed.v1';
const HOUR = 3_600_000;

async function shoes(count: number, environment: Record<string, string> = {}): Promise<World> {
  const world = createWorld(environment);
  await fill(
    world,
    Array.from({ length: count }, (_, index) => ({ id: `p${index}`, sets: ['shoes'] })),
  );
  return world;
}

const PURGE = { command: 'purgeProductsInProductSet', productSetId: 'shoes', force: true, requestId: 'purge' };

async function cancel(world: World, cancels: string, fields: Record<string, unknown> = {}): Promise<void> {
  await world.publish({ command: 'cancelRequest', cancels, ...fields });
  await world.settle();
}

describe('cancelRequest', () => {
  it('ends a request that has changed nothing yet as cancelled', async () => {
    const world = await shoes(3);
    await world.publish({ ...PURGE, notBefore: '2026-12-01T00:00:00Z' });

    await cancel(world, 'cmd-purge', { requestId: 'stop' });

    expect(world.events(CANCELLED)[0]?.data).toMatchObject({ outcome: 'succeeded', counts: { cancelled: 1 } });
    expect(world.events(PURGED)[0]?.data).toMatchObject({
      outcome: 'cancelled',
      counts: { products: 0 },
      problems: [{ code: 'cancelled', message: 'Cancelled by cmd-stop' }],
    });
    expect(Object.keys((await exportAll(world)).products)).toHaveLength(3);
  });

  it('takes a request that waits for a claim out of the queue', async () => {
    const world = await shoes(3);
    await world.publish(PURGE);
    const header =
      'image-uri,image-id,product-set-id,product-id,product-category,product-display-name,labels,bounding-poly';
    const line = `${world.image('x.png')},i,shoes,x,apparel-v2,,,\n`;
    await world.drop('more.csv', `${header}\n\n${line}`);
    const [waiting] = (await world.open()).filter((record) => record.request === 'importProductSets');

    await cancel(world, waiting?.id ?? '');

    expect(world.events(IMPORTED)[0]?.data).toMatchObject({
      outcome: 'cancelled',
      counts: { lines: 1, imported: 0, skipped: 1 },
    });
    expect(world.text(world.events(IMPORTED)[0]?.data.files.retryCsv)).toBe(line);
    expect(world.events(PURGED)[0]?.data.outcome).toBe('succeeded');
  });

  it('stops a bulk delete at its next page, with its counts', async () => {
    // So slow that the deletes need many invocations.
    const world = await shoes(2_500, { MANAGEMENT_CALLS_PER_MINUTE: '600', INVOCATION_SECONDS: '30' });
    const command = { command: 'deleteProducts', where: { idPrefix: 'p' }, force: true, requestId: 'bulk' };
    const stop = world.storage.onFinalize((object) => {
      if (object.name !== 'requests/open/cmd-bulk.json') return;
      const { counts } = JSON.parse(world.text(`gs://${STATE}/${object.name}`)) as RequestRecord;
      if ((counts.products ?? 0) === 0) return;
      stop();
      void world.publish({ command: 'cancelRequest', cancels: 'cmd-bulk' });
    });

    await world.publish(command);
    await world.settle();

    const [event] = world.events(DELETED);
    const left = Object.keys((await exportAll(world)).products).length;
    expect(event?.data.outcome).toBe('cancelled');
    expect(event?.data.counts.products).toBeGreaterThan(0);
    expect(left).toBeGreaterThan(0);
    expect(event?.data.counts.products).toBe(2_500 - left);
    expect(world.events(CANCELLED)[0]?.data.counts.cancelled).toBe(1);
  });

  it.each([
    ['that has ended', 'cmd-done', 'already-ended'],
    ['that never was', 'cmd-nobody', 'unknown-request'],
    ['that is itself', 'cmd-self', 'cancels'],
  ])('of a request %s is refused with a reason', async (_case, cancels, code) => {
    const world = await shoes(1);
    await world.publish({ command: 'deleteProduct', productId: 'p0', requestId: 'done' });

    await cancel(world, cancels, { requestId: 'self' });

    expect(world.events(CANCELLED)[0]?.data).toMatchObject({
      outcome: 'rejected',
      counts: { cancelled: 0 },
      problems: [{ code }],
    });
  });

  it('does not stop an operation: says so, and with force abandons one that is stalled', async () => {
    const world = await shoes(3);
    const down = new ServiceError('ProductSearch.GetOperation', 'UNAVAILABLE', 'down');
    world.failCall('getOperation', down, { times: 1_000 });
    await world.publish(PURGE);

    await world.publish({ command: 'cancelRequest', cancels: 'cmd-purge', requestId: 'early', force: true });
    for (let minute = 0; minute < 5; minute += 1) {
      world.pass(60_000);
      await world.fire();
      await world.deliverContinuations();
    }
    world.pass(25 * HOUR);
    await cancel(world, 'cmd-purge', { requestId: 'late', force: true });

    const [early, late] = world.events(CANCELLED);
    expect(early?.data).toMatchObject({ outcome: 'rejected', problems: [{ code: 'not-cancellable' }] });
    expect(early?.data.problems[0]?.message).toMatch(/operation .* is running, .* once it has run for 24 hours/);
    expect(late?.data).toMatchObject({ outcome: 'succeeded', counts: { cancelled: 1 } });
    expect(world.events(PURGED)[0]?.data).toMatchObject({
      outcome: 'cancelled',
      problems: [{ code: 'operation-abandoned' }, { code: 'cancelled' }],
    });
  });

  it('says in a dry run whether it could, and changes nothing', async () => {
    const world = await shoes(1);
    await world.publish({ ...PURGE, notBefore: '2026-11-23T00:00:00Z' });

    await world.publish({ command: 'cancelRequest', cancels: 'cmd-purge', dryRun: true });

    expect(world.events(CANCELLED)[0]?.data).toMatchObject({ outcome: 'dryRun', counts: { cancelled: 1 } });
    expect((await world.open()).map((record) => record.cancellation)).toEqual([undefined]);
  });

  it('is heeded by an invocation that is at work, which keeps its lease', async () => {
    const world = await shoes(1_500, { MANAGEMENT_CALLS_PER_MINUTE: '600' });
    const stop = world.storage.onFinalize((object) => {
      if (!object.name.includes('gathered-00001')) return;
      stop();
      void world.publish({ command: 'cancelRequest', cancels: 'cmd-purge' });
    });

    await world.publish(PURGE);
    await world.settle();

    expect(world.events(PURGED)[0]?.data).toMatchObject({ outcome: 'cancelled', counts: { products: 0 } });
    expect(Object.keys((await exportAll(world)).products)).toHaveLength(1_500);
    const [record] = (await world.closed()).filter(({ id }) => id === 'cmd-purge');
    expect(record?.history.some(({ what }) => what.startsWith('cancelled by'))).toBe(true);
  });
});
