/**
 * What happens in a purge and what must wait for it. The documentation only says to wait until a purge is done before
 * deleting its set, importing into it or touching its products, and warns of "concurrent operation errors"
 * (https://cloud.google.com/vision/product-search/docs/delete-resources); the code is not documented. Here each of
 * these, and a second purge of the same target, is ABORTED.
 */
import { StatusError } from '../statusError';
import { ABORTED } from './codes';
import type { Work } from './operations';
import { dropProduct, findProductSet, type ProductRecord, type Records } from './records';
import type { PurgeRequest, PurgeTarget } from './resources';
import { readAll } from './shuffledIndex';

/** ABORTED while a purge of this product set runs. */
export function refuseSetUnderPurge(records: Records, productSetId: string): void {
  if (records.purges.sets.has(productSetId)) abort(`ProductSet '${productSetId}' is being purged`);
}

/** ABORTED while a purge runs that would take this product: of a set that it is in, or of the orphans if it is one. */
export function refuseProductUnderPurge(records: Records, product: ProductRecord): void {
  const set = product.sets.find((each) => records.purges.sets.has(each.id));
  if (set) abort(`Product '${product.id}' is in ProductSet '${set.id}', which is being purged`);
  if (records.purges.orphans && product.sets.length === 0) {
    abort(`Product '${product.id}' is in no ProductSet, and the orphan products are being purged`);
  }
}

/**
 * Holds the target from now on. All is deleted at the end: the products that are in the set (or in no set) then, those
 * that came meanwhile included, as the method's documentation warns. A set that does not exist has none: what the
 * service does with one is documented nowhere; here the purge succeeds, as that of an empty set does.
 */
export function startPurge(records: Records, request: PurgeRequest, target: PurgeTarget): Work {
  const { purges } = records;
  if ('orphans' in target) {
    if (purges.orphans) abort('The orphan products are being purged');
    purges.orphans = true;
  } else {
    refuseSetUnderPurge(records, target.productSetId);
    purges.sets.add(target.productSetId);
  }
  return {
    advance(share, now) {
      if (share < 1) return;
      for (const product of productsOf(records, target)) dropProduct(records, product, now);
    },
    result: () => ({ succeeded: true, response: { kind: 'purge', request } }),
    release() {
      if ('orphans' in target) purges.orphans = false;
      else purges.sets.delete(target.productSetId);
    },
  };
}

function productsOf(records: Records, target: PurgeTarget): ProductRecord[] {
  if ('orphans' in target) return readAll(records.orphans);
  const set = findProductSet(records, target.productSetId);
  return set ? readAll(set.products) : [];
}

function abort(what: string): never {
  throw new StatusError(ABORTED, `${what}. Wait until the operation has finished, then retry.`);
}
