/** google.longrunning.Operation of the wire: metadata and response packed as Any, as the real service packs them. */
import type { OperationResource, OperationResponse, PurgeRequest } from './resources';
import { timestampMessage } from './timestampMessage';

/** Packs a message of `google.cloud.vision.v1` by its bare name. */
export type PackAny = (type: string, message: object) => { type_url: string; value: Buffer };

export function createOperationMessages(pack: PackAny): (operation: OperationResource) => object {
  // A response of 20,000 lines is asked for again and again, and never changes.
  const packed = new WeakMap<OperationResponse, object>();

  function response(of: OperationResponse): object {
    const known = packed.get(of);
    if (known) return known;
    const fresh = of.kind === 'import' ? packImport(pack, of) : packPurge(pack, of.request);
    packed.set(of, fresh);
    return fresh;
  }

  return (operation) => {
    const metadata = pack('BatchOperationMetadata', {
      state: operation.state,
      submitTime: timestampMessage(operation.submitTimeMs),
      endTime: operation.endTimeMs === undefined ? null : timestampMessage(operation.endTimeMs),
    });
    const message = { name: operation.name, metadata, done: operation.done };
    if (operation.error) return { ...message, error: operation.error };
    return operation.response ? { ...message, response: response(operation.response) } : message;
  };
}

function packImport(pack: PackAny, response: Extract<OperationResponse, { kind: 'import' }>): object {
  const referenceImages = response.listReferenceImages();
  return pack('ImportProductSetsResponse', { referenceImages, statuses: response.statuses });
}

/**
 * The proto declares Empty for a purge, but the answers that the documentation shows echo the request
 * (https://cloud.google.com/vision/product-search/docs/delete-resources).
 */
function packPurge(pack: PackAny, { parent, target, force }: PurgeRequest): object {
  const set = target && 'productSetId' in target ? target : null;
  return pack('PurgeProductsRequest', {
    parent,
    force,
    ...(set ? { productSetPurgeConfig: set } : { deleteOrphanProducts: true }),
  });
}
