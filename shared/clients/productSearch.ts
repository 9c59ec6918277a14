/**
 * The `ProductSearch` port on the Cloud Vision API, over gRPC. Every call ends within 25 s, retries included. Gets,
 * lists, updates, and adding to and removing from a set are retried inside the client after UNAVAILABLE and
 * DEADLINE_EXCEEDED; deletes once more, and then count as deleted (see `callDelete`); creates, imports and purges never.
 */
import { ProductSearchClient } from '@google-cloud/vision/build/src/v1/product_search_client';
import { credentials } from '@grpc/grpc-js';
import { PassThroughClient } from 'google-auth-library';
import type { Page, ProductSearch } from '../ports';
import { type Batches, batchMethods } from './productSearchBatches';
import { callProductSearch as call, callDelete, ONCE, REPEATABLE } from './productSearchCalls';
import { productOf, productSetOf, referenceImageOf } from './productSearchMessages';
import { createProductSearchNames, type ProductSearchNames } from './productSearchNames';

export interface ProductSearchClientOptions {
  projectId: string;
  /** `host:port` of a local service; without it the real one, with the default credentials. */
  emulatorHost?: string;
}

export type ClosableProductSearch = ProductSearch & { close(): Promise<void> };

/** Lists ask for whole pages: fewer calls of a quota that all instances share. */
const PAGE_SIZE = 100;
const PAGE = { ...REPEATABLE, autoPaginate: false } as const;

const GONE = { status: 'NOT_FOUND', value: null } as const;
const ABSENT = { status: 'NOT_FOUND', value: 'absent' } as const;
const EXISTS = { status: 'ALREADY_EXISTS', value: 'exists' } as const;

export function createProductSearch({ projectId, emulatorHost }: ProductSearchClientOptions): ClosableProductSearch {
  const client = new ProductSearchClient({ projectId, ...(emulatorHost ? emulatorOptions(emulatorHost) : {}) });
  const names = createProductSearchNames(projectId);
  return {
    ...readMethods(client, names),
    ...deleteMethods(client, names),
    ...createMethods(client, names),
    ...updateMethods(client, names),
    ...membershipMethods(client, names),
    ...batchMethods(client, names),
    close: () => client.close(),
  };
}

/** No credentials are looked for, and the metadata server is not asked. */
function emulatorOptions(emulatorHost: string) {
  const { hostname, port } = new URL(`http://${emulatorHost.replace(/^https?:\/\//, '')}`);
  const authClient = new PassThroughClient();
  return { apiEndpoint: hostname, port: Number(port), sslCreds: credentials.createInsecure(), authClient };
}

type Deletes = Pick<ProductSearch, 'deleteProductSet' | 'deleteProduct' | 'deleteReferenceImage'>;
type Memberships = Pick<
  ProductSearch,
  'addProductToProductSet' | 'removeProductFromProductSet' | 'listProductsInProductSet'
>;
type Creates = Pick<ProductSearch, 'createProductSet' | 'createProduct' | 'createReferenceImage'>;
type Updates = Pick<ProductSearch, 'updateProductSet' | 'updateProduct'>;
type Reads = Omit<ProductSearch, keyof (Batches & Deletes & Memberships & Creates & Updates)>;

function readMethods(client: ProductSearchClient, names: ProductSearchNames): Reads {
  return {
    getProductSet: (location, id) =>
      call(
        'GetProductSet',
        async () => productSetOf((await client.getProductSet({ name: names.productSet(location, id) }, REPEATABLE))[0]),
        GONE,
      ),
    listProductSets: (location, query) =>
      call('ListProductSets', async () => {
        const request = { pageSize: PAGE_SIZE, ...query, parent: names.location(location) };
        const [sets, , raw] = await client.listProductSets(request, PAGE);
        return pageOf(sets.map(productSetOf), raw);
      }),
    getProduct: (location, id) =>
      call(
        'GetProduct',
        async () => productOf((await client.getProduct({ name: names.product(location, id) }, REPEATABLE))[0]),
        GONE,
      ),
    listProducts: (location, query) =>
      call('ListProducts', async () => {
        const request = { pageSize: PAGE_SIZE, ...query, parent: names.location(location) };
        const [products, , raw] = await client.listProducts(request, PAGE);
        return pageOf(products.map(productOf), raw);
      }),
    ...imageReads(client, names),
  };
}

function imageReads(
  client: ProductSearchClient,
  names: ProductSearchNames,
): Pick<Reads, 'listReferenceImages' | 'getReferenceImage'> {
  return {
    async listReferenceImages(location, productId, query) {
      const request = { pageSize: PAGE_SIZE, ...query, parent: names.product(location, productId) };
      const act = async () => {
        const [images, , raw] = await client.listReferenceImages(request, PAGE);
        return pageOf(images.map(referenceImageOf), raw);
      };
      return call('ListReferenceImages', act, GONE);
    },
    async getReferenceImage(location, productId, id) {
      const name = names.referenceImage(location, productId, id);
      const act = async () => referenceImageOf((await client.getReferenceImage({ name }, REPEATABLE))[0]);
      return call('GetReferenceImage', act, GONE);
    },
  };
}

function deleteMethods(client: ProductSearchClient, names: ProductSearchNames): Deletes {
  return {
    deleteProductSet(location, id) {
      const name = names.productSet(location, id);
      return callDelete('DeleteProductSet', (options) => client.deleteProductSet({ name }, options));
    },
    deleteProduct(location, id) {
      const name = names.product(location, id);
      return callDelete('DeleteProduct', (options) => client.deleteProduct({ name }, options));
    },
    deleteReferenceImage(location, productId, id) {
      const name = names.referenceImage(location, productId, id);
      return callDelete('DeleteReferenceImage', (options) => client.deleteReferenceImage({ name }, options));
    },
  };
}

function createMethods(client: ProductSearchClient, names: ProductSearchNames): Creates {
  const create = (method: string, act: () => Promise<unknown>) =>
    call(method, () => act().then(() => 'created' as const), EXISTS);
  return {
    createProductSet(location, { id, displayName }) {
      const request = { parent: names.location(location), productSetId: id, productSet: { displayName } };
      return create('CreateProductSet', () => client.createProductSet(request, ONCE));
    },
    createProduct(location, { id, ...product }) {
      const request = { parent: names.location(location), productId: id, product };
      return create('CreateProduct', () => client.createProduct(request, ONCE));
    },
    createReferenceImage(location, productId, { id, ...referenceImage }) {
      const request = { parent: names.product(location, productId), referenceImageId: id, referenceImage };
      return create('CreateReferenceImage', () => client.createReferenceImage(request, ONCE));
    },
  };
}

function updateMethods(client: ProductSearchClient, names: ProductSearchNames): Updates {
  const update = (method: string, act: () => Promise<unknown>) =>
    call(method, () => act().then(() => 'updated' as const), ABSENT);
  return {
    updateProductSet(location, { id, displayName }) {
      const productSet = { name: names.productSet(location, id), displayName };
      const request = { productSet, updateMask: { paths: ['display_name'] } };
      return update('UpdateProductSet', () => client.updateProductSet(request, REPEATABLE));
    },
    updateProduct(location, { id, displayName, description, productLabels }) {
      const product = { name: names.product(location, id), displayName, description, productLabels };
      const request = { product, updateMask: { paths: ['display_name', 'description', 'product_labels'] } };
      return update('UpdateProduct', () => client.updateProduct(request, REPEATABLE));
    },
  };
}

function membershipMethods(client: ProductSearchClient, names: ProductSearchNames): Memberships {
  return {
    addProductToProductSet(location, setId, productId) {
      const request = { name: names.productSet(location, setId), product: names.product(location, productId) };
      const act = () => client.addProductToProductSet(request, REPEATABLE).then(() => 'added' as const);
      return call('AddProductToProductSet', act, ABSENT);
    },
    removeProductFromProductSet(location, setId, productId) {
      const request = { name: names.productSet(location, setId), product: names.product(location, productId) };
      const act = () => client.removeProductFromProductSet(request, REPEATABLE).then(() => 'removed' as const);
      return call('RemoveProductFromProductSet', act, ABSENT);
    },
    async listProductsInProductSet(location, setId, query) {
      const request = { pageSize: PAGE_SIZE, ...query, name: names.productSet(location, setId) };
      return call('ListProductsInProductSet', async () => {
        const [products, , raw] = await client.listProductsInProductSet(request, PAGE);
        return pageOf(products.map(productOf), raw);
      });
    },
  };
}

function pageOf<T>(items: T[], raw: { nextPageToken?: string | null }): Page<T> {
  return { items, nextPageToken: raw.nextPageToken || undefined };
}
