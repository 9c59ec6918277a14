import { importRequestId } from '../../shared/core/names';
import { createReservations } from '../../shared/ledger/reservations';
import { createWorld, INTAKE, LOCATION, STATE, type World } from './world';

const COMPLETED = 'product-search.import.completed.v1';
const WAITING = 'product-search.request.waiting.v1';

function rows(world: World, name: string, count: number): string {
  const uri = world.image(`${name}.png`);
  return Array.from({ length: count }, (_, n) => `${uri},i${n},${name}-set,${name}-${n},apparel-v2,,,\n`).join('');
}

/** How many imports each file's own operation shows, and how many imports there were in all. */
async function importsOf(world: World): Promise<Set<string>> {
  const closed = (await world.closed()).filter((record) => record.request === 'importProductSets');
  return new Set(closed.flatMap((record) => record.operations.map((operation) => operation.name)));
}

describe('files that wait for an import slot', () => {
  it('go together in one import as slots run short, and each gets its own event', async () => {
    const world = createWorld({ IMPORTS_PER_DAY: '4', IMPORT_RESERVE: '0' });
    for (let n = 0; n < 8; n += 1) await world.drop(`f${n}.csv`, rows(world, `f${n}`, n + 1));

    await world.settle();

    const counts = world.events(COMPLETED).map((event) => [event.data.outcome, event.data.counts.imported]);
    expect(counts.sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((lines) => ['succeeded', lines]));
    expect((await importsOf(world)).size).toBeLessThanOrEqual(4);
    expect(world.events(WAITING)[0]?.data).toMatchObject({ waitingFor: 'quota', startsAt: expect.any(String) });
    expect(world.names(STATE, 'batches/open/')).toEqual([]);
    expect(world.names(STATE, 'batches/closed/')).toHaveLength(1);
    expect(await world.open()).toEqual([]);
    const page = await world.ports.productSearch.listProductsInProductSet(LOCATION, 'f7-set');
    expect(page.items).toHaveLength(8);
  });

  it('trace every status to the file and line that it came from', async () => {
    const world = createWorld({ IMPORTS_PER_DAY: '2', IMPORT_RESERVE: '0' });
    await world.drop('first.csv', rows(world, 'first', 1));
    const bad = 'gs://product-search-images/missing.png,i,b-set,b-1,apparel-v2,,,\n';
    await world.drop('a.csv', `${rows(world, 'a', 2)}no,line\n`);
    await world.drop('b.csv', rows(world, 'b', 1) + bad);

    await world.settle();

    const [a, b] = ['a', 'b'].map((name) =>
      world.events(COMPLETED).find((event) => event.data.files.archive?.endsWith(`/${name}.csv`)),
    );
    expect(a?.data).toMatchObject({ outcome: 'partial', counts: { lines: 3, imported: 2, failed: 0, skipped: 1 } });
    expect(b?.data).toMatchObject({
      outcome: 'partial',
      counts: { lines: 2, imported: 1, failed: 1, skipped: 0 },
      problems: [{ code: 'not-found', line: 2 }],
    });
    expect(world.text(b?.data.files.retryCsv)).toBe(bad);
    expect((await importsOf(world)).size).toBe(2);
  });

  it('of 500 within a minute start at most 120 imports a day, and none waits longer than the bound', async () => {
    const world = createWorld({ IMPORTS_PER_DAY: '120' });
    for (let n = 0; n < 500; n += 1) {
      await world.drop(`f${n}.csv`, rows(world, `f${n}`, 10));
      world.pass(100);
    }

    await world.settle();

    const events = world.events(COMPLETED);
    expect(new Set(events.map((event) => event.id)).size).toBe(500);
    expect(events.every((event) => event.data.counts.imported === 10)).toBe(true);
    expect((await importsOf(world)).size).toBeLessThanOrEqual(120);
    expect(world.clock.now() - Date.parse('2026-11-22T08:00:00Z')).toBeLessThan(30 * 60_000);
  }, 60_000);

  it('leave the reserve to urgent files', async () => {
    const world = createWorld({ IMPORTS_PER_DAY: '3', IMPORT_RESERVE: '1' });
    for (const name of ['a', 'b', 'c']) await world.drop(`${name}.csv`, rows(world, name, 1));
    await world.drop('urgent/now.csv', rows(world, 'now', 1));
    world.pass(3_100);
    await world.fire();
    await world.deliverContinuations();

    const done = world.events(COMPLETED).map((event) => event.data.files.archive?.split('/').at(-1));
    expect(done).toContain('now.csv');
    expect(done).not.toContain('c.csv');
    await world.settle();
    expect(world.events(COMPLETED)).toHaveLength(4);
  });
});

describe('a merged import', () => {
  it('survives a crash at any port call: every file ends once, no image doubles', async () => {
    let crashes = 0;
    for (let call = 1; call <= 60; call += 1) {
      const world = createWorld({ IMPORTS_PER_DAY: '2', IMPORT_RESERVE: '0' });
      await world.drop('first.csv', rows(world, 'first', 1));
      await world.drop('a.csv', rows(world, 'a', 2));
      await world.drop('b.csv', rows(world, 'b', 3));
      world.pass(13 * 3_600_000);
      await world.fire();

      world.crashAtCall(call);
      await world.deliverContinuations();
      if (world.hasCrashed()) crashes += 1;
      await world.settle();

      // An event may come twice; its id is the same.
      const events = [...new Map(world.events(COMPLETED).map((event) => [event.id, event])).values()];
      expect({ call, ids: events.length }).toEqual({ call, ids: 3 });
      expect(events.map((event) => event.data.counts.imported).sort()).toEqual([1, 2, 3]);
      const images = await world.ports.productSearch.listReferenceImages(LOCATION, 'b-0');
      expect(images?.items).toHaveLength(1);
    }
    expect(crashes).toBeGreaterThan(20);
  });
});

describe('lines that failed for a passing reason', () => {
  it('are imported once more by themselves', async () => {
    const world = createWorld();
    await world.drop('old.csv', rows(world, 'old', 1));
    await world.settle();
    // Another program purges the set while our import into it runs: its lines end as ABORTED.
    await world.drop('more.csv', `${world.image('m.png')},i,old-set,more-1,apparel-v2,,,\n${rows(world, 'fine', 1)}`);
    await world.ports.productSearch.purgeProducts(LOCATION, { productSetId: 'old-set' });

    await world.settle();

    const event = world.events(COMPLETED).at(-1);
    expect(event?.data).toMatchObject({ outcome: 'succeeded', counts: { lines: 2, imported: 2, failed: 0 } });
    expect(event?.data.operations).toHaveLength(2);
  });
});

describe('a file that holds its claim while it waits for a slot', () => {
  it('is not merged: the merged import would wait for a purge that waits for the claim of this file', async () => {
    const world = createWorld({ IMPORTS_PER_DAY: '2', IMPORT_RESERVE: '0' });
    const notBefore = new Date(world.clock.now() + 60_000).toISOString();
    await world.publish({ command: 'purgeProductsInProductSet', productSetId: 'first-set', force: true, notBefore });
    world.pass(1_000);
    await world.drop('slot.csv', rows(world, 'slot', 1));
    const file = world.put('first.csv', rows(world, 'first', 2));
    // It asked for its claim, and its invocation died before it could note that in the record.
    await createReservations(world.ports, world.config).ask(LOCATION, {
      requestId: importRequestId(INTAKE, file.name, file.generation),
      mode: 'shared',
      scope: { productSetIds: ['first-set'] },
      acceptedAt: '2026-11-22T08:00:01.000Z',
    });
    await world.deliverDrop(file);
    await world.drop('other.csv', rows(world, 'other', 1));

    await world.settle();

    const outcomes = world.events(COMPLETED).map((event) => event.data.outcome);
    expect(outcomes).toEqual(['succeeded', 'succeeded', 'succeeded']);
  });
});
