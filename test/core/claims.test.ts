import { wantedClaim } from '../../shared/core/claims';
import type { RequestRecord } from '../../shared/core/request';
import { ACCEPTED_AT, commandRecord, importRecord } from './requests';

function importInto(productSetIds: string[]): RequestRecord {
  const file = {
    lines: 1,
    valid: 1,
    skipped: 0,
    productSetIds,
    parts: [1],
    verdictFiles: 0,
    everyLineHasImageId: true,
    nextPart: 0,
  };
  return importRecord({ facts: { file } });
}

describe('the claim', () => {
  it('of an import shares the sets that its lines name', () => {
    expect(wantedClaim(importInto(['shoes', 'sale']))).toEqual({
      requestId: 'imp-1',
      acceptedAt: ACCEPTED_AT,
      mode: 'shared',
      scope: { productSetIds: ['shoes', 'sale'] },
    });
  });

  it('of an import into more sets than can be named shares the whole location', () => {
    const ids = Array.from({ length: 1_001 }, (_, index) => `s${index}`);

    expect(wantedClaim(importInto(ids))).toMatchObject({ mode: 'shared', scope: { all: true } });
  });

  it('of a restore shares the sets that its snapshot names', () => {
    const restore = {
      generation: '1',
      productSetIds: ['shoes'],
      products: 1,
      units: 0,
      actions: 0,
      lines: 0,
      memberships: 0,
    };

    expect(wantedClaim(commandRecord('restoreSnapshot', {}, { facts: { restore } }))).toMatchObject({
      mode: 'shared',
      scope: { productSetIds: ['shoes'] },
    });
  });

  it.each(['purgeProductsInProductSet', 'purgeOrphanProducts'] as const)(
    'of %s excludes everybody from the whole location',
    (request) => {
      expect(wantedClaim(commandRecord(request, { productSetId: 'shoes' }))).toMatchObject({
        mode: 'exclusive',
        scope: { all: true },
      });
    },
  );

  it('of a set delete excludes everybody from that set', () => {
    expect(wantedClaim(commandRecord('deleteProductSet', { productSetId: 'shoes' }))).toMatchObject({
      mode: 'exclusive',
      scope: { productSetIds: ['shoes'] },
    });
  });

  it.each(['deleteReferenceImage', 'deleteProduct', 'deleteProducts'] as const)('of %s is none', (request) => {
    expect(wantedClaim(commandRecord(request, { productId: 'p' }))).toBeNull();
  });
});
