import { ServiceError } from '../../shared/core/errors';
import {
  createWorld,
  csv,
  fate,
  IMAGES,
  isThere,
  justBefore,
  type Scene,
  STATE,
  SWEEP,
  SWEEP_LEFT,
  SWEPT,
  scene,
  useFile,
  type World,
} from './sweepWorld';

const HOUR = 3_600_000;
const unavailable = () => new ServiceError('ProductSearch.ListProducts', 'UNAVAILABLE', 'no answer');

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

describe('a file that was removed, of which the answer was lost', () => {
  it.each([
    ['prefix', SWEEP],
    ['left', SWEEP_LEFT],
  ])('is told as removed although an import names it by then (%s)', async (_case, command) => {
    const { world, unused } = await scene();
    const isIt = (...[object]: unknown[]) => unused.endsWith((object as { name: string }).name);
    world.failCall('delete', unavailable(), { after: true, when: isIt });
    await world.publish(command);
    expect(isThere(world, unused)).toBe(false);

    await world.drop('late.csv', csv(unused));
    await world.settle();

    expect(world.events(SWEPT)[0]?.data.counts).toMatchObject({ scanned: 2, referenced: 1, removed: 1, kept: 1 });
    expect(fate(world, unused)).toEqual({ removed: true, reason: 'nothing names it' });
  });

  it('is told as removed however often the others beside it fail afterwards', async () => {
    const { world, unused } = await scene();
    const other = world.image('other.png');
    const isOther = (...[object]: unknown[]) => other.endsWith((object as { name: string }).name);
    world.failCall('delete', unavailable(), { times: 3, when: isOther });
    await world.publish(SWEEP);
    expect([isThere(world, unused), isThere(world, other)]).toEqual([false, true]);

    await world.drop('late.csv', csv(unused));
    await world.settle();

    expect(world.events(SWEPT)[0]?.data.counts).toMatchObject({ scanned: 3, referenced: 1, removed: 2, kept: 1 });
    expect(fate(world, unused)).toEqual({ removed: true, reason: 'nothing names it' });
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

describe('marks that have got lost', () => {
  it.each([
    ['before the snapshots are read', 'snapshots/'],
    ['before anything is removed', 'archive/'],
  ])('%s are never taken for no marks', async (_case, prefix) => {
    const { world, unused } = await scene();
    let seen = 0;
    const lose = (query: { prefix: string }) => {
      seen += query.prefix.startsWith(prefix) ? 1 : 0;
      return false;
    };
    world.failCall('list', null, { when: (query) => lose(query as { prefix: string }) });
    const when = (object: unknown) => {
      const { name } = object as { name: string };
      if (!name.endsWith('/marks.json') || seen === 0) return false;
      void world.ports.objects.delete(object as { bucket: string; name: string });
      return false;
    };
    world.failCall('read', null, { when, times: Number.POSITIVE_INFINITY });

    await world.publish(SWEEP_LEFT);
    await world.settle();

    expect(world.events(SWEPT)[0]?.data).toMatchObject({ outcome: 'failed', counts: { removed: 0 } });
    expect(world.events(SWEPT)[0]?.data.problems[0]?.message).toMatch(/marks of cmd-m[0-9a-f]+ are missing/);
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
