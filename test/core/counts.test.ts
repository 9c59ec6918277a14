import { COUNTS, countFailure, noCounts } from '../../shared/core/counts';
import type { RequestName } from '../../shared/core/request';
import { commandRecord } from './requests';

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

describe('a fault that ends a request', () => {
  it.each<[RequestName, number]>([
    ['deleteReferenceImage', 1],
    ['deleteProduct', 1],
    ['deleteProductSet', 1],
    ['deleteProducts', 0],
    ['purgeOrphanProducts', 0],
    ['restoreSnapshot', 0],
  ])('of %s counts as %s failed', (request, failed) => {
    const record = commandRecord(request);

    countFailure(record);

    expect(record.counts).toEqual({ ...noCounts(record.kind), failed });
  });

  it.each(['products', 'productSets', 'referenceImages', 'alreadyAbsent'])(
    'counts nothing once there are %s',
    (name) => {
      const record = commandRecord('deleteProduct');
      record.counts[name] = 1;

      countFailure(record);

      expect(record.counts.failed).toBe(0);
    },
  );

  it('counts nothing where the request is decided already', () => {
    const record = commandRecord('deleteProductSet', {}, { outcome: 'rejected' });

    countFailure(record);

    expect(record.counts.failed).toBe(0);
  });
});
