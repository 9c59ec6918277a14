import { createRecords } from '../../shared/ledger/records';
import { commandRecord, importRecord } from '../core/requests';
import { createState, losingAnswers, STATE } from './state';

describe('an open record', () => {
  it('is created once: the second delivery finds the first', async () => {
    const { ports } = createState();
    const records = createRecords(ports, STATE);

    const first = await records.create(importRecord());
    const second = await records.create(importRecord({ location: 'asia-east1' }));

    expect(first?.record).toMatchObject(importRecord());
    expect(second).toBeNull();
    expect(await records.open('imp-1')).toEqual(first);
    expect(await records.isOpen('imp-1')).toBe(true);
    expect(await records.isOpen('imp-2')).toBe(false);
  });

  it('of two deliveries at once belongs to exactly one', async () => {
    const { ports } = createState();
    const records = createRecords(ports, STATE);

    const both = await Promise.all([records.create(importRecord()), records.create(importRecord())]);

    expect(both.filter((created) => created !== null)).toHaveLength(1);
  });

  it('counts as created, and as saved, where only the answer was lost', async () => {
    const { ports } = createState();
    const records = createRecords({ ...ports, objects: losingAnswers(ports.objects, 2) }, STATE);

    const created = await records.create(importRecord());
    const saved = await records.save(importRecord({ at: 2 }), created?.generation ?? '');

    expect(created?.record.id).toBe('imp-1');
    expect(saved?.record.at).toBe(2);
    expect(await records.open('imp-1')).toEqual(saved);
  });

  it('is saved over the generation that was read only', async () => {
    const { ports } = createState();
    const records = createRecords(ports, STATE);
    const created = await records.create(importRecord());
    const generation = created?.generation ?? '';

    const saved = await records.save(importRecord({ at: 1 }), generation);
    const late = await records.save(importRecord({ at: 9 }), generation);

    expect(saved?.record.at).toBe(1);
    expect(late).toBeNull();
    expect((await records.open('imp-1'))?.record.at).toBe(1);
  });

  it('is removed at the generation that was read only', async () => {
    const { ports } = createState();
    const records = createRecords(ports, STATE);
    const created = await records.create(importRecord());
    const saved = await records.save(importRecord({ at: 1 }), created?.generation ?? '');

    await records.removeOpen('imp-1', created?.generation ?? '');
    const after = await records.isOpen('imp-1');
    await records.removeOpen('imp-1', saved?.generation ?? '');

    expect([after, await records.isOpen('imp-1')]).toEqual([true, false]);
    await expect(records.removeOpen('imp-1', '1')).resolves.toBeUndefined();
  });
});

describe('a closed record', () => {
  it('is what the first to close said; closing again changes nothing', async () => {
    const { ports } = createState();
    const records = createRecords(ports, STATE);
    const before = [await records.isClosed('imp-1'), await records.closed('imp-1')];

    await records.close(importRecord({ outcome: 'succeeded' }));
    await records.close(importRecord({ outcome: 'failed' }));

    expect(before).toEqual([false, null]);
    expect(await records.isClosed('imp-1')).toBe(true);
    expect(await records.closed('imp-1')).toMatchObject({ id: 'imp-1', outcome: 'succeeded' });
  });
});

describe('the list of open requests', () => {
  it('says of each what the tick needs, without reading the records', async () => {
    const { ports } = createState();
    const records = createRecords(ports, STATE);
    const since = '2026-11-22T08:00:00.000Z';
    const dueAt = '2026-11-22T08:01:00.000Z';
    await records.create(commandRecord('deleteProduct', {}, { id: 'cmd-a', dueAt }));
    await records.create(
      importRecord({
        id: 'imp-b',
        state: 'waiting',
        dueAt,
        waiting: { for: 'operation', detail: 'running', since, operation: 'operations/7' },
      }),
    );
    await records.create(
      importRecord({
        id: 'imp-c',
        location: 'asia-east1',
        state: 'waiting',
        waiting: { for: 'claim', detail: 'next in line', since },
      }),
    );
    await records.close(importRecord({ id: 'imp-d' }));

    expect(await records.listOpen()).toEqual([
      { id: 'cmd-a', request: 'deleteProduct', state: 'running', location: 'us-west1', dueAt: Date.parse(dueAt) },
      {
        id: 'imp-b',
        request: 'importProductSets',
        state: 'waiting',
        location: 'us-west1',
        waitingFor: 'operation',
        operation: 'operations/7',
        dueAt: Date.parse(dueAt),
      },
      { id: 'imp-c', request: 'importProductSets', state: 'waiting', location: 'asia-east1', waitingFor: 'claim' },
    ]);
  });

  it('has no more of a wait that is over', async () => {
    const { ports } = createState();
    const records = createRecords(ports, STATE);
    const waiting = { for: 'operation' as const, detail: 'ran', since: '2026-11-22T08:00:00.000Z', operation: 'o/1' };

    await records.create(importRecord({ state: 'running', waiting }));

    expect(await records.listOpen()).toEqual([
      { id: 'imp-1', request: 'importProductSets', state: 'running', location: 'us-west1' },
    ]);
  });

  it('is whole where it has more than one page', async () => {
    const { ports } = createState();
    const records = createRecords(ports, STATE);
    const ids = Array.from({ length: 1_003 }, (_, index) => `cmd-${String(index).padStart(4, '0')}`);
    for (const id of ids) await records.create(commandRecord('deleteProduct', {}, { id }));

    expect((await records.listOpen()).map((summary) => summary.id)).toEqual(ids);
  });
});
