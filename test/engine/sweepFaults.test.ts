import { ServiceError } from '../../shared/core/errors';
import type { CommandInput, RequestRecord } from '../../shared/core/request';
import { createRecords } from '../../shared/ledger/records';
import { commandRecord } from '../core/requests';
import {
  createWorld,
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
  useFile,
  type World,
} from './sweepWorld';

const IMPORTED = 'product-search.import.completed.v1';
const HOUR = 3_600_000;
const unavailable = () => new ServiceError('ProductSearch.ListProducts', 'UNAVAILABLE', 'no answer');

interface Scene {
  world: World;
  used: string;
  unused: string;
}

/** A used and an unused file, both left by earlier requests. */
async function scene(): Promise<Scene> {
  const world = createWorld();
  const [used, unused] = [world.image('used.png'), world.image('unused.png')];
  await leave(world, used, 'cmd-a');
  await leave(world, unused, 'cmd-b');
  await useFile(world, 'p1', used, 'europe-west1');
  return { world, used, unused };
}

function expectSwept({ world, used, unused }: Scene, n: number): void {
  const events = world.events(SWEPT);
  expect({ n, ids: new Set(events.map((event) => event.id)).size }).toEqual({ n, ids: 1 });
  expect({ n, outcome: events[0]?.data.outcome, counts: events[0]?.data.counts }).toEqual({
    n,
    outcome: 'succeeded',
    counts: { scanned: 2, referenced: 1, removed: 1, kept: 1, failed: 0 },
  });
  expect({ n, there: [isThere(world, used), isThere(world, unused)] }).toEqual({ n, there: [true, false] });
  expect({ n, left: world.names(STATE, 'candidates/') }).toEqual({ n, left: [] });
  expect({ n, sweeps: sweepsIn(world) }).toEqual({ n, sweeps: [] });
}

function sweepsIn(world: World): unknown[] {
  return world.names(STATE, 'reservations/').flatMap((name) => {
    const { value } = JSON.parse(world.text(`gs://${STATE}/${name}`)) as { value: { sweeps?: unknown[] } };
    return value.sweeps ?? [];
  });
}

function csv(uri: string, image = 'late'): string {
  return `${uri},${image},shoes,p9,apparel-v2,,,\n`;
}

describe('a sweep that is killed', () => {
  it('at any call removes what nothing uses, nothing else, and ends in one event', async () => {
    let n = 1;
    for (; n < 300; n += 1) {
      const one = await scene();
      one.world.crashAtCall(n);
      await one.world.publish(SWEEP_LEFT, '7');
      await one.world.settle();
      await one.world.fire();
      if (!one.world.hasCrashed()) break;
      // A message whose delivery dies before it is accepted comes again.
      if (one.world.events(SWEPT).length === 0) {
        await one.world.publish(SWEEP_LEFT, '7');
        await one.world.settle();
      }
      expectSwept(one, n);
    }

    expect(n).toBeGreaterThan(60);
    expect(n).toBeLessThan(300);
  });

  it.each([
    ['before', false],
    ['after', true],
  ])('by a call that fails %s its effect does the same', async (_case, after) => {
    let n = 1;
    for (; n < 300; n += 1) {
      const one = await scene();
      let calls = 0;
      const when = () => {
        calls += 1;
        return calls === n;
      };
      one.world.failCall('*', unavailable(), { after, when });
      await one.world.publish(SWEEP_LEFT, '7').catch(() => one.world.publish(SWEEP_LEFT, '7'));
      await one.world.settle().catch(() => one.world.settle());
      await one.world.fire().catch(() => one.world.fire());
      if (calls < n) break;
      expectSwept(one, n);
    }

    expect(n).toBeGreaterThan(60);
    expect(n).toBeLessThan(300);
  });
});

describe('a location that cannot be read', () => {
  const inAsia = (location: unknown) => location === 'asia-east1';

  it('for a while is waited for', async () => {
    const one = await scene();
    one.world.failCall('listProducts', unavailable(), { times: 9, when: inAsia });

    await one.world.publish(SWEEP_LEFT);
    await one.world.settle();

    expectSwept(one, 0);
  });

  it('for good ends the sweep as failed, with nothing removed and nothing forgotten', async () => {
    const { world, unused } = await scene();
    world.failCall('listProducts', unavailable(), { times: Number.POSITIVE_INFINITY, when: inAsia });
    const begun = world.clock.now();

    await world.publish(SWEEP_LEFT);
    await world.settle();

    expect(world.clock.now() - begun).toBeGreaterThan(24 * HOUR);
    expect(world.events(SWEPT)[0]?.data).toMatchObject({
      outcome: 'failed',
      counts: { scanned: 2, removed: 0, kept: 2 },
      problems: [{ code: 'unavailable' }],
    });
    expect([isThere(world, unused), world.names(STATE, 'candidates/').length]).toEqual([true, 2]);
    expect(sweepsIn(world)).toEqual([]);
  });

  it('is read anew where its page token is refused', async () => {
    const world = createWorld();
    const uris = Array.from({ length: 150 }, (_, index) => world.image(`${String(index).padStart(3, '0')}.png`));
    for (const [index, uri] of uris.entries()) if (index !== 70) await useFile(world, `p${index}`, uri);
    const refused = new ServiceError('ProductSearch.ListProducts', 'INVALID_ARGUMENT', 'page token');
    const when = (_location: unknown, query: unknown) =>
      (query as { pageToken?: string } | undefined)?.pageToken !== undefined;
    world.failCall('listProducts', refused, { times: 2, when });

    await world.publish(SWEEP);
    await world.settle();

    expect(world.events(SWEPT)[0]?.data.counts).toMatchObject({ scanned: 150, referenced: 149, removed: 1 });
    expect(isThere(world, uris[70] ?? '')).toBe(false);
  });
});

describe('an import that names a file between mark and removal', () => {
  const atSnapshots = (query: { prefix: string }) => query.prefix === 'snapshots/';

  it('keeps it where its event has not come yet', async () => {
    const { world, unused } = await scene();
    justBefore(world, 'list', atSnapshots, () => void world.put('late.csv', csv(unused)));

    await world.publish(SWEEP_LEFT);

    expect(fate(world, unused)?.reason).toMatch(/^used by import imp-/);
    expect(isThere(world, unused)).toBe(true);
    expect(world.names(STATE, 'candidates/')).toHaveLength(1);
  });

  it.each([
    ['as it is', 'late.csv', (uri: string) => csv(uri)],
    ['in a line with an error', 'late.csv', (uri: string) => `${uri},i\n`],
    ['in quotes', 'late.csv', (uri: string) => csv(`"${uri}"`)],
    ['behind a byte order mark', 'late.csv', (uri: string) => `\uFEFF${csv(uri)}`],
    ['in a file of another location', 'asia-east1/late.csv', (uri: string) => csv(uri)],
  ])('keeps it where it is written %s', async (_case, name, body) => {
    const { world, unused } = await scene();
    justBefore(world, 'list', atSnapshots, () => void world.put(name, body(unused)));

    await world.publish(SWEEP_LEFT);

    expect(isThere(world, unused)).toBe(true);
  });

  it('keeps it where the import began and ended while the sweep waited', async () => {
    const { world, unused } = await scene();
    world.failCall('list', unavailable(), { times: 6, when: (query) => atSnapshots(query as { prefix: string }) });

    await world.publish(SWEEP_LEFT);
    await world.drop('late.csv', csv(unused));
    await world.settle();

    const [imported] = world.events(IMPORTED);
    expect(imported?.data).toMatchObject({ outcome: 'succeeded', counts: { imported: 1 } });
    expect(fate(world, unused)?.reason).toMatch(/^used by import imp-/);
    expect(isThere(world, unused)).toBe(true);
  });

  it('keeps it where the file came in while others were being removed', async () => {
    const world = createWorld();
    const uris = Array.from({ length: 40 }, (_, index) => world.image(`${String(index).padStart(2, '0')}.png`));
    const last = uris.at(-1) ?? '';
    justBefore(
      world,
      'delete',
      ({ bucket }: { bucket: string }) => bucket === IMAGES,
      () => {
        world.put('late.csv', csv(last));
        world.pass(21_000);
      },
    );

    await world.publish(SWEEP);
    await world.settle();

    expect(world.events(SWEPT)[0]?.data.counts).toMatchObject({ scanned: 40, referenced: 1, removed: 39 });
    expect(world.names(IMAGES)).toEqual(['39.png']);
  });

  it('keeps it where the dropped file has been replaced, and its staged copy still waits', async () => {
    const { world, unused } = await scene();
    world.failCall('importProductSets', unavailable(), { times: 1 });
    await world.drop('late.csv', csv(unused));
    world.put('late.csv', 'nothing of interest');

    await world.publish(SWEEP_LEFT);
    await world.settle();

    expect(fate(world, unused)?.reason).toMatch(/^used by import imp-/);
    expect(isThere(world, unused)).toBe(true);
  });

  it.each([
    ['keeps it while a lost operation may still run', 30, true],
    ['does not keep it for ever', -1, false],
  ])('%s', async (_case, minutes, stays) => {
    const { world, unused } = await scene();
    const id = 'imp-0123456789abcdef0123456789abcdef';
    const text = { contentType: 'text/csv' };
    await world.ports.objects.write({ bucket: STATE, name: `staging/${id}/original` }, csv(unused), text);
    const keptUntil = new Date(world.clock.now() + minutes * 60_000).toISOString();
    const claim = { requestId: id, mode: 'shared', scope: { all: true }, acceptedAt: '', grantedAt: '', keptUntil };
    const body = JSON.stringify({ nonce: '', value: { claims: [claim], queue: [] } });
    await world.ports.objects.write({ bucket: STATE, name: 'reservations/us-east1.json' }, body, text);

    await world.publish(SWEEP_LEFT);
    await world.settle();

    expect(isThere(world, unused)).toBe(stays);
  });

  it('starts a minute after it was staged, and says for whom it waits', async () => {
    const { world, unused } = await scene();
    const inAsia = (location: unknown) => location === 'asia-east1';
    world.failCall('listProducts', unavailable(), { times: 8, when: inAsia });
    await world.publish(SWEEP_LEFT, '7');
    const [sweep] = await world.open();

    await world.drop('late.csv', csv(unused));
    const [waiting] = (await world.open()).filter((record) => record.kind === 'import');
    const startsBefore = world.calls('importProductSets');
    world.pass(59_000);
    await world.fire();
    while (await world.deliverContinuations());
    const startsAt59 = world.calls('importProductSets');
    world.pass(1_000);
    await world.fire();
    while (await world.deliverContinuations());

    expect(waiting?.waiting).toMatchObject({ for: 'time', blockedBy: [sweep?.id] });
    expect(waiting?.waiting?.detail).toMatch(/is removing unused image files .* it starts at 2026-/);
    expect([startsBefore, startsAt59, world.calls('importProductSets')]).toEqual([0, 0, 1]);
    await world.settle();
    expect(isThere(world, unused)).toBe(true);
  });
});

describe('a snapshot that is being restored', () => {
  const snapshot = `gs://${STATE}/snapshots/cmd-old/snapshot.json`;

  /** With a snapshot of long ago that names the unused file. */
  async function oldSnapshot(): Promise<Scene> {
    const one = await scene();
    const part = JSON.stringify({ product: {}, productSets: [], referenceImages: [{ name: 'n', uri: one.unused }] });
    const folder = { bucket: STATE, name: 'snapshots/cmd-old/products-00001.jsonl' };
    await one.world.ports.objects.write(folder, `${part}\n`, { contentType: 'application/jsonl' });
    one.world.pass(40 * 24 * HOUR);
    return one;
  }

  it('keeps its files while the restore is open', async () => {
    const { world, unused } = await oldSnapshot();
    const restore: RequestRecord = commandRecord('cancelRequest', { snapshotUri: snapshot } as CommandInput);
    Object.assign(restore, { id: 'cmd-restore', request: 'restoreSnapshot', state: 'waiting' });
    await createRecords(world.ports, STATE).create(restore);

    await world.publish(SWEEP_LEFT);

    expect(fate(world, unused)?.reason).toBe('used by snapshot cmd-old');
    expect(isThere(world, unused)).toBe(true);
  });

  it('keeps none of them where nobody restores it', async () => {
    const { world, unused } = await oldSnapshot();

    await world.publish(SWEEP_LEFT);

    expect(isThere(world, unused)).toBe(false);
  });

  it('keeps its files where the restore began meanwhile', async () => {
    const { world, unused } = await oldSnapshot();
    const tell = () => {
      const name = `reservations/${LOCATION}.json`;
      const { nonce, value } = JSON.parse(world.text(`gs://${STATE}/${name}`));
      const sweeps = value.sweeps.map((sweep: object) => ({ ...sweep, snapshots: [snapshot] }));
      const body = JSON.stringify({ nonce, value: { ...value, sweeps } });
      void world.ports.objects.write({ bucket: STATE, name }, body, { contentType: 'application/json' });
    };
    justBefore(world, 'list', (query: { prefix: string }) => query.prefix === 'snapshots/', tell);

    await world.publish(SWEEP_LEFT);
    await world.settle();

    expect(fate(world, unused)?.reason).toBe('used by snapshot cmd-old');
    expect(isThere(world, unused)).toBe(true);
  });
});

describe('two at once', () => {
  it('sweeps remove each file once and lose none', async () => {
    const { world, used, unused } = await scene();
    world.failCall('listProducts', unavailable(), { times: 2 });

    await world.publish(SWEEP_LEFT, '1');
    await world.publish(SWEEP_LEFT, '2');
    await world.settle();

    expect(world.events(SWEPT).map((event) => event.data.outcome)).toEqual(['succeeded', 'succeeded']);
    expect([isThere(world, used), isThere(world, unused), sweepsIn(world)]).toEqual([true, false, []]);
  });

  it('a sweep and a delete of the last reference leave nothing and break nothing', async () => {
    const { world, used } = await scene();
    justBefore(
      world,
      'delete',
      ({ bucket }: { bucket: string }) => bucket === IMAGES,
      () => void world.ports.productSearch.deleteProduct('europe-west1', 'p1'),
    );

    await world.publish(SWEEP_LEFT);
    await world.settle();

    expect(isThere(world, used)).toBe(true);
    expect(world.events(SWEPT)[0]?.data.outcome).toBe('succeeded');
  });
});

describe('a long sweep', () => {
  it('goes on over many invocations, and reads no page twice', async () => {
    const world = createWorld({ INVOCATION_SECONDS: '1' });
    const uris = Array.from({ length: 250 }, (_, index) => world.image(`${index}.png`));
    for (const [index, uri] of uris.entries()) if (index % 5 > 0) await useFile(world, `p${index}`, uri);
    const tired = () => {
      world.pass(2_000);
      return false;
    };
    world.failCall('listProducts', null, { when: tired });

    await world.publish(SWEEP);
    await world.settle();

    expect(world.events(SWEPT)[0]?.data.counts).toEqual({
      scanned: 250,
      referenced: 200,
      removed: 50,
      kept: 200,
      failed: 0,
    });
    // Two pages here, and one in each of the three other locations.
    expect(world.calls('listProducts')).toBe(5);
    expect(world.names(IMAGES)).toHaveLength(200);
  });

  it.each([
    ['leaves off', '30', 35_000],
    ['dies', '240', 500_000],
  ])('that %s and is cancelled keeps the rest, and tells what it has removed', async (_case, seconds, pause) => {
    const world = createWorld({ INVOCATION_SECONDS: seconds });
    for (let index = 0; index < 40; index += 1) world.image(`${index}.png`);
    let removals = 0;
    const when = (object: unknown) => {
      if ((object as { bucket: string }).bucket === IMAGES) removals += 1;
      if (removals === 17) world.pass(pause);
      return false;
    };
    world.failCall('delete', null, { when });

    await world.publish({ ...SWEEP, requestId: 'long' });
    await world.publish({ command: 'cancelRequest', cancels: 'cmd-long' });
    await world.settle();

    const removed = 40 - world.names(IMAGES).length;
    const [ended] = world.events(SWEPT);
    expect(ended?.data).toMatchObject({ outcome: 'cancelled', counts: { scanned: 40, removed, kept: 40 - removed } });
    expect(removed).toBeGreaterThan(0);
    expect(removed).toBeLessThan(40);
    expect(sweepsIn(world)).toEqual([]);
  });
});
