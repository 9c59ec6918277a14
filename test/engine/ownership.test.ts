import { guardPorts, isLeased, LeaseLostError, leased, own } from '../../shared/engine/ownership';
import { createRecords } from '../../shared/ledger/records';
import { SILENT_LOG } from '../../shared/log';
import { importRecord } from '../core/requests';
import { createState, START, STATE } from '../ledger/state';
import { createWorld } from './world';

const LEASE_MS = 60_000;

/** An invocation that has just accepted a request, for 60 s. */
async function createOwner() {
  const state = createState();
  let writes = 0;
  let standsStillMs = 0;
  const { objects } = state.ports;
  const counted: typeof objects = {
    ...objects,
    async write(...parameters) {
      writes += 1;
      const written = await objects.write(...parameters);
      state.pass(standsStillMs);
      standsStillMs = 0;
      return written;
    },
  };
  const records = createRecords({ ...state.ports, objects: counted }, STATE);
  const opened = await records.create(leased(importRecord(), 'mine', START, LEASE_MS));
  if (opened === null) throw new Error('the record was there already');
  const ownership = own(opened, { ...state.ports, records, config: state.config });
  return {
    ...state,
    ownership,
    stored: async () => (await records.open('imp-1'))?.record,
    writes: () => writes,
    /** The next write takes effect, and its invocation learns of it so much later. */
    standStill(ms: number) {
      standsStillMs = ms;
    },
    /** Another invocation writes the record. */
    async takeAway() {
      const now = await records.open('imp-1');
      await records.save(leased(importRecord(), 'theirs', state.ports.clock.now(), LEASE_MS), now?.generation ?? '');
    },
  };
}

const at = (seconds: number) => new Date(START + seconds * 1_000).toISOString();

describe('a lease', () => {
  it('holds until its end and ten seconds more, for clocks that differ', () => {
    const record = leased(importRecord(), 'mine', START, LEASE_MS);

    expect(record).toMatchObject({ state: 'running', lease: { nonce: 'mine', until: at(60) }, dueAt: at(70) });
    expect([0, 60_000, 69_999, 70_000].map((ms) => isLeased(record, START + ms))).toEqual([true, true, true, false]);
    expect(isLeased(importRecord(), START)).toBe(false);
  });

  it('is not renewed while the longest call fits into it', async () => {
    const { ownership, writes, pass } = await createOwner();
    const before = writes();

    await ownership.ensure();
    pass(24_000);
    await ownership.ensure();

    expect(writes()).toBe(before);
  });

  it('is renewed in time, so that no call is begun that it may not outlast', async () => {
    const { ownership, stored, pass } = await createOwner();

    pass(30_000);
    await ownership.ensure();

    expect(await stored()).toMatchObject({ state: 'running', lease: { nonce: 'mine', until: at(90) }, dueAt: at(100) });
  });

  it.each([
    [40_000, at(130)],
    [20_000, at(90)],
  ])('is renewed again where the renewal itself took %i ms and leaves too little', async (ms, until) => {
    const { ownership, stored, pass, standStill } = await createOwner();
    pass(30_000);
    standStill(ms);

    await ownership.ensure();

    expect((await stored())?.lease?.until).toBe(until);
  });

  it('is lost where an invocation stood still for longer than the lease while it renewed', async () => {
    const { ownership, pass, standStill } = await createOwner();
    pass(30_000);
    standStill(68_000);

    await expect(ownership.ensure()).rejects.toThrow(LeaseLostError);
  });

  it('is renewed once for calls at the same time', async () => {
    const { ownership, writes, pass } = await createOwner();
    const before = writes();
    pass(40_000);

    await Promise.all([ownership.ensure(), ownership.ensure(), ownership.ensure()]);

    expect(writes()).toBe(before + 1);
  });

  it('renewed says of the request what was consistent last, never half a step', async () => {
    const { ownership, stored, pass } = await createOwner();
    ownership.record.counts.imported = 1;
    ownership.record.cursor = { chunk: 1 };
    await ownership.checkpoint();
    ownership.record.counts.imported = 99;
    ownership.record.cursor = { chunk: 2 };

    pass(40_000);
    await ownership.ensure();

    expect(await stored()).toMatchObject({ counts: { imported: 1 }, cursor: { chunk: 1 }, lease: { until: at(100) } });
    expect(ownership.record.counts.imported).toBe(99);
  });

  it('is kept by a checkpoint and given back by leaving off, both with the record as it stands', async () => {
    const { ownership, stored, pass } = await createOwner();
    pass(20_000);

    ownership.record.at = 2;
    await ownership.checkpoint();
    const checkpointed = await stored();
    ownership.record.at = 3;
    ownership.record.state = 'waiting';
    await ownership.leaveOff();

    expect(checkpointed).toMatchObject({ at: 2, lease: { nonce: 'mine', until: at(80) } });
    expect(await stored()).toMatchObject({ at: 3, state: 'waiting' });
    expect(await stored()).not.toHaveProperty('lease');
  });
});

describe('a request that another invocation has taken over', () => {
  it('is not written any more: renewing, checkpoint and leaving off all say that it is lost', async () => {
    for (const act of ['ensure', 'checkpoint', 'leaveOff'] as const) {
      const { ownership, stored, pass, takeAway } = await createOwner();
      pass(40_000);
      await takeAway();

      await expect(ownership[act]()).rejects.toThrow(LeaseLostError);
      expect((await stored())?.lease?.nonce).toBe('theirs');
    }
  });

  it('counts as lost when the own lease is over, whether or not anybody has taken it', async () => {
    const { ownership, stored, pass } = await createOwner();

    pass(60_001);

    await expect(ownership.ensure()).rejects.toThrow(LeaseLostError);
    expect((await stored())?.lease?.until).toBe(at(60));
  });
});

const UNPACED = { bulk: false, pacer: { take: async () => undefined, refused: async () => undefined } };

describe('guarded ports', () => {
  it('let calls through while the request is owned', async () => {
    const { ownership } = await createOwner();
    const world = createWorld();
    world.image('1.png');

    const guarded = guardPorts(world.ports, ownership, UNPACED);

    expect(await guarded.objects.stat({ bucket: 'product-search-images', name: '1.png' })).toMatchObject({ size: 5 });
    expect(await guarded.productSearch.getProduct('us-west1', 'p1')).toBeNull();
    expect(guarded.clock).toBe(world.ports.clock);
  });

  it('begin no call when the lease is over: the other invocation may be at it', async () => {
    const { ports, ownership, pass } = await createOwner();
    const calls: string[] = [];
    const world = createWorld();
    const productSearch = {
      ...world.ports.productSearch,
      deleteProduct: async () => {
        calls.push('deleteProduct');
        return 'deleted' as const;
      },
    };
    const guarded = guardPorts({ ...ports, log: SILENT_LOG, productSearch }, ownership, UNPACED);
    await guarded.productSearch.deleteProduct('us-west1', 'p1');

    pass(60_001);

    await expect(guarded.productSearch.deleteProduct('us-west1', 'p1')).rejects.toThrow(LeaseLostError);
    await expect(guarded.publisher.publish('t', { data: Buffer.alloc(0), attributes: {} })).rejects.toThrow(
      LeaseLostError,
    );
    expect(calls).toEqual(['deleteProduct']);
  });
});
