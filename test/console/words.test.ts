import { countsText, outcomeWords, problemPlace, requestTitle, stepWords, waitWords } from '../../shared/console/words';
import { noCounts } from '../../shared/core/counts';

describe('counts', () => {
  it.each([
    [
      'import',
      { lines: 100, imported: 97, alreadyPresent: 0, failed: 2, skipped: 1 },
      '97 imported · 2 failed · 1 skipped',
    ],
    ['import', { lines: 20_000, imported: 20_000 }, '20,000 imported'],
    ['import', { lines: 0, imported: 0 }, 'nothing changed'],
    ['delete', { products: 1, referenceImages: 3, failed: 0 }, 'deleted 1 product · 3 reference images'],
    ['delete', { products: 0, alreadyAbsent: 1 }, '1 already absent'],
    ['delete', { productSets: 1, alreadyAbsent: 0 }, 'deleted 1 product set'],
    ['purge', { ...noCounts('purge'), products: 2 }, 'purged 2 products'],
    ['purge', noCounts('purge'), 'nothing changed'],
    ['purge', { products: 26, referenceImages: 1 }, 'purged 26 products · 1 reference image'],
    ['restore', { products: 2, referenceImages: 3, failed: 0 }, 'brought back 2 products · 3 reference images'],
    ['sweep', { scanned: 12, removed: 3 }, '12 scanned · 3 removed'],
    ['derived', { originals: 0, derived: 2_000, notFound: 1 }, 'deleted 2,000 derived images · 1 not found'],
    ['derived', { originals: 1, derived: 1 }, 'deleted 1 original · 1 derived image'],
    ['derived', { originals: 0, derived: 0, notFound: 2 }, '2 not found'],
    ['delete', {}, 'nothing changed'],
  ])('of %s %j are "%s"', (kind, counts, text) => {
    expect(countsText(kind, counts)).toBe(text);
  });

  it('of a dry run say what would be', () => {
    expect(countsText('purge', { products: 2 }, true)).toBe('would go: 2 products');
    expect(countsText('restore', { products: 2 }, true)).toBe('would come back: 2 products');
    expect(countsText('purge', { products: 0 }, true)).toBe('nothing would change');
    expect(countsText('derived', { derived: 2 }, true)).toBe('would go: 2 derived images');
  });
});

it('calls what it does not know by its own name', () => {
  expect(requestTitle('sweepImageFiles')).toBe('Sweep image files');
  expect(stepWords('readMarks')).toBe('read marks');
  expect(outcomeWords('superseded')).toEqual({ label: 'superseded', tone: 'neutral' });
  expect(waitWords('weather')).toEqual({ label: 'waiting for weather', tone: 'waiting' });
});

it('does not take names of every object for words', () => {
  expect(stepWords('constructor')).toBe('constructor');
  expect(outcomeWords('toString')).toEqual({ label: 'to string', tone: 'neutral' });
});

it.each([
  [{ line: 7, column: 3 }, 'line 7, column 3'],
  [{ line: 7 }, 'line 7'],
  [{ field: 'productIds[3]' }, 'productIds[3]'],
  [{}, ''],
])('says where a problem is: %j', (place, text) => {
  expect(problemPlace({ code: 'c', message: 'm', ...place })).toBe(text);
});
