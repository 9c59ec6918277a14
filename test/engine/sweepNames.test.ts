import { ServiceError } from '../../shared/core/errors';
import type { CommandInput, RequestRecord } from '../../shared/core/request';
import { createRecords } from '../../shared/ledger/records';
import { commandRecord } from '../core/requests';
import {
  createWorld,
  csv,
  fate,
  IMAGES,
  isThere,
  justBefore,
  LOCATION,
  type Scene,
  STATE,
  SWEEP,
  SWEEP_LEFT,
  SWEPT,
  scene,
} from './sweepWorld';

const IMPORTED = 'product-search.import.completed.v1';
const HOUR = 3_600_000;
const unavailable = () => new ServiceError('ProductSearch.ListProducts', 'UNAVAILABLE', 'no answer');

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
