import type { WantedClaim } from '../../shared/core/reservation';
import { createRecords } from '../../shared/ledger/records';
import { createReservations } from '../../shared/ledger/reservations';
import { commandRecord } from '../core/requests';
import { createState, STATE } from './state';

const LOCATION = 'us-west1';

function wanted(requestId: string, mode: WantedClaim['mode'], minute: number): WantedClaim {
  const acceptedAt = new Date(Date.UTC(2026, 10, 22, 8, minute)).toISOString();
  return { requestId, mode, scope: { productSetIds: ['shoes'] }, acceptedAt };
}

/** A location, and the requests with these ids open. */
async function createLocation(...open: string[]) {
  const state = createState();
  const records = createRecords(state.ports, STATE);
  for (const id of open) await records.create(commandRecord('deleteProduct', {}, { id }));
  return {
    ...state,
    reservations: createReservations(state.ports, state.config),
    async end(id: string) {
      await records.removeOpen(id, (await records.open(id))?.generation ?? '');
    },
  };
}

describe('the reservation of a location', () => {
  it('gives a free claim at once and makes the next one wait', async () => {
    const { reservations } = await createLocation('cmd-a', 'cmd-b');

    const first = await reservations.ask(LOCATION, wanted('cmd-a', 'exclusive', 0));
    const second = await reservations.ask(LOCATION, wanted('cmd-b', 'exclusive', 1));

    expect([first, second]).toEqual([
      { held: true, blockedBy: [] },
      { held: false, blockedBy: ['cmd-a'] },
    ]);
  });

  it('of two that ask at once is given to one', async () => {
    const { reservations } = await createLocation('cmd-a', 'cmd-b');

    const answers = await Promise.all([
      reservations.ask(LOCATION, wanted('cmd-a', 'exclusive', 0)),
      reservations.ask(LOCATION, wanted('cmd-b', 'exclusive', 1)),
    ]);

    expect(answers.map(({ held }) => held).sort()).toEqual([false, true]);
    const { claims, queue } = await reservations.read(LOCATION);
    expect([claims.length, queue.length]).toEqual([1, 1]);
  });

  it('does not let the claim of a request that has ended stand in the way', async () => {
    const { reservations, end } = await createLocation('cmd-a', 'cmd-b');
    await reservations.ask(LOCATION, wanted('cmd-a', 'exclusive', 0));
    await end('cmd-a');

    expect(await reservations.ask(LOCATION, wanted('cmd-b', 'exclusive', 1))).toEqual({ held: true, blockedBy: [] });
  });

  it('is swept by the tick: what has ended is dropped, who waits is granted', async () => {
    const { reservations, end } = await createLocation('cmd-a', 'cmd-b', 'cmd-c');
    await reservations.ask(LOCATION, wanted('cmd-a', 'exclusive', 0));
    await reservations.ask(LOCATION, wanted('cmd-b', 'shared', 1));
    await reservations.ask(LOCATION, wanted('cmd-c', 'shared', 2));
    const nothing = await reservations.sweep(LOCATION);
    await end('cmd-a');

    const { granted } = await reservations.sweep(LOCATION);

    expect(nothing.granted).toEqual([]);
    expect(granted).toEqual(['cmd-b', 'cmd-c']);
    expect((await reservations.read(LOCATION)).claims.map((claim) => claim.requestId)).toEqual(['cmd-b', 'cmd-c']);
  });

  it('is not written where a sweep finds nothing to do', async () => {
    const { reservations, ports } = await createLocation('cmd-a');
    await reservations.ask(LOCATION, wanted('cmd-a', 'exclusive', 0));
    const object = { bucket: STATE, name: `reservations/${LOCATION}.json` };
    const before = await ports.objects.stat(object);

    await reservations.sweep(LOCATION);
    await reservations.sweep('asia-east1');

    expect(await ports.objects.stat(object)).toEqual(before);
    expect(await ports.objects.stat({ bucket: STATE, name: 'reservations/asia-east1.json' })).toBeNull();
  });

  it('keeps a claim that is to outlive its request, until its time is over', async () => {
    const { reservations, end, pass } = await createLocation('cmd-a', 'cmd-b');
    await reservations.ask(LOCATION, wanted('cmd-a', 'shared', 0));
    await reservations.change(LOCATION, 'cmd-a', { keptUntil: '2026-11-22T08:30:00.000Z' });
    await end('cmd-a');

    const early = await reservations.ask(LOCATION, wanted('cmd-b', 'exclusive', 1));
    pass(30 * 60_000);
    const { granted } = await reservations.sweep(LOCATION);

    expect(early).toEqual({ held: false, blockedBy: ['cmd-a'] });
    expect(granted).toEqual(['cmd-b']);
  });

  it('loses a sweep with the request that made it', async () => {
    const { reservations, end } = await createLocation('cmd-a', 'cmd-b');
    for (const requestId of ['cmd-a', 'cmd-b']) {
      await reservations.registerSweep(LOCATION, { requestId, since: '2026-11-22T08:00:00.000Z' });
    }
    await reservations.tellSweeps(LOCATION, 'gs://s/snapshot.json');
    await end('cmd-a');

    await reservations.sweep(LOCATION);
    const { sweeps } = await reservations.read(LOCATION);
    await reservations.unregisterSweep(LOCATION, 'cmd-b');

    expect(sweeps).toMatchObject([{ requestId: 'cmd-b', snapshots: ['gs://s/snapshot.json'] }]);
    expect((await reservations.read(LOCATION)).sweeps).toBeUndefined();
  });

  it('knows nothing of another location', async () => {
    const { reservations } = await createLocation('cmd-a', 'cmd-b');
    await reservations.ask(LOCATION, wanted('cmd-a', 'exclusive', 0));

    expect((await reservations.ask('asia-east1', wanted('cmd-b', 'exclusive', 1))).held).toBe(true);
  });
});
