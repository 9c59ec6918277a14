import fc from 'fast-check';
import { type ImportSlots, NO_SLOTS, returnSlot, slotsAt, takeSlot } from '../../shared/core/quota';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** A call may reach the service this much later than its slot was taken. */
const CALL = 25_000;
const START = Date.UTC(2026, 10, 22, 8, 0, 30);

function taken(limit: number, ...times: number[]): ImportSlots {
  return times.reduce((slots, time) => takeSlot(slots, limit, time)?.slots ?? slots, NO_SLOTS);
}

describe('import slots', () => {
  it('are free at once as long as the limit is not reached', () => {
    const slots = taken(3, START, START);

    expect(slotsAt(slots, 3, START)).toEqual({ used: 2, nextFreeAt: START });
    expect(takeSlot(slots, 3, START)).toEqual({ slots: taken(3, START, START, START), minute: '2026-11-22T08:00' });
  });

  it('are refused beyond the limit, and say when the next one is free', () => {
    const slots = taken(2, START, START + 5 * MINUTE);
    const minuteEnd = Date.UTC(2026, 10, 22, 8, 1);

    expect(takeSlot(slots, 2, START + 10 * MINUTE)).toBeNull();
    expect(slotsAt(slots, 2, START + 10 * MINUTE)).toEqual({ used: 2, nextFreeAt: minuteEnd + DAY + CALL });
  });

  it('come free one after the other, a day after they were taken', () => {
    const slots = taken(2, START, START + 5 * MINUTE);
    const { nextFreeAt } = slotsAt(slots, 2, START);
    const next = takeSlot(slots, 2, nextFreeAt);

    expect(takeSlot(slots, 2, nextFreeAt - 1)).toBeNull();
    expect(slotsAt(next?.slots ?? NO_SLOTS, 2, nextFreeAt).nextFreeAt).toBe(nextFreeAt + 5 * MINUTE);
  });

  it('that were over a lowered limit wait until enough are free', () => {
    const slots = taken(3, START, START + MINUTE, START + 2 * MINUTE);

    expect(slotsAt(slots, 1, START + 3 * MINUTE).nextFreeAt).toBe(Date.UTC(2026, 10, 22, 8, 3) + DAY + CALL);
  });

  it('that are given back can be taken at once; one that was never taken cannot be given back', () => {
    const slots = taken(1, START);
    const back = returnSlot(slots, '2026-11-22T08:00');

    expect(takeSlot(slots, 1, START)).toBeNull();
    expect(takeSlot(back, 1, START)).not.toBeNull();
    expect(slotsAt(returnSlot(back, '2026-11-22T08:00'), 1, START).used).toBe(0);
    expect(slotsAt(returnSlot(slots, '2026-11-22T07:00'), 1, START).used).toBe(1);
  });

  it('of former days are forgotten', () => {
    const slots = taken(5, START, START + MINUTE);

    expect(takeSlot(slots, 5, START + 3 * DAY)?.slots).toEqual({ taken: { '2026-11-25T08:00': 1 } });
  });
});

describe('in any course of events', () => {
  const move = fc.record({
    passMs: fc.oneof(fc.nat(90_000), fc.nat(DAY / 3), fc.constantFrom(0, MINUTE, DAY, DAY + MINUTE + CALL)),
    act: fc.constantFrom('take', 'take', 'take', 'giveBack', 'waitAndTake'),
  });

  it('no more than the limit start in any 24 hours, wherever in its deadline each call arrives', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.array(move, { maxLength: 80 }), (limit, moves) => {
        let now = START;
        let slots = NO_SLOTS;
        let last: { minute: string; at: number } | null = null;
        const starts: number[] = [];
        for (const { passMs, act } of moves) {
          now += passMs;
          if (act === 'giveBack') {
            if (last === null) continue;
            slots = returnSlot(slots, last.minute);
            starts.splice(starts.lastIndexOf(last.at), 1);
            last = null;
            continue;
          }
          const { nextFreeAt } = slotsAt(slots, limit, now);
          expect(nextFreeAt).toBeGreaterThanOrEqual(now);
          if (act === 'waitAndTake') now = nextFreeAt;
          const got = takeSlot(slots, limit, now);
          expect(got !== null).toBe(nextFreeAt <= now);
          if (got === null) continue;
          slots = got.slots;
          last = { minute: got.minute, at: now };
          starts.push(now);
        }

        for (const [index, first] of starts.entries()) {
          const oneTooMany = starts[index + limit] ?? Number.POSITIVE_INFINITY;
          expect(oneTooMany - (first + CALL)).toBeGreaterThanOrEqual(DAY);
        }
      }),
      { seed: 20261122, numRuns: 400 },
    );
  });
});
