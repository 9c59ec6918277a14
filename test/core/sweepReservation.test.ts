import {
  addSnapshotToSweeps,
  addSweep,
  ask,
  dropEnded,
  EMPTY_RESERVATION,
  grantQueue,
  removeSweep,
  type WantedClaim,
} from '../../shared/core/reservation';

const NOW = '2026-11-22T12:00:00.000Z';
const SWEEP = { requestId: 'cmd-sweep', since: NOW };

function wanted(requestId: string, mode: WantedClaim['mode']): WantedClaim {
  return { requestId, mode, scope: { all: true }, acceptedAt: NOW };
}

describe('a sweep in a reservation', () => {
  it('is in it once, and gone without a trace', () => {
    const once = addSweep(EMPTY_RESERVATION, SWEEP);

    expect(addSweep(once, { ...SWEEP, since: 'later' })).toBe(once);
    expect(removeSweep(once, 'cmd-sweep')).toEqual(EMPTY_RESERVATION);
    expect(removeSweep(once, 'cmd-other')).toBe(once);
  });

  it('changes nothing about claims, and stays while claims come and go', () => {
    const first = ask(addSweep(EMPTY_RESERVATION, SWEEP), wanted('a', 'exclusive'), NOW);
    const second = ask(first.reservation, wanted('b', 'shared'), NOW);
    const after = grantQueue(
      dropEnded(second.reservation, (id) => id !== 'a', NOW),
      NOW,
    );

    expect([first.held, second.held, after.granted]).toEqual([true, false, ['b']]);
    expect(after.reservation.sweeps).toEqual([SWEEP]);
  });

  it('is dropped with the ended, and no other', () => {
    const both = addSweep(addSweep(EMPTY_RESERVATION, SWEEP), { ...SWEEP, requestId: 'cmd-other' });

    expect(dropEnded(both, (id) => id === 'cmd-other', NOW).sweeps).toEqual([{ ...SWEEP, requestId: 'cmd-other' }]);
    expect(dropEnded(both, () => false, NOW)).toEqual(EMPTY_RESERVATION);
  });

  it('is told of each snapshot that is restored, once', () => {
    const both = addSweep(addSweep(EMPTY_RESERVATION, SWEEP), { ...SWEEP, requestId: 'cmd-other' });
    const told = addSnapshotToSweeps(addSnapshotToSweeps(both, 'gs://s/1'), 'gs://s/2');

    expect(told.sweeps?.map((sweep) => sweep.snapshots)).toEqual([
      ['gs://s/1', 'gs://s/2'],
      ['gs://s/1', 'gs://s/2'],
    ]);
    expect(addSnapshotToSweeps(told, 'gs://s/1')).toBe(told);
    expect(addSnapshotToSweeps(EMPTY_RESERVATION, 'gs://s/1')).toBe(EMPTY_RESERVATION);
  });
});
