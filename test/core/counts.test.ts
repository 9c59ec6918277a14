import { COUNTS, noCounts } from '../../shared/core/counts';

describe('the counts of a request that has done nothing', () => {
  it('are all of its kind', () => {
    for (const [kind, names] of Object.entries(COUNTS)) {
      expect(Object.keys(noCounts(kind as keyof typeof COUNTS))).toEqual(names);
    }
    expect(noCounts('cancel')).toEqual({ cancelled: 0 });
  });

  it('of a sweep are those of Cloudinary, too, where it cleans there', () => {
    expect(noCounts('sweep')).not.toHaveProperty('derived');
    expect(noCounts('sweep', { derived: { keepOriginal: true } })).toMatchObject({
      removed: 0,
      derived: 0,
      originals: 0,
    });
  });
});
