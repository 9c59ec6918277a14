import {
  addWatch,
  applyLooks,
  dueSets,
  type IndexWatch,
  lateProblems,
  NO_WATCHES,
  overWatches,
  removeWatches,
} from '../../shared/core/indexWatch';

const CHANGED = '2026-11-22T08:00:00.000Z';
const NOW = Date.parse('2026-11-22T09:00:00Z');
const HOUR = 3_600_000;

function watch(requestId: string, pending: string[], changedAt = CHANGED): IndexWatch {
  return {
    requestId,
    request: 'importProductSets',
    acceptedAt: changedAt,
    changedAt,
    pending,
    indexed: [],
    problems: [],
  };
}

describe('index watches', () => {
  it('look at a set once, however many requests wait for it, and not again within the hour', () => {
    const watches = addWatch(addWatch(NO_WATCHES, watch('a', ['s', 't'])), watch('b', ['s']));

    const due = dueSets(watches, NOW, HOUR);
    const after = applyLooks(watches, new Map([['s', {}]]), NOW);

    expect(due).toEqual(['s', 't']);
    expect(dueSets(after, NOW + HOUR - 1, HOUR)).toEqual(['t']);
    expect(dueSets(after, NOW + HOUR, HOUR)).toEqual(['s', 't']);
  });

  it('end when every set is indexed later than the change', () => {
    const watches = addWatch(NO_WATCHES, watch('a', ['s', 't']));
    const older = { indexTime: '2026-11-22T07:59:59Z' };
    const newer = { indexTime: '2026-11-22T08:30:00Z' };

    const first = applyLooks(
      watches,
      new Map([
        ['s', newer],
        ['t', older],
      ]),
      NOW,
    );
    const second = applyLooks(first, new Map([['t', newer]]), NOW + HOUR);
    const ended = overWatches(second, NOW + HOUR);

    expect(overWatches(first, NOW)).toEqual([]);
    expect(ended.map(({ indexed }) => indexed.map(({ productSetId }) => productSetId))).toEqual([['s', 't']]);
    expect(removeWatches(second, new Set(['a']))).toEqual(NO_WATCHES);
  });

  it('end with a problem where a set cannot be indexed, and without a word where it is gone', () => {
    const watches = addWatch(NO_WATCHES, watch('a', ['full', 'gone']));
    const full = { indexError: { code: 9, message: 'too many images' } };

    const after = applyLooks(
      watches,
      new Map([
        ['full', full],
        ['gone', null],
      ]),
      NOW,
    );

    expect(overWatches(after, NOW)).toMatchObject([{ indexed: [], problems: [{ code: 'index-error' }] }]);
  });

  it('are given up after seven days', () => {
    const watches = addWatch(NO_WATCHES, watch('a', ['s'], '2026-11-15T08:00:00.000Z'));

    const over = overWatches(applyLooks(watches, new Map([['s', {}]]), NOW), NOW);

    expect(over.map(({ requestId }) => requestId)).toEqual(['a']);
    expect(over.flatMap(lateProblems)).toEqual([
      expect.objectContaining({
        code: 'index-late',
        message: expect.stringContaining('Product set s was not indexed'),
      }),
    ]);
  });

  it('of a later change than the look learn nothing from it', () => {
    const watches = addWatch(NO_WATCHES, watch('a', ['gone'], new Date(NOW).toISOString()));

    expect(applyLooks(watches, new Map([['gone', null]]), NOW).watches).toEqual(watches.watches);
  });

  it('of a request that is watched already stay as they are', () => {
    const watches = addWatch(NO_WATCHES, watch('a', ['s']));

    expect(addWatch(watches, watch('a', ['t']))).toBe(watches);
  });
});
