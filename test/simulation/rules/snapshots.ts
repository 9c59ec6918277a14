/** Everything that a purge took lies in its snapshot: products with their sets, and each of their images. */
import type { GoneProduct, SeenOperation } from '../witness';
import { isTouched } from './deletions';
import { createListings } from './listings';
import type { Rule } from './rule';

interface SnapshotLine {
  product: { name: string; displayName: string };
  productSets: string[];
  referenceImages: { name: string; uri: string; boundingPolys: unknown }[];
}

const lastSegment = (name: string) => name.slice(name.lastIndexOf('/') + 1);

function faultOf(product: GoneProduct, line: SnapshotLine | undefined): string | null {
  if (line === undefined) return 'is not in it';
  if (line.product.displayName !== product.displayName) return 'has another display name in it';
  const sets = new Set(line.productSets.map(lastSegment));
  const missing = product.productSetIds.find((id) => !sets.has(id));
  if (missing !== undefined) return `is not in set ${missing} in it`;
  for (const image of product.images) {
    const kept = line.referenceImages.find(({ name }) => lastSegment(name) === image.id);
    if (kept?.uri !== image.uri || JSON.stringify(kept.boundingPolys) !== JSON.stringify(image.boundingPolys)) {
      return `lacks image ${image.id} in it`;
    }
  }
  return null;
}

export const snapshots: Rule = (world, violated) => {
  const listings = createListings(world.now);

  /** The snapshot of the request by product id, as the contract lays it down; null where there is none. */
  function snapshotOf(requestId: string): Map<string, SnapshotLine> | null {
    const index = textOf(`gs://${world.config.stateBucket}/snapshots/${requestId}/snapshot.json`);
    if (index === '') return null;
    const { parts } = JSON.parse(index) as { parts: { products: string }[] };
    const texts = parts.flatMap(({ products }) => textOf(products).split('\n').slice(0, -1));
    const lines = texts.map((text) => JSON.parse(text) as SnapshotLine);
    return new Map(lines.map((line) => [lastSegment(line.product.name), line]));
  }

  function textOf(uri: string): string {
    const [, bucket = '', name = ''] = /^gs:\/\/([^/]+)\/(.*)$/.exec(uri) ?? [];
    return world.services.text(bucket, name);
  }

  function productsIn(location: string, productSetId: string): string[] {
    const name = `projects/${world.config.projectId}/locations/${location}/productSets/${productSetId}`;
    const { items } = world.services.productSearch.listProductsInProductSet({ name, pageSize: 100 });
    return items.map((product) => lastSegment(product.name));
  }

  function orphansIn(location: string): string[] {
    const parent = `projects/${world.config.projectId}/locations/${location}`;
    const { productSearch } = world.services;
    const sets = productSearch.listProductSets({ parent, pageSize: 100 }).items.map(({ name }) => lastSegment(name));
    const members = new Set(sets.flatMap((id) => productsIn(location, id)));
    const products = productSearch.listProducts({ parent, pageSize: 100 }).items.map(({ name }) => lastSegment(name));
    return products.filter((id) => !members.has(id));
  }

  function isWanted(requestId: string): boolean {
    const command = world.asked.commandOf(requestId);
    return command === undefined || !('snapshot' in command) || command.snapshot !== false;
  }

  return {
    afterCall: listings.afterCall,
    operationStarted({ kind, requestId = '', startedBy, location, productSetIds: [productSetId] }: SeenOperation) {
      if (kind !== 'purge' || !isWanted(requestId)) return;
      const snapshot = snapshotOf(requestId);
      if (snapshot === null) return violated(`${requestId} purges without a snapshot`);
      for (const id of productSetId === undefined ? orphansIn(location) : productsIn(location, productSetId)) {
        // What another program has put in since the last listing is nobody's fault.
        const touched = world.strangers.get(`${location}/${id}`) ?? 0;
        if (!snapshot.has(id) && touched < listings.knownUntil(startedBy, location, productSetId)) {
          violated(`${requestId} purges ${id}, which was there when it looked and is not in its snapshot`);
        }
      }
    },
    operationEnded({ kind, requestId = '', gone }: SeenOperation) {
      if (kind !== 'purge' || gone.length === 0 || !isWanted(requestId)) return;
      const snapshot = snapshotOf(requestId);
      for (const product of gone) {
        const fault = isTouched(world, product, requestId) ? null : faultOf(product, snapshot?.get(product.id));
        if (fault !== null) violated(`the purge of ${requestId} took ${product.id}, which ${fault}`);
      }
    },
  };
};
