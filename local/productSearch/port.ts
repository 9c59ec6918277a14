/** The `ProductSearch` port on the model, without a wire: what the service refuses is thrown as a ServiceError. */
import { ServiceError, STATUS_CODES, type Status, statusOfCode } from '../../shared/core/errors';
import type { ProductSearch } from '../../shared/ports';
import { StatusError } from '../statusError';
import type { ProductSearchModel } from './model';
import { locationName, productName, productSetName, referenceImageName } from './names';
import { imageOf, operationOf, pageOf, productOf, setOf } from './portValues';

/** `pageSize`: of the lists where the caller names none. */
export function modelProductSearch(model: ProductSearchModel, project: string, pageSize = 100): ProductSearch {
  return { ...readMethods(model, project, pageSize), ...writeMethods(model, project), ...batchMethods(model, project) };
}

function batchMethods(model: ProductSearchModel, project: string): Batches {
  const parent = (location: string) => locationName({ project, location });
  return {
    importProductSets: (location, csvFileUri) =>
      call('ImportProductSets', () => model.importProductSets({ parent: parent(location), csvFileUri }).name),
    purgeProducts: (location, target) =>
      call('PurgeProducts', () => model.purgeProducts({ parent: parent(location), target, force: true }).name),
    getOperation: (name) =>
      call('GetOperation', () => operationOf(model.getOperation({ name })), { status: 'NOT_FOUND', value: null }),
  };
}

type Batches = Pick<ProductSearch, 'importProductSets' | 'purgeProducts' | 'getOperation'>;
type Reads = Pick<
  ProductSearch,
  | 'getProductSet'
  | 'listProductSets'
  | 'getProduct'
  | 'listProducts'
  | 'listProductsInProductSet'
  | 'listReferenceImages'
  | 'getReferenceImage'
>;
type Writes = Omit<ProductSearch, keyof Reads | keyof Batches>;

function readMethods(model: ProductSearchModel, project: string, pageSize: number): Reads {
  const at = (location: string) => ({ project, location });
  const gone = { status: 'NOT_FOUND', value: null } as const;
  return {
    getProductSet: (location, id) =>
      call('GetProductSet', () => setOf(model.getProductSet({ name: productSetName(at(location), id) })), gone),
    listProductSets: (location, query) =>
      call('ListProductSets', () =>
        pageOf(model.listProductSets({ pageSize, ...query, parent: locationName(at(location)) }), setOf),
      ),
    getProduct: (location, id) =>
      call('GetProduct', () => productOf(model.getProduct({ name: productName(at(location), id) })), gone),
    listProducts: (location, query) =>
      call('ListProducts', () =>
        pageOf(model.listProducts({ pageSize, ...query, parent: locationName(at(location)) }), productOf),
      ),
    listProductsInProductSet: (location, id, query) =>
      call('ListProductsInProductSet', () => {
        const name = productSetName(at(location), id);
        return pageOf(model.listProductsInProductSet({ pageSize, ...query, name }), productOf);
      }),
    listReferenceImages: (location, id, query) =>
      call(
        'ListReferenceImages',
        () => {
          const name = productName(at(location), id);
          return pageOf(model.listReferenceImages({ pageSize, ...query, parent: name }), imageOf);
        },
        gone,
      ),
    getReferenceImage: (location, productId, id) =>
      call(
        'GetReferenceImage',
        () => imageOf(model.getReferenceImage({ name: referenceImageName(at(location), productId, id) })),
        gone,
      ),
  };
}

function writeMethods(model: ProductSearchModel, project: string): Writes {
  const at = (location: string) => ({ project, location });
  const absent = { status: 'NOT_FOUND', value: 'absent' } as const;
  const exists = { status: 'ALREADY_EXISTS', value: 'exists' } as const;
  const deletion = (method: string, act: () => void) => call(method, () => after(act, 'deleted'), absent);
  const creation = (method: string, act: () => object) => call(method, () => after(act, 'created'), exists);
  const update = (method: string, act: () => object) => call(method, () => after(act, 'updated'), absent);
  return {
    deleteProductSet: (location, id) =>
      deletion('DeleteProductSet', () => model.deleteProductSet({ name: productSetName(at(location), id) })),
    deleteProduct: (location, id) =>
      deletion('DeleteProduct', () => model.deleteProduct({ name: productName(at(location), id) })),
    deleteReferenceImage: (location, productId, id) =>
      deletion('DeleteReferenceImage', () =>
        model.deleteReferenceImage({ name: referenceImageName(at(location), productId, id) }),
      ),
    createProductSet: (location, productSet) =>
      creation('CreateProductSet', () =>
        model.createProductSet({ parent: locationName(at(location)), productSet, productSetId: productSet.id }),
      ),
    createProduct: (location, product) =>
      creation('CreateProduct', () =>
        model.createProduct({ parent: locationName(at(location)), product, productId: product.id }),
      ),
    createReferenceImage: (location, productId, image) =>
      creation('CreateReferenceImage', () => {
        const parent = productName(at(location), productId);
        return model.createReferenceImage({ parent, referenceImage: image, referenceImageId: image.id });
      }),
    updateProductSet: (location, { id, displayName }) =>
      update('UpdateProductSet', () =>
        model.updateProductSet({ productSet: { name: productSetName(at(location), id), displayName } }),
      ),
    updateProduct: (location, product) =>
      update('UpdateProduct', () =>
        model.updateProduct({ product: { ...product, name: productName(at(location), product.id) } }),
      ),
    ...membershipMethods(model, project),
  };
}

type Memberships = Pick<ProductSearch, 'addProductToProductSet' | 'removeProductFromProductSet'>;

function membershipMethods(model: ProductSearchModel, project: string): Memberships {
  const absent = { status: 'NOT_FOUND', value: 'absent' } as const;
  const pair = (location: string, setId: string, productId: string) => ({
    name: productSetName({ project, location }, setId),
    product: productName({ project, location }, productId),
  });
  return {
    addProductToProductSet(location, setId, productId) {
      const request = pair(location, setId, productId);
      return call('AddProductToProductSet', () => after(() => model.addProductToProductSet(request), 'added'), absent);
    },
    removeProductFromProductSet(location, setId, productId) {
      const act = () => model.removeProductFromProductSet(pair(location, setId, productId));
      return call('RemoveProductFromProductSet', () => after(act, 'removed'), absent);
    },
  };
}

/** Runs a call of the model; a refusal with the expected status is its value, any other a ServiceError. */
async function call<T, E = never>(
  method: string,
  act: () => T,
  expected?: { status: Status; value: E },
): Promise<T | E> {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    if (expected && error.code === STATUS_CODES[expected.status]) return expected.value;
    throw new ServiceError(`ProductSearch.${method}`, statusOfCode(error.code), error.message, { cause: error });
  }
}

function after<T extends string>(act: () => unknown, outcome: T): T {
  act();
  return outcome;
}
