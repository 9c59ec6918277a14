/** Which claim a request needs before it changes anything. Pure. */

import type { RequestRecord } from './request';
import { scopeOf, type WantedClaim } from './reservation';

/** The claim, or null for a request that needs none: single deletes never write the reservation. */
export function wantedClaim(record: RequestRecord): WantedClaim | null {
  const common = { requestId: record.id, acceptedAt: record.acceptedAt };
  switch (record.request) {
    case 'importProductSets':
    case 'mergedImport':
      return { ...common, mode: 'shared', scope: scopeOf(record.facts.file?.productSetIds ?? []) };
    case 'restoreSnapshot':
      return { ...common, mode: 'shared', scope: scopeOf(record.facts.restore?.productSetIds ?? []) };
    // The check that no product is shared holds only while nobody adds products to other sets: the whole location.
    case 'purgeProductsInProductSet':
    case 'purgeOrphanProducts':
      return { ...common, mode: 'exclusive', scope: { all: true } };
    case 'deleteProductSet': {
      const productSetId = record.source.from === 'message' ? record.source.input.productSetId : undefined;
      return {
        ...common,
        mode: 'exclusive',
        scope: { productSetIds: productSetId === undefined ? [] : [productSetId] },
      };
    }
    default:
      return null;
  }
}
