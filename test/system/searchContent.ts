/** What Product Search holds, by bare ids in order, read with the official client. */
import { ProductSearchClient } from '@google-cloud/vision/build/src/v1/product_search_client';
import { credentials } from '@grpc/grpc-js';
import { PassThroughClient } from 'google-auth-library';

/** A client on plain gRPC without credentials. */
export function connectSearch(host: string, projectId: string): ProductSearchClient {
  const [apiEndpoint = '', port = ''] = host.split(':');
  return new ProductSearchClient({
    apiEndpoint,
    port: Number(port),
    projectId,
    sslCreds: credentials.createInsecure(),
    authClient: new PassThroughClient(),
  });
}

function idsOf(resources: readonly { name?: string | null }[]): string[] {
  return resources.map(({ name }) => name?.split('/').at(-1) ?? '').sort();
}

export function searchContent(search: ProductSearchClient, projectId: string, location = 'us-west1') {
  const parent = search.locationPath(projectId, location);
  return {
    async productSets(): Promise<string[]> {
      return idsOf((await search.listProductSets({ parent }))[0]);
    },
    async products(): Promise<string[]> {
      return idsOf((await search.listProducts({ parent }))[0]);
    },
    async productsIn(productSetId: string): Promise<string[]> {
      const name = search.productSetPath(projectId, location, productSetId);
      return idsOf((await search.listProductsInProductSet({ name }))[0]);
    },
    async images(productId: string): Promise<string[]> {
      const name = search.productPath(projectId, location, productId);
      return idsOf((await search.listReferenceImages({ parent: name }))[0]);
    },
    async product(productId: string) {
      return (await search.getProduct({ name: search.productPath(projectId, location, productId) }))[0];
    },
  };
}
