import { noCounts } from '../../shared/core/counts';
import { terminalEvent } from '../../shared/core/event';
import type { RequestRecord } from '../../shared/core/request';
import { leased } from '../../shared/engine/ownership';
import { takeOver } from '../../shared/engine/takeOver';
import { announce } from '../../shared/ledger/journal';
import { createRecords } from '../../shared/ledger/records';
import { ACCEPTED_AT, commandRecord } from '../core/requests';
import { createWorld, STATE, type World } from './world';

const START = Date.parse(ACCEPTED_AT);
const DELETED = 'product-search.delete.completed.v1';

const record = (change: Partial<RequestRecord> = {}) => commandRecord('deleteProduct', { productId: 'p1' }, change);
const dead = (change: Partial<RequestRecord> = {}) => leased(record(change), 'dead', START, 60_000);

async function open(world: World, stored: RequestRecord): Promise<void> {
  await createRecords(world.ports, STATE).create(stored);
}

async function ids(world: World) {
  return {
    open: (await world.open()).map(({ id }) => id),
    closed: (await world.closed()).map(({ id }) => id),
  };
}

describe('the end of a request', () => {
  it('leaves no open record behind where the lease had to be renewed on the way', async () => {
    const world = createWorld();
    const { write } = world.ports.objects;
    world.ports.objects.write = async (object, ...rest) => {
      const written = await write(object, ...rest);
      // So late that the next call renews the lease first.
      if (object.name.startsWith('requests/closed/')) world.pass(40_000);
      return written;
    };

    await world.publish({ command: 'deleteProduct', productId: 'p1', requestId: '1' });

    expect(await ids(world)).toEqual({ open: [], closed: ['cmd-1'] });
  });
});

describe('taking over', () => {
  it('gives the record of a dead invocation with a lease of its own, from where it was', async () => {
    const world = createWorld();
    await open(world, dead({ at: 1, cursor: { chunk: 3 } }));
    world.pass(70_000);

    const taken = await takeOver('cmd-1', world);

    expect(taken?.record).toMatchObject({ at: 1, cursor: { chunk: 3 }, lease: { until: '2026-11-22T08:02:10.000Z' } });
    expect(taken?.record.lease?.nonce).not.toBe('dead');
    expect((await world.open())[0]).toEqual(taken?.record);
  });

  it('gives a record that waits, and one that nobody has begun', async () => {
    const world = createWorld();
    const waiting = { for: 'retry' as const, detail: 'again', since: ACCEPTED_AT };
    await open(world, record({ at: 1, state: 'waiting', waiting }));
    await open(world, record({ id: 'cmd-2' }));

    const taken = [await takeOver('cmd-1', world), await takeOver('cmd-2', world)];

    expect(taken.map((one) => one?.record.state)).toEqual(['running', 'running']);
    expect(taken.every((one) => one?.record.lease !== undefined)).toBe(true);
  });

  it.each([
    ['in the middle of its lease', 30_000],
    ['within the ten seconds for clocks that differ', 69_999],
  ])('gives nothing while somebody may work on it, %s, and writes nothing', async (_case, ms) => {
    const world = createWorld();
    await open(world, dead());
    const [before] = await world.open();
    world.pass(ms);

    expect(await takeOver('cmd-1', world)).toBeNull();
    expect(await world.open()).toEqual([before]);
  });

  it('gives nothing for a request that is not there', async () => {
    const world = createWorld();

    expect(await takeOver('cmd-9', world)).toBeNull();
    expect(await ids(world)).toEqual({ open: [], closed: [] });
  });

  it('by two at once gives the record to one of them', async () => {
    const world = createWorld();
    await open(world, dead());
    world.pass(70_000);

    const taken = await Promise.all([takeOver('cmd-1', world), takeOver('cmd-1', world), takeOver('cmd-1', world)]);

    expect(taken.filter((one) => one !== null)).toHaveLength(1);
  });
});

describe('taking over what has ended', () => {
  it.each([
    ['that died between close and delete', dead({ at: 1, outcome: 'succeeded' })],
    ['that was opened again by a late redelivery', record()],
  ])('removes the open record of a request %s', async (_case, left) => {
    const world = createWorld();
    await createRecords(world.ports, STATE).close(record({ outcome: 'partial' }));
    await open(world, left);
    world.pass(70_000);

    expect(await takeOver('cmd-1', world)).toBeNull();

    expect(await ids(world)).toEqual({ open: [], closed: ['cmd-1'] });
    expect(await world.closed()).toMatchObject([{ outcome: 'partial' }]);
    expect(world.events()).toEqual([]);
  });

  it('closes what died between journal and close as it was announced, and repeats no effect', async () => {
    const world = createWorld();
    await world.ports.productSearch.createProduct('us-west1', {
      id: 'p1',
      displayName: 'created again by somebody since',
      description: '',
      productCategory: 'toys-v2',
      productLabels: [],
    });
    const problems = [{ code: 'delete-refused', message: 'p2: in use' }];
    const files = { report: 'gs://product-search-state/reports/cmd-1/report.json' };
    const counts = { ...noCounts('delete'), products: 1 };
    const announced = record({ outcome: 'succeeded', counts, problems, files });
    const event = terminalEvent(announced, world.config.projectId, '2026-11-22T08:00:10.000Z');
    await announce(world.ports, world.config, event, ACCEPTED_AT);
    await open(world, dead({ counts: { products: 0 } }));
    world.pass(70_000);

    expect(await takeOver('cmd-1', world)).toBeNull();

    expect(await ids(world)).toEqual({ open: [], closed: ['cmd-1'] });
    expect(await world.closed()).toMatchObject([
      { outcome: 'succeeded', counts, problems, files, endedAt: '2026-11-22T08:00:10.000Z', event },
    ]);
    expect(world.events(DELETED).map(({ id }) => id)).toEqual(['cmd-1.completed', 'cmd-1.completed']);
    expect(await world.ports.productSearch.getProduct('us-west1', 'p1')).not.toBeNull();
  });

  it('keeps the files and problems that were announced, although the record that was left knows nothing of them', async () => {
    const world = createWorld();
    const files = { report: 'gs://state/report.json', archive: 'gs://state/archive/a.csv' };
    const problems = [{ code: 'labels', message: 'a label is wrong', line: 7 }];
    const event = terminalEvent(record({ outcome: 'partial', files, problems }), world.config.projectId, ACCEPTED_AT);
    await announce(world.ports, world.config, event, ACCEPTED_AT);
    await open(world, dead());
    world.pass(70_000);

    await takeOver('cmd-1', world);

    expect(await world.closed()).toMatchObject([{ outcome: 'partial', files, problems }]);
  });
});
