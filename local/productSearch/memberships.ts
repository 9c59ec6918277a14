/** Which products are in which sets: the add, remove and list methods, and the limit of sets for one product. */
import { StatusError } from '../statusError';
import { INVALID_ARGUMENT } from './codes';
import { locationName, parseProductName, parseProductSetName } from './names';
import { readPage } from './page';
import { requireProductSet } from './productSets';
import { productResource, requireProduct } from './products';
import { refuseProductUnderPurge, refuseSetUnderPurge } from './purge';
import { findProductSet, link, type ProductRecord, type ProductSetRecord, type Records, unlink } from './records';
import type { PageRequest, ProductResource, ResourcePage } from './resources';
import type { Limits, ServiceContext } from './serviceContext';

export interface MembershipRequest {
  /** Of the product set. */
  name?: string | null;
  product?: string | null;
}

export interface MembershipMethods {
  addProductToProductSet(request: MembershipRequest): void;
  removeProductFromProductSet(request: MembershipRequest): void;
  listProductsInProductSet(request: PageRequest & { name?: string | null }): ResourcePage<ProductResource>;
}

export function createMembershipMethods(context: ServiceContext): MembershipMethods {
  return {
    addProductToProductSet(request) {
      const { records, set, product, now } = openMembership(context, request);
      refuseOneSetTooMany(context.limits, product, set);
      link(records, set, product, now);
    },
    removeProductFromProductSet(request) {
      const { records, set, product, now } = openMembership(context, request);
      unlink(records, set, product, now);
    },
    listProductsInProductSet(request) {
      const name = parseProductSetName(request.name);
      const { records } = context.open(name);
      const products = findProductSet(records, name.productSet)?.products ?? null;
      const scope = { name: `${request.name}/products`, seed: records.seed };
      return readPage(products, scope, request, (product) => productResource(records.at, product));
    },
  };
}

/** INVALID_ARGUMENT where the product is to come into this set (or a new one) and is in as many as it can be. */
export function refuseOneSetTooMany(limits: Limits, product: ProductRecord, set: ProductSetRecord | undefined): void {
  if (set && product.sets.includes(set)) return;
  if (product.sets.length < limits.setsPerProduct) return;
  const most = `One Product can be added to at most ${limits.setsPerProduct} ProductSets.`;
  throw new StatusError(INVALID_ARGUMENT, `${most} Product '${product.id}' is in as many.`);
}

/** Both resources, after every rule that adding and removing share. */
function openMembership(
  context: ServiceContext,
  request: MembershipRequest,
): { records: Records; set: ProductSetRecord; product: ProductRecord; now: number } {
  const setName = parseProductSetName(request.name);
  const name = parseProductName(request.product);
  const { records, now } = context.open(setName);
  if (locationName(name) !== locationName(setName)) {
    const message = `The Product must be in the location of the ProductSet, ${locationName(setName)}.`;
    throw new StatusError(INVALID_ARGUMENT, message);
  }
  const set = requireProductSet(records, setName.productSet);
  const product = requireProduct(records, name.product);
  refuseSetUnderPurge(records, set.id);
  refuseProductUnderPurge(records, product);
  return { records, set, product, now };
}
