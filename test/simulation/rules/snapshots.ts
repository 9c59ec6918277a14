/**
 * Everything that a purge or a bulk delete took lies in its snapshot as it was: products with all their fields, the sets
 * that they were in with their names, and each of their images.
 */
import type { GoneProduct, SeenOperation } from '../witness';
import { lastSegment } from './catalogue';
import { changed, createChanges } from './changes';
import { isTouched } from './deletions';
import { createListings } from './listings';
import type { Rule } from './rule';
import { readSnapshot, type Snapshot } from './snapshotFiles';

const FIELDS = ['displayName', 'description', 'productCategory', 'productLabels'] as const;

function faultOf(product: GoneProduct, snapshot: Snapshot | null): string | null {
  const line = snapshot?.lines.get(product.id);
  if (line === undefined) return 'is not in it';
  const field = FIELDS.find((name) => JSON.stringify(line.product[name]) !== JSON.stringify(product[name]));
  if (field !== undefined) return `has another ${field} in it`;
  const sets = new Set(line.productSets.map(lastSegment));
  const missing = product.productSetIds.find((id) => !sets.has(id));
  if (missing !== undefined) return `is not in set ${missing} in it`;
  const renamed = product.productSetIds.find((id) => snapshot?.setNames.get(id) !== product.setNames.get(id));
  if (renamed !== undefined) return `was in set ${renamed}, which has another display name in it`;
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
  const changes = createChanges(world.now);

  const snapshotOf = (requestId: string) =>
    readSnapshot(world.services, `gs://${world.config.stateBucket}/snapshots/${requestId}/snapshot.json`);

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
    if (command?.command !== 'deleteProducts') {
      return command === undefined || !('snapshot' in command) || command.snapshot !== false;
    }
    return command.snapshot ?? command.productIds === undefined;
  }

  /** A bulk delete holds no claim: whether another request has changed the product since this one was accepted. */
  function isChanged({ location, id, productSetIds, images }: GoneProduct, requestId: string): boolean {
    const since = { since: Date.parse(world.asked.record(requestId)?.acceptedAt ?? '') - world.skewMs, but: requestId };
    const keys = [
      changed.product(location, id),
      changed.fields(location, id),
      ...images.map((image) => changed.image(location, id, image.id)),
      ...productSetIds.flatMap((set) => [changed.membership(location, set, id), changed.productSet(location, set)]),
    ];
    return changes.isUndone(keys, since) || changes.isMade(keys, since);
  }

  return {
    afterCall(call) {
      listings.afterCall(call);
      changes.afterCall(call);
    },
    productDeleted(product, call) {
      const { requestId = '' } = call.invocation;
      const isBulk = world.asked.commandOf(requestId)?.command === 'deleteProducts';
      if (isBulk && isWanted(requestId) && !isTouched(world, product, requestId) && !isChanged(product, requestId)) {
        const fault = faultOf(product, snapshotOf(requestId));
        if (fault !== null) violated(`${requestId} has deleted ${product.id}, which ${fault}`);
      }
      changes.productDeleted(product, call);
    },
    operationStarted(operation: SeenOperation) {
      changes.operationStarted(operation);
      const { kind, requestId = '', startedBy, location, productSetIds } = operation;
      const [productSetId] = productSetIds;
      if (kind !== 'purge') return;
      if (listings.isOutdated(startedBy, location))
        violated(`${requestId} purges by an old listing of another invocation`);
      if (!isWanted(requestId)) return;
      const snapshot = snapshotOf(requestId);
      if (snapshot === null) return violated(`${requestId} purges without a snapshot`);
      for (const id of productSetId === undefined ? orphansIn(location) : productsIn(location, productSetId)) {
        // What another program has put in since the last listing is nobody's fault.
        const touched = world.strangers.get(`${location}/${id}`) ?? 0;
        if (!snapshot.lines.has(id) && touched < listings.knownUntil(startedBy, location, productSetId)) {
          violated(`${requestId} purges ${id}, which was there when it looked and is not in its snapshot`);
        }
      }
    },
    operationEnded(operation: SeenOperation) {
      changes.operationEnded(operation);
      const { kind, requestId = '', gone } = operation;
      if (kind !== 'purge' || gone.length === 0 || !isWanted(requestId)) return;
      const snapshot = snapshotOf(requestId);
      for (const product of gone) {
        const fault = isTouched(world, product, requestId) ? null : faultOf(product, snapshot);
        if (fault !== null) violated(`the purge of ${requestId} took ${product.id}, which ${fault}`);
      }
    },
  };
};
