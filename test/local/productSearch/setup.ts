/** What the tests of the local Product Search start from: a model on a virtual clock and a Cloud Storage of theirs. */
import { createProductSearchModel, type ProductSearchModel } from '../../../local/productSearch/model';
import type { ServiceOptions } from '../../../local/productSearch/serviceContext';
import { StatusError } from '../../../local/statusError';

export const START_MS = Date.UTC(2026, 0, 1);
export const PARENT = 'projects/p/locations/us-west1';
export const IMAGE_URI = 'gs://images/shoe.png';

export interface World {
  model: ProductSearchModel;
  /** Puts an object into the Cloud Storage that the model reads. */
  put(uri: string, content: string | Buffer): void;
  /** Moves the clock. */
  pass(ms: number): void;
}

/** Operations take 10 s, sets are indexed after 60 s, and `gs://images/shoe.png` is there. */
export function createWorld(options: Partial<ServiceOptions> = {}): World {
  const objects = new Map<string, Buffer>();
  let now = START_MS;
  let count = 0;
  const model = createProductSearchModel({
    clock: { now: () => now },
    entropy: { nonce: () => (count++).toString(16).padStart(16, '0').padEnd(32, '0') },
    objects: {
      readObject: (bucket, name) => objects.get(`gs://${bucket}/${name}`) ?? null,
      objectExists: (bucket, name) => objects.has(`gs://${bucket}/${name}`),
    },
    operationMs: 10_000,
    indexMs: 60_000,
    ...options,
  });
  const put = (uri: string, content: string | Buffer) => void objects.set(uri, Buffer.from(content));
  put(IMAGE_URI, 'png');
  return {
    model,
    put,
    pass(ms) {
      now += ms;
    },
  };
}

/** `CODE: message` of what a call throws. */
export function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof StatusError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'no error';
}

export function addProductSet({ model }: World, productSetId: string): string {
  return model.createProductSet({ parent: PARENT, productSet: { displayName: productSetId }, productSetId }).name;
}

export function addProduct({ model }: World, productId: string, productSetId?: string): string {
  const product = { displayName: productId, productCategory: 'general-v1' };
  const { name } = model.createProduct({ parent: PARENT, product, productId });
  if (productSetId) model.addProductToProductSet({ name: `${PARENT}/productSets/${productSetId}`, product: name });
  return name;
}

export function addImage({ model }: World, parent: string, referenceImageId: string): string {
  return model.createReferenceImage({ parent, referenceImage: { uri: IMAGE_URI }, referenceImageId }).name;
}

/** Ids of the products of a set, sorted, since the order is unspecified. */
export function membersOf({ model }: World, productSetId: string): string[] {
  const name = `${PARENT}/productSets/${productSetId}`;
  return idsOf(model.listProductsInProductSet({ name, pageSize: 100 }).items);
}

export function idsOf(resources: readonly { name: string }[]): string[] {
  return resources.map(({ name }) => name.slice(name.lastIndexOf('/') + 1)).sort();
}
