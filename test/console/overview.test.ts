import { createOverview } from '../../shared/console/overview';
import { ServiceError } from '../../shared/core/errors';
import { rejectedEvent } from '../../shared/core/event';
import type { Ports } from '../../shared/ports';
import { commandRecord, createWorld, importRecord, NOW } from './records';

function counting(ports: Ports): { ports: Ports; reads: string[] } {
  const reads: string[] = [];
  const read: Ports['objects']['read'] = (object, generation) => {
    reads.push(object.name);
    return ports.objects.read(object, generation);
  };
  return { ports: { ...ports, objects: { ...ports.objects, read } }, reads };
}

it('shows an empty system as empty', async () => {
  const { ports, config } = createWorld();
  const { requests, events, claims, imports, ...rest } = await createOverview(ports, config)();

  expect(requests).toEqual({ value: { rows: [], open: 0, notes: [] } });
  expect([events, claims]).toEqual([{ value: [] }, { value: [] }]);
  expect(imports).toEqual({ value: { used: 0, limit: 120 } });
  expect(rest).toMatchObject({ projectId: 'p', intakeBucket: 'intake-bucket', isLocal: false, at: NOW });
});

it('puts open requests first, then the closed ones by their end', async () => {
  const world = createWorld();
  await world.close(importRecord('first.csv', { outcome: 'succeeded' }));
  world.pass(1_000);
  await world.close(importRecord('second.csv', { outcome: 'failed' }));
  await world.open(importRecord('older.csv'));
  await world.open(importRecord('newer.csv', { acceptedAt: '2026-11-22T12:00:01.000Z' }));

  const { requests, events } = await createOverview(world.ports, world.config)();

  expect(requests.value?.rows.map(({ what }) => what)).toEqual(['newer.csv', 'older.csv', 'second.csv', 'first.csv']);
  expect(requests.value?.open).toBe(2);
  expect(events.value?.map(({ title }) => title)).toEqual(['Import failed', 'Import succeeded']);
});

it('shows a request once that is closed while its open record is still there', async () => {
  const world = createWorld();
  const record = importRecord('a.csv', { outcome: 'succeeded' });
  await world.open(record);
  await world.close(record);

  const { requests } = await createOverview(world.ports, world.config)();

  expect(requests.value?.rows.map(({ state }) => state)).toEqual(['ended']);
  expect(requests.value?.open).toBe(0);
});

it('finds requests that were accepted days ago', async () => {
  const world = createWorld();
  await world.close(importRecord('a.csv', { outcome: 'succeeded' }));
  world.pass(5 * 24 * 3_600_000);

  expect((await createOverview(world.ports, world.config)()).requests.value?.rows).toHaveLength(1);
});

it('reads a closed record and an event once, and an open record again only when it changed', async () => {
  const world = createWorld();
  await world.close(importRecord('a.csv', { outcome: 'succeeded' }));
  const record = commandRecord('deleteProduct', { productId: 'p' });
  await world.open(record);
  const { ports, reads } = counting(world.ports);
  const overview = createOverview(ports, world.config);
  await overview();
  reads.length = 0;

  world.pass(2_000);
  await overview();
  expect(reads.filter((name) => /^(requests|events)\//.test(name))).toEqual([]);

  await world.open({ ...record, at: 1 });
  world.pass(2_000);
  await overview();
  expect(reads).toContain(`requests/open/${record.id}.json`);
});

it('reads once for all who ask at the same time', async () => {
  const world = createWorld();
  const { ports, reads } = counting(world.ports);
  const overview = createOverview(ports, world.config);
  const answers = await Promise.all([overview(), overview(), overview()]);

  expect(new Set(answers).size).toBe(1);
  expect(reads.filter((name) => name === 'quota/imports.json')).toHaveLength(1);
});

it('shows claims, their queue and the import slots', async () => {
  const world = createWorld();
  const open = commandRecord('purgeProductsInProductSet', { productSetId: 'shoes' });
  await world.open(open);
  const wanted = { mode: 'exclusive', scope: { productSetIds: ['shoes'] }, acceptedAt: NOW, grantedAt: NOW };
  const claims = [{ requestId: open.id, ...wanted }];
  await world.put('reservations/us-west1.json', { nonce: 'n', value: { claims, queue: [] } });
  await world.put('quota/imports.json', { nonce: 'n', value: { taken: { '2026-11-22T11:00': 120 } } });

  const overview = await createOverview(world.ports, world.config)();

  expect(overview.claims.value).toMatchObject([{ requestId: open.id, state: 'held', scope: 'shoes' }]);
  expect(overview.claims.value?.[0]).not.toHaveProperty('note');
  expect(overview.imports.value).toEqual({ used: 120, limit: 120, nextFreeAt: '2026-11-23T11:01:25.000Z' });
});

it('shows rejected messages among the events', async () => {
  const world = createWorld();
  const problems = [{ code: 'not-json', message: 'the message data is no JSON' }];
  await world.journal(
    rejectedEvent({ messageId: '7', publishTime: NOW, projectId: 'p', location: 'us-west1', problems }),
  );
  await world.put('events/2026-11-22/broken.json', '{');

  expect((await createOverview(world.ports, world.config)()).events.value).toMatchObject([
    { title: 'Message rejected', summary: 'the message data is no JSON' },
  ]);
});

it('says of each part that cannot be read why, and shows the rest', async () => {
  const { ports, config } = createWorld();
  const list = async () => {
    throw new ServiceError('Storage.ObjectsList', 'UNAVAILABLE', 'try again');
  };
  const overview = await createOverview({ ...ports, objects: { ...ports.objects, list } }, config)();

  expect(overview.requests).toEqual({ error: 'Storage.ObjectsList: UNAVAILABLE: try again' });
  expect(overview.imports).toEqual({ value: { used: 0, limit: 120 } });
});

it('keeps the words of a bug to its log', async () => {
  const { ports, config } = createWorld();
  const lines: unknown[] = [];
  const log = { write: (...line: unknown[]) => void lines.push(line), with: () => log };
  const list = async () => {
    throw new TypeError('secret inner detail');
  };
  const overview = await createOverview({ ...ports, log, objects: { ...ports.objects, list } }, config)();

  expect(JSON.stringify(overview)).not.toContain('secret');
  expect(JSON.stringify(lines)).toContain('secret inner detail');
});
