import { addWatch, applyLooks, dueSets, type IndexWatch, NO_WATCHES } from '../../shared/core/indexWatch';

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
    const after = applyLooks(watches, new Map([['s', {}]]), NOW).watches;

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
    const second = applyLooks(first.watches, new Map([['t', newer]]), NOW + HOUR);

    expect(first.ended).toEqual([]);
    expect(second.ended.map(({ indexed }) => indexed.map(({ productSetId }) => productSetId))).toEqual([['s', 't']]);
    expect(second.watches).toEqual(NO_WATCHES);
  });

  it('end with a problem where a set cannot be indexed, and without a word where it is gone', () => {
    const watches = addWatch(NO_WATCHES, watch('a', ['full', 'gone']));
    const full = { indexError: { code: 9, message: 'too many images' } };

    const { ended } = applyLooks(
      watches,
      new Map([
        ['full', full],
        ['gone', null],
      ]),
      NOW,
    );

    expect(ended).toMatchObject([{ indexed: [], problems: [{ code: 'index-error' }] }]);
  });

  it('are given up after seven days', () => {
    const watches = addWatch(NO_WATCHES, watch('a', ['s'], '2026-11-15T08:00:00.000Z'));

    const { expired, watches: left } = applyLooks(watches, new Map([['s', {}]]), NOW);

    expect(expired.map(({ requestId }) => requestId)).toEqual(['a']);
    expect(left).toEqual(NO_WATCHES);
  });

  it('of a request that is watched already stay as they are', () => {
    const watches = addWatch(NO_WATCHES, watch('a', ['s']));

    expect(addWatch(watches, watch('a', ['t']))).toBe(watches);
  });
});
