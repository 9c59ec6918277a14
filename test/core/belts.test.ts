import {
  capProblem,
  ceilingProblem,
  counted,
  isProtected,
  NONE,
  protectedMembersProblem,
  protectedSetProblem,
  sharedProductsProblem,
  shownShared,
} from '../../shared/core/belts';

const tally = (count: number, shown: (index: number) => string = (index) => `p${index + 1}`) =>
  Array.from({ length: count }, (_, index) => shown(index)).reduce(counted, NONE);

describe('the cap', () => {
  it.each([
    [0, 0, 10],
    [10, 10, 10],
    [10, 11, 10],
    [3, 5, 1_000],
  ])('lets %i products go where %i are allowed and the ceiling is %i', (products, maxProducts, ceiling) => {
    expect(capProblem(products, maxProducts, ceiling)).toBeNull();
  });

  it('refuses one product more, and names number, limit and the field that would allow it', () => {
    expect(capProblem(11, 10, 1_000)).toEqual({
      code: 'max-products',
      field: 'maxProducts',
      message: '11 products would go, the limit is 10; maxProducts: 11 would allow it',
    });
  });

  it('never offers what the ceiling forbids', () => {
    const message = capProblem(1_001, 5_000, 1_000)?.message;

    expect(message).toBe(
      '1001 products would go, the limit is 1000; the ceiling of this system is 1000 (MAX_PRODUCTS_CEILING)',
    );
  });

  it('refuses a command that asks for more than the ceiling', () => {
    expect(ceilingProblem(1_000, 1_000)).toBeNull();
    expect(ceilingProblem(1_001, 1_000)).toMatchObject({
      code: 'max-products',
      message: expect.stringMatching(/1001.*at most 1000/),
    });
  });
});

describe('protected product sets', () => {
  it.each([
    ['live', ['live'], true],
    ['live-2', ['live'], false],
    ['live-2', ['live*'], true],
    ['my-live', ['live*'], false],
    ['a', ['?'], true],
    ['ab', ['?'], false],
    ['anything', ['none', '*'], true],
    ['anything', [], false],
    ['a.c', ['a.c'], true],
    ['abc', ['a.c'], false],
  ])('%s under %j: %p', (id, globs, expected) => {
    expect(isProtected(id, globs)).toBe(expected);
  });

  it('refuse a command that names one, and any bulk that takes one of their products', () => {
    expect(protectedSetProblem('live-1').message).toContain('live-1 is protected');
    expect(protectedMembersProblem(tally(1))).toMatchObject({
      code: 'protected-product-set',
      message: expect.stringMatching(/^1 of the products .*: p1$/),
    });
    expect(protectedMembersProblem(NONE)).toBeNull();
  });

  it('show ten of many', () => {
    expect(protectedMembersProblem(tally(12))?.message).toMatch(
      /: p1, p2, p3, p4, p5, p6, p7, p8, p9, p10 and 2 more$/,
    );
  });
});

describe('shared products', () => {
  const both = counted(NONE, shownShared('both', ['sale', 'top']));

  it('refuse a purge; each is named with its other sets, and both ways out are', () => {
    const problem = sharedProductsProblem(both, 'shoes', 'refuse');

    expect(problem).toMatchObject({
      code: 'shared-products',
      field: 'sharedProducts',
      message: expect.stringMatching(/^1 products of shoes .*: both \(sale, top\); sharedProducts: keep .* delete /),
    });
    expect(problem?.severity).toBeUndefined();
  });

  it.each([
    ['keep' as const, /only leave this set: both/],
    ['delete' as const, /go from there as well: both/],
  ])('are a warning where the command says %s', (sharedProducts, message) => {
    expect(sharedProductsProblem(both, 'shoes', sharedProducts)).toMatchObject({
      severity: 'warning',
      message: expect.stringMatching(message),
    });
  });

  it('are none where all products are in the purged set alone', () => {
    expect(sharedProductsProblem(NONE, 'shoes', 'refuse')).toBeNull();
  });

  it('show ten of many', () => {
    const shared = tally(11, (index) => shownShared(`p${index + 1}`, ['sale']));

    expect(sharedProductsProblem(shared, 'shoes', 'refuse')?.message).toContain('p10 (sale) and 1 more;');
  });
});
