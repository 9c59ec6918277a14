import { progressOf } from '../../shared/core/progress';

const NOW = Date.parse('2026-11-22T08:00:00Z');
const MINUTE = 60_000;
const AT = { step: 'gatherImages', unit: 'products read', total: 1_000 } as const;

describe('progress', () => {
  it('tells the pace and the end from what was done since the step began', () => {
    const first = progressOf(undefined, { ...AT, done: 100 }, 50, NOW);
    const later = progressOf(first, { ...AT, done: 400 }, 350, NOW + MINUTE);

    expect(first).toMatchObject({ done: 100, total: 1_000, since: '2026-11-22T08:00:00.000Z' });
    expect(first.callsPerMinute).toBeUndefined();
    expect(later).toMatchObject({ done: 400, callsPerMinute: 300, expectedEnd: '2026-11-22T08:03:00.000Z' });
  });

  it('begins anew with another step, and knows no end where there is no total', () => {
    const first = progressOf(undefined, { ...AT, done: 100 }, 50, NOW);
    const other = progressOf(first, { step: 'listTargets', unit: 'products listed', done: 7 }, 60, NOW + MINUTE);
    const later = progressOf(other, { step: 'listTargets', unit: 'products listed', done: 9 }, 62, NOW + 2 * MINUTE);

    expect(other.since).toBe('2026-11-22T08:01:00.000Z');
    expect(later).toMatchObject({ done: 9, callsPerMinute: 2 });
    expect(later.expectedEnd).toBeUndefined();
  });
});
