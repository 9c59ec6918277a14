/** The methods on product sets. */
import { StatusError } from '../statusError';
import { ALREADY_EXISTS, NOT_FOUND } from './codes';
import { checkDisplayName, checkId } from './fieldRules';
import { type Place, parseLocationName, parseProductSetName, productSetName } from './names';
import { readPage } from './page';
import { refuseSetUnderPurge } from './purge';
import { dropProductSet, findProductSet, insertProductSet, type ProductSetRecord, type Records } from './records';
import type { PageRequest, ProductSetResource, ResourcePage } from './resources';
import type { ServiceContext } from './serviceContext';
import { bringIndexUp } from './setIndexing';
import { fieldsToUpdate } from './updateMask';

export interface ProductSetMethods {
  /** Without an id, or with an empty one, the service assigns one. */
  createProductSet(request: {
    parent?: string | null;
    productSet?: { displayName?: string | null } | null;
    productSetId?: string | null;
  }): ProductSetResource;
  getProductSet(request: { name?: string | null }): ProductSetResource;
  listProductSets(request: PageRequest & { parent?: string | null }): ResourcePage<ProductSetResource>;
  updateProductSet(request: {
    productSet?: { name?: string | null; displayName?: string | null } | null;
    updateMask?: readonly string[] | null;
  }): ProductSetResource;
  /** The products of the set stay. */
  deleteProductSet(request: { name?: string | null }): void;
}

export function createProductSetMethods(context: ServiceContext): ProductSetMethods {
  return {
    createProductSet(request) {
      const { records, now } = context.open(parseLocationName(request.parent));
      const displayName = checkDisplayName(request.productSet?.displayName);
      const id = checkId(request.productSetId || context.newId(), 'product_set_id');
      if (findProductSet(records, id)) {
        throw new StatusError(ALREADY_EXISTS, `ProductSet with ID '${id}' already exists.`);
      }
      // A purge of a set that was not there may run under this name.
      refuseSetUnderPurge(records, id);
      return productSetResource(records, insertProductSet(records, id, displayName, now), now);
    },
    getProductSet(request) {
      const name = parseProductSetName(request.name);
      const { records, now } = context.open(name);
      return productSetResource(records, requireProductSet(records, name.productSet), now);
    },
    listProductSets(request) {
      const { records, now } = context.open(parseLocationName(request.parent));
      const scope = { name: `${request.parent}/productSets`, seed: records.seed };
      return readPage(records.sets, scope, request, (set) => productSetResource(records, set, now));
    },
    updateProductSet(request) {
      const name = parseProductSetName(request.productSet?.name);
      const { records, now } = context.open(name);
      const fields = fieldsToUpdate(request.updateMask, ['display_name']);
      const set = requireProductSet(records, name.productSet);
      if (fields.has('display_name')) set.displayName = checkDisplayName(request.productSet?.displayName);
      return productSetResource(records, set, now);
    },
    deleteProductSet(request) {
      const name = parseProductSetName(request.name);
      const { records, now } = context.open(name);
      const set = requireProductSet(records, name.productSet);
      refuseSetUnderPurge(records, set.id);
      dropProductSet(records, set, now);
    },
  };
}

export function requireProductSet(records: Records, id: string): ProductSetRecord {
  return findProductSet(records, id) ?? refuseAbsent(records.at, id);
}

function productSetResource(records: Records, set: ProductSetRecord, now: number): ProductSetResource {
  bringIndexUp(set, records, now);
  const { displayName, indexTimeMs, indexError } = set;
  return { name: productSetName(records.at, set.id), displayName, indexTimeMs, indexError };
}

function refuseAbsent(at: Place, id: string): never {
  throw new StatusError(NOT_FOUND, `Not found: ${productSetName(at, id)}`);
}
