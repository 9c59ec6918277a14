/** The world on the wire: the ports made of the real clients, each loaded and connected on first use. */
import { randomUUID } from 'node:crypto';
import type { Config } from '../config';
import type { Clock, Entropy, Log, ObjectStore, Ports, ProductSearch, Publisher } from '../ports';
import { createDerivedImages } from './derivedImages';
import { onUse } from './onUse';

const SYSTEM_CLOCK: Clock = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

const SYSTEM_ENTROPY: Entropy = { nonce: () => randomUUID().replaceAll('-', '') };

/** The ports of a deployed function; with the emulator hosts in the configuration, those of the local services. */
export function connect(config: Config, log: Log): Ports {
  const { projectId } = config;
  return {
    clock: SYSTEM_CLOCK,
    entropy: SYSTEM_ENTROPY,
    log,
    objects: onUse<ObjectStore>({ stat: 1, read: 1, openRead: 1, write: 1, copy: 1, delete: 1, list: 1 }, async () =>
      (await import('./objectStore')).createObjectStore({ projectId, apiEndpoint: config.storageHost }),
    ),
    productSearch: onUse<ProductSearch>(PRODUCT_SEARCH_METHODS, async () =>
      (await import('./productSearch')).createProductSearch({ projectId, emulatorHost: config.visionHost }),
    ),
    publisher: onUse<Publisher>({ publish: 1 }, async () =>
      (await import('./publisher')).createPublisher({ projectId, emulatorHost: config.pubsubHost }),
    ),
    derivedImages: config.cloudinary && createDerivedImages(config.cloudinary),
  };
}

const PRODUCT_SEARCH_METHODS: Record<keyof ProductSearch, 1> = {
  getProductSet: 1,
  listProductSets: 1,
  getProduct: 1,
  listProducts: 1,
  listProductsInProductSet: 1,
  listReferenceImages: 1,
  getReferenceImage: 1,
  deleteProductSet: 1,
  deleteProduct: 1,
  deleteReferenceImage: 1,
  createProductSet: 1,
  createProduct: 1,
  createReferenceImage: 1,
  updateProductSet: 1,
  updateProduct: 1,
  addProductToProductSet: 1,
  removeProductFromProductSet: 1,
  importProductSets: 1,
  purgeProducts: 1,
  getOperation: 1,
};
