/** Nothing is deleted that nobody asked for; protected and shared products stay. */
import type { Command } from '../../../shared/core/command';
import type { ProductFilter as Filter, RequestRecord } from '../../../shared/core/request';
import { LISTED, PROTECTED_SET } from '../users/names';
import type { GoneProduct, SeenOperation } from '../witness';
import { createCatalogue, lastSegment } from './catalogue';
import { createListings } from './listings';
import type { Rule, RuleWorld } from './rule';

/** Whether another program had its hands on the product since the request was accepted. */
export function isTouched({ strangers, asked, skewMs }: RuleWorld, product: GoneProduct, requestId: string): boolean {
  const touched = strangers.get(`${product.location}/${product.id}`);
  return touched !== undefined && touched >= Date.parse(asked.record(requestId)?.acceptedAt ?? '') - skewMs;
}

/** `matched`: those that have met the filter when the request looked. */
function asksFor(command: Command, product: GoneProduct, matched: ReadonlySet<string> | undefined): boolean {
  switch (command.command) {
    case 'deleteProduct':
      return command.productId === product.id;
    case 'deleteProducts':
      if (command.listUri !== undefined) return LISTED.some((id) => id === product.id);
      if (command.where !== undefined) return matched?.has(product.id) === true;
      return command.productIds?.includes(product.id) === true;
    default:
      return false;
  }
}

/** Why the purge may not take the product, or null. */
function purgeFault(command: Command | undefined, operation: SeenOperation, product: GoneProduct): string | null {
  if (command?.command === 'purgeOrphanProducts') {
    return product.productSetIds.length === 0 ? null : `it is in ${product.productSetIds.join(', ')}`;
  }
  if (command?.command !== 'purgeProductsInProductSet') return 'nobody asked for a purge';
  const [productSetId] = operation.productSetIds;
  if (command.productSetId !== productSetId) return `the purge of ${command.productSetId} was asked for`;
  const others = product.productSetIds.filter((id) => id !== productSetId);
  if (others.length > 0 && command.sharedProducts !== 'delete') return `it is in ${others.join(', ')}, too`;
  return null;
}

/** It gave up on a delete that may have been done. */
function hasLostAnswer({ history }: RequestRecord): boolean {
  return history.some(({ what }) => /^(?:deleteOne|deleteSurveyed): failed: /.test(what));
}

const PUT_BACK = /were put back into the set/;

/** Whether another program, or an import that nobody knew of any more, may have changed since then who is in which set. */
function isDisturbed({ strangers, witness }: RuleWorld, location: string, since: number): boolean {
  const isTouchedSince = [...strangers].some(([key, at]) => key.startsWith(`${location}/`) && at >= since);
  const imports = [...witness.operations.values()].filter(({ kind }) => kind === 'import');
  return isTouchedSince || imports.some((one) => one.location === location && (one.endedAt ?? since) >= since);
}

export const deletions: Rule = (world, violated) => {
  /** Products of the protected set when the request was accepted, by request. A bulk delete holds no claim on it. */
  const protectedAtFirst = new Map<string, Set<string>>();
  /** The products that the calls of a request have deleted, each once, though it may have come back in between. */
  const deleted = new Map<string, Set<string>>();
  const listings = createListings(world.now);
  /** When a request listed the products of a set for the first time, under the claim that a purge has. */
  const firstListing = new Map<string, number>();
  const catalogue = createCatalogue(world);
  /** The products that met the filter of a bulk delete when it listed, by request: it can know of no others. */
  const matched = new Map<string, Set<string>>();

  function rememberMatching(requestId: string, location: string, where: Filter): void {
    const { productSetId, idPrefix = '', labels = {}, productCategory } = where;
    const members = productSetId === undefined ? null : catalogue.productsIn(location, productSetId);
    const ids = matched.get(requestId) ?? new Set();
    for (const { name, productLabels, productCategory: category } of catalogue.products(location)) {
      const id = lastSegment(name);
      const isMember = members === null || members.has(id);
      const isLabelled = Object.entries(labels).every(([key, value]) =>
        productLabels.some((label) => label.key === key && label.value === value),
      );
      const isOfCategory = productCategory === undefined || category === productCategory;
      if (isMember && isLabelled && isOfCategory && id.startsWith(idPrefix)) ids.add(id);
    }
    matched.set(requestId, ids);
  }

  return {
    afterCall(call) {
      listings.afterCall(call);
      const { requestId = '' } = call.invocation;
      const command = call.method.startsWith('listProducts') ? world.asked.commandOf(requestId) : undefined;
      if (command?.command === 'deleteProducts' && command.where !== undefined)
        rememberMatching(requestId, String(call.parameters[0]), command.where);
      if (call.method === 'listProductsInProductSet' && !firstListing.has(requestId))
        firstListing.set(requestId, world.now());
    },
    objectWritten({ name }) {
      const [, requestId] = /^requests\/open\/(cmd-.*)\.json$/.exec(name) ?? [];
      if (requestId === undefined || protectedAtFirst.has(requestId)) return;
      const location = world.asked.open(requestId)?.location ?? '';
      const set = `projects/${world.config.projectId}/locations/${location}/productSets/${PROTECTED_SET}`;
      const { items } = world.services.productSearch.listProductsInProductSet({ name: set, pageSize: 100 });
      protectedAtFirst.set(requestId, new Set(items.map((product) => product.name.split('/').at(-1) ?? '')));
    },
    productDeleted(product, { invocation }) {
      const { requestId = '' } = invocation;
      deleted.set(requestId, (deleted.get(requestId) ?? new Set()).add(product.id));
      const command = world.asked.commandOf(requestId);
      if (command === undefined || !asksFor(command, product, matched.get(requestId))) {
        return violated(`${requestId} deletes product ${product.id}, which nobody asked for`);
      }
      const isBulk = command.command === 'deleteProducts';
      const isProtected =
        product.productSetIds.includes(PROTECTED_SET) && protectedAtFirst.get(requestId)?.has(product.id);
      if (isBulk && isProtected === true && !isTouched(world, product, requestId)) {
        violated(`${requestId} deletes product ${product.id}, which is in a protected set`);
      }
    },
    operationEnded(operation) {
      const { requestId = '', gone } = operation;
      const command = world.asked.commandOf(requestId);
      for (const product of gone) {
        if (isTouched(world, product, requestId)) continue;
        const fault = purgeFault(command, operation, product);
        if (fault !== null) violated(`the purge of ${requestId} takes product ${product.id}, but ${fault}`);
        if (product.productSetIds.includes(PROTECTED_SET)) {
          violated(`the purge of ${requestId} takes product ${product.id}, which is in a protected set`);
        }
      }
    },
    atEnd() {
      for (const requestId of world.asked.requestIds()) {
        const record = world.asked.closed(requestId);
        const drift = record?.problems.find(({ message }) => PUT_BACK.test(message));
        if (record === null || drift === undefined) continue;
        if (isDisturbed(world, record.location, firstListing.get(requestId) ?? 0)) continue;
        violated(`${requestId} blames others for what nobody did: ${drift.message}`);
      }
      for (const requestId of world.asked.requestIds()) {
        const record = world.asked.closed(requestId);
        if (record?.intent?.call !== 'purgeProducts' || record.intent.operation !== undefined) continue;
        const isCounted = record.problems.some(({ code }) => code === 'purge-incomplete');
        if (!isCounted || isDisturbed(world, record.location, firstListing.get(requestId) ?? 0)) continue;
        violated(`${requestId} tells what is left by a purge that it does not know to be over`);
      }
      for (const [requestId, { size }] of deleted) {
        const record = world.asked.closed(requestId);
        if (record === null || hasLostAnswer(record)) continue;
        const { products = 0, alreadyAbsent = 0 } = record.counts;
        if (products + alreadyAbsent < size) violated(`${requestId} deletes ${size} products and tells of ${products}`);
      }
    },
    beforeCall({ method, parameters, invocation }) {
      const { requestId = '' } = invocation;
      const [location, first, second] = parameters as [string, string, string];
      const command = world.asked.commandOf(requestId);
      if (method === 'deleteReferenceImage') {
        const isAsked =
          command?.command === method && command.productId === first && command.referenceImageId === second;
        if (!isAsked) violated(`${requestId} deletes image ${second} of ${first}, which nobody asked for`);
      }
      if (method !== 'deleteProductSet') return;
      const isAsked = command !== undefined && 'productSetId' in command && command.productSetId === first;
      if (!isAsked) violated(`${requestId} deletes product set ${first}, which nobody asked for`);
      if (first === PROTECTED_SET) violated(`${requestId} deletes the protected product set ${first}`);
      if (command?.command !== 'purgeProductsInProductSet') return;
      const name = `projects/${world.config.projectId}/locations/${location}/productSets/${first}`;
      const left = world.services.productSearch.listProductsInProductSet({ name }).items.map((product) => product.name);
      const isNew = (one: string) =>
        (world.strangers.get(`${location}/${one.split('/').at(-1)}`) ?? 0) >=
        listings.knownUntil(invocation, location, first);
      const untouched = left.filter((one) => !isNew(one));
      if (untouched.length > 0)
        violated(`${requestId} deletes product set ${first} with ${untouched.join(', ')} in it`);
    },
  };
};
