import { readCallLimit, readDeletion, readResetTime, readUsage } from '../../shared/core/cloudinaryAnswer';

describe('the answer to a deletion', () => {
  it('as the service gave it for an unknown id', () => {
    // Verbatim from https://github.com/cloudinary/cloudinary_npm/issues/320, but for the id.
    const body = { deleted: { a: 'not_found' }, deleted_counts: { a: { original: 0, derived: 0 } }, partial: false };

    expect(readDeletion(body)).toEqual({
      resources: [{ publicId: 'a', status: 'notFound', originals: 0, derived: 0 }],
      partial: false,
    });
  });

  it.each([
    ['deleted', { original: 0, derived: 3 }, { status: 'deleted', derived: 3 }],
    ['deleted', { original: 0, derived: 0 }, { status: 'deleted', derived: 0 }],
    ['kept', { original: 0, derived: 0 }, { status: 'deleted', derived: 0 }],
    ['not found', undefined, { status: 'notFound' }],
    ['not_found', { original: 0, derived: 2 }, { status: 'deleted', derived: 2 }],
    ['unauthorized', { original: 0, derived: 0 }, { status: 'failed' }],
    ['deleted', undefined, { status: 'deleted', derived: 0, uncounted: true }],
  ])('%s with %j', (word, counts, outcome) => {
    const body = { deleted: { a: word }, deleted_counts: counts === undefined ? {} : { a: counts }, next_cursor: null };

    expect(readDeletion(body)?.resources).toMatchObject([outcome]);
    expect(readDeletion(body)?.cursor).toBeUndefined();
  });

  it.each([undefined, null, 7, 'ok', [], {}, { deleted: [] }, { deleted: {}, next_cursor: 1 }])(
    'is none: %j',
    (body) => {
      expect(readDeletion(body)).toBeNull();
    },
  );
});

describe('the limit', () => {
  const headers = (values: Record<string, string>) => (name: string) => values[name] ?? null;
  const ALL = {
    'x-featureratelimit-limit': '500',
    'x-featureratelimit-remaining': '499',
    'x-featureratelimit-reset': 'Sat, 01 Apr 2017 22:00:00 GMT',
  };

  it('is what the headers say', () => {
    const resetAt = Date.parse('2017-04-01T22:00:00Z');

    expect(readCallLimit(headers(ALL))).toEqual({ limit: 500, remaining: 499, resetAt });
  });

  it.each([
    [{ 'x-featureratelimit-limit': '' }],
    [{ 'x-featureratelimit-remaining': '-1' }],
    [{ 'x-featureratelimit-remaining': '1e3' }],
    [{ 'x-featureratelimit-reset': 'soon' }],
  ])('is not known with %j', (change) => {
    expect(readCallLimit(headers({ ...ALL, ...change }))).toBeUndefined();
  });

  it.each([
    ['… Limit of 500 api operations reached. Try again on 2025-08-08 17:00:00 UTC', '2025-08-08T17:00:00Z'],
    ['Try again on 2025-08-08 17:00:00', undefined],
    ['Try again on 2025-88-08 17:00:00 UTC', undefined],
    ['', undefined],
  ])('ends as the sentence says: %s', (message, time) => {
    expect(readResetTime(message)).toBe(time === undefined ? undefined : Date.parse(time));
  });
});

it('usage may leave anything out', () => {
  expect([readUsage({ derived_resources: 5 }), readUsage({}), readUsage('x')]).toEqual([
    { originals: undefined, derived: 5 },
    { originals: undefined, derived: undefined },
    null,
  ]);
});
