import { decideStarts, holdMs, type PendingFile } from '../../shared/core/mergePolicy';
import { type ImportSlots, NO_SLOTS, slotsAt, takeSlot } from '../../shared/core/quota';
import { SIZES } from '../../shared/core/sizes';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const START = Date.parse('2026-11-22T00:00:00Z');
const LIMIT = 120;
const RESERVE = 10;
const { importLines } = SIZES;

function file(id: string, at: number, more: Partial<PendingFile> = {}): PendingFile {
  return { id, location: 'us-west1', lines: 10, acceptedAt: START + at, urgent: false, ...more };
}

/** Runs the policy every minute, as the tick does, and says when each file started and when each import did. */
function simulate(files: PendingFile[], days: number) {
  let slots: ImportSlots = NO_SLOTS;
  const imports: number[] = [];
  const waits = new Map<string, number>();
  let pending: PendingFile[] = [];
  const coming = [...files].sort((a, b) => a.acceptedAt - b.acceptedAt);
  for (let now = START; now < START + days * DAY; now += MINUTE) {
    while (coming[0] !== undefined && coming[0].acceptedAt <= now) pending.push(coming.shift() as PendingFile);
    const { used, nextFreeAt } = slotsAt(slots, LIMIT, now);
    const { start } = decideStarts(pending, { limit: LIMIT, reserve: RESERVE, used, nextFreeAt, importLines }, now);
    for (const group of start) {
      const taken = takeSlot(slots, LIMIT, now);
      if (taken === null) throw new Error('the policy started more than there are slots');
      slots = taken.slots;
      imports.push(now);
      for (const id of group) waits.set(id, now - (files.find((each) => each.id === id)?.acceptedAt ?? now));
    }
    const started = new Set(start.flat());
    pending = pending.filter((each) => !started.has(each.id));
  }
  const inAnyDay = imports.map((at) => imports.filter((other) => other >= at && other < at + DAY).length);
  const minutes = [...waits.values()].map((ms) => ms / MINUTE).sort((a, b) => a - b);
  return {
    started: waits.size,
    imports: imports.length,
    mostInADay: Math.max(...inAnyDay),
    medianMinutes: minutes[Math.floor(minutes.length / 2)] ?? 0,
    longestMinutes: minutes.at(-1) ?? 0,
  };
}

const many = (count: number, everyMs: number, more: Partial<PendingFile> = {}, name = 'f') =>
  Array.from({ length: count }, (_, n) => file(`${name}${n}`, n * everyMs, more));

describe('decideStarts', () => {
  it('starts every file at once and alone while more than half of the slots are left', () => {
    const slots = { limit: LIMIT, reserve: RESERVE, used: 10, nextFreeAt: 0, importLines };

    expect(decideStarts([file('a', 0), file('b', 0)], slots, START).start).toEqual([['a'], ['b']]);
  });

  it('holds files of one location and starts them together, those of another apart', () => {
    const slots = { limit: LIMIT, reserve: RESERVE, used: 80, nextFreeAt: 0, importLines };
    const pending = [file('a', 0), file('b', 5 * MINUTE), file('c', 0, { location: 'asia-east1' })];

    const before = decideStarts(pending, slots, START + 10 * MINUTE);
    const after = decideStarts(pending, slots, START + 24 * MINUTE);

    expect(before.start).toEqual([]);
    expect(before.startAt.get('b')).toBe(START + 24 * MINUTE);
    expect(after.start).toEqual([['a', 'b']]);
    expect(decideStarts(pending, slots, START + 25 * MINUTE).start).toEqual([['a', 'b'], ['c']]);
  });

  it('never holds an urgent file, and leaves it the reserve', () => {
    const pending = [file('a', 0), file('u', 0, { urgent: true })];
    const slots = { limit: LIMIT, reserve: RESERVE, used: 110, nextFreeAt: START + HOUR, importLines };

    const { start, startAt } = decideStarts(pending, slots, START + DAY);

    expect(start).toEqual([['u']]);
    expect(startAt.get('a')).toBe(START + 12 * HOUR);
  });

  it('starts nothing where no slot is left, and says when the next one is free', () => {
    const slots = { limit: LIMIT, reserve: RESERVE, used: 120, nextFreeAt: START + 20 * HOUR, importLines };

    const { start, startAt } = decideStarts([file('u', 0, { urgent: true })], slots, START);

    expect([start, startAt.get('u')]).toEqual([[], START + 20 * HOUR]);
  });

  it('never puts more than 20,000 lines together, and does not hold a full group', () => {
    const slots = { limit: LIMIT, reserve: RESERVE, used: 100, nextFreeAt: 0, importLines };
    const pending = many(5, 1, { lines: 6_000 });

    const { start } = decideStarts(pending, slots, START + MINUTE);

    expect(start).toEqual([['f0', 'f1', 'f2']]);
    expect(3 * 6_000).toBeLessThanOrEqual(importLines);
  });

  it('never puts more than 500 files together, and does not hold as many', () => {
    const slots = { limit: LIMIT, reserve: RESERVE, used: 100, nextFreeAt: 0, importLines };

    const { start, startAt } = decideStarts(many(600, 1, { lines: 1 }), slots, START + MINUTE);

    expect([start.map((group) => group.length), startAt.size]).toEqual([[500], 100]);
  });

  it('holds longer the fewer slots are left, never longer than half a day', () => {
    const holds = Array.from({ length: 110 }, (_, used) => holdMs(110 - used, 110));

    expect(holds.slice(0, 55)).toEqual(Array.from({ length: 55 }, () => 0));
    expect(holds).toEqual([...holds].sort((a, b) => a - b));
    expect(holds.at(-1)).toBe(12 * HOUR);
  });
});

describe('a simulated day', () => {
  it.each([
    ['5,000 small files, evenly', many(5_000, DAY / 5_000), 120],
    ['a burst of 500 within a minute', many(500, 120), 15],
    ['a trickle of one every 20 minutes', many(72, 20 * MINUTE), 25],
    [
      'a mixture of both, two locations and urgent files',
      [
        ...many(500, 120, {}, 'burst'),
        ...many(72, 20 * MINUTE, { location: 'europe-west1' }, 'trickle'),
        ...many(6, 4 * HOUR, { urgent: true }, 'urgent'),
      ],
      60,
    ],
  ])('of %s: every file starts, within the quota, none waits longer than its bound', (_case, files, longest) => {
    const result = simulate(files, 3);

    expect(result.started).toBe(files.length);
    expect(result.mostInADay).toBeLessThanOrEqual(LIMIT);
    expect(result.longestMinutes).toBeLessThanOrEqual(longest);
  });
});
