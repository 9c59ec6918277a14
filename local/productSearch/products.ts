/** The methods on products. */
import { StatusError } from '../statusError';
import { ALREADY_EXISTS, NOT_FOUND } from './codes';
import { checkCategory, checkDescription, checkDisplayName, checkId, checkLabels } from './fieldRules';
import { type Place, parseLocationName, parseProductName, productName } from './names';
import { readPage } from './page';
import { refuseProductUnderPurge } from './purge';
import { dropProduct, findProduct, insertProduct, type ProductRecord, type Records, touchProduct } from './records';
import type { PageRequest, ProductFields, ProductResource, ResourcePage } from './resources';
import type { ServiceContext } from './serviceContext';
import { fieldsToUpdate } from './updateMask';

export interface ProductMethods {
  /** Without an id, or with an empty one, the service assigns one. */
  createProduct(request: {
    parent?: string | null;
    product?: ProductFields | null;
    productId?: string | null;
  }): ProductResource;
  getProduct(request: { name?: string | null }): ProductResource;
  listProducts(request: PageRequest & { parent?: string | null }): ResourcePage<ProductResource>;
  /** The category cannot be changed: another one is ignored without a mask and refused in one. */
  updateProduct(request: {
    product?: (ProductFields & { name?: string | null }) | null;
    updateMask?: readonly string[] | null;
  }): ProductResource;
  /** With its reference images, from all its sets. */
  deleteProduct(request: { name?: string | null }): void;
}

export function createProductMethods(context: ServiceContext): ProductMethods {
  return {
    createProduct(request) {
      const { records } = context.open(parseLocationName(request.parent));
      const content = {
        displayName: checkDisplayName(request.product?.displayName),
        description: checkDescription(request.product?.description),
        productCategory: checkCategory(request.product?.productCategory),
        productLabels: checkLabels(request.product?.productLabels),
      };
      const id = checkId(request.productId || context.newId(), 'product_id');
      if (findProduct(records, id)) {
        throw new StatusError(ALREADY_EXISTS, `Product with ID '${id}' already exists.`);
      }
      return productResource(records.at, insertProduct(records, id, content));
    },
    getProduct(request) {
      const name = parseProductName(request.name);
      const { records } = context.open(name);
      return productResource(records.at, requireProduct(records, name.product));
    },
    listProducts(request) {
      const { records } = context.open(parseLocationName(request.parent));
      const scope = { name: `${request.parent}/products`, seed: records.seed };
      return readPage(records.products, scope, request, (product) => productResource(records.at, product));
    },
    updateProduct(request) {
      const name = parseProductName(request.product?.name);
      const { records, now } = context.open(name);
      const given = request.product ?? {};
      const fields = fieldsToUpdate(request.updateMask, ['display_name', 'description', 'product_labels']);
      const product = requireProduct(records, name.product);
      refuseProductUnderPurge(records, product);
      const displayName = fields.has('display_name') ? checkDisplayName(given.displayName) : product.displayName;
      const description = fields.has('description') ? checkDescription(given.description) : product.description;
      const productLabels = fields.has('product_labels') ? checkLabels(given.productLabels) : product.productLabels;
      Object.assign(product, { displayName, description, productLabels });
      touchProduct(records, product, now);
      return productResource(records.at, product);
    },
    deleteProduct(request) {
      const name = parseProductName(request.name);
      const { records, now } = context.open(name);
      const product = requireProduct(records, name.product);
      refuseProductUnderPurge(records, product);
      dropProduct(records, product, now);
    },
  };
}

export function requireProduct(records: Records, id: string): ProductRecord {
  return findProduct(records, id) ?? refuseAbsent(records.at, id);
}

export function productResource(at: Place, product: ProductRecord): ProductResource {
  const { displayName, description, productCategory, productLabels } = product;
  return { name: productName(at, product.id), displayName, description, productCategory, productLabels };
}

function refuseAbsent(at: Place, id: string): never {
  throw new StatusError(NOT_FOUND, `Not found: ${productName(at, id)}`);
}
