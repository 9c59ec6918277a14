/** Imports, purges and their operations, for the Product Search client. Both starts are sent once and never again. */
import type { protos } from '@google-cloud/vision';
import type { ProductSearchClient } from '@google-cloud/vision/build/src/v1/product_search_client';
import type { ProductSearch } from '../ports';
import { callProductSearch as call, ONCE, REPEATABLE } from './productSearchCalls';
import { type OperationDecoders, operationOf, pollingName } from './productSearchMessages';
import type { ProductSearchNames } from './productSearchNames';

export type Batches = Pick<ProductSearch, 'importProductSets' | 'purgeProducts' | 'getOperation'>;

const GONE = { status: 'NOT_FOUND', value: null } as const;

export function batchMethods(client: ProductSearchClient, names: ProductSearchNames): Batches {
  return {
    importProductSets(location, csvFileUri) {
      const request = { parent: names.location(location), inputConfig: { gcsSource: { csvFileUri } } };
      return call('ImportProductSets', async () => startedName(await client.importProductSets(request, ONCE)));
    },
    purgeProducts(location, target) {
      const config =
        'orphans' in target
          ? { deleteOrphanProducts: true }
          : { productSetPurgeConfig: { productSetId: target.productSetId } };
      const request = { parent: names.location(location), force: true, ...config };
      return call('PurgeProducts', async () => startedName(await client.purgeProducts(request, ONCE)));
    },
    async getOperation(name) {
      // The declared type is the message class; the client takes plain objects here as everywhere.
      const request = { name: pollingName(name) } as protos.google.longrunning.GetOperationRequest;
      const act = async () => operationOf((await client.getOperation(request, REPEATABLE))[0], decodersOf(client));
      return call('GetOperation', act, GONE);
    },
  };
}

function startedName([operation]: readonly [{ name?: string | null }, ...unknown[]]): string {
  return operation.name ?? '';
}

/** The client's own: a second copy of the messages would cost 8 MB of code and a tenth of a second at a cold start. */
function decodersOf(client: ProductSearchClient): OperationDecoders {
  const { importProductSets } = client.descriptors.longrunning;
  return {
    metadata: (bytes) => importProductSets?.metadataDecoder(bytes) ?? null,
    response: (bytes) => importProductSets?.responseDecoder(bytes) ?? null,
  };
}
