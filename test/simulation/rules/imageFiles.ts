/**
 * An image file goes only where that is allowed, only for a request that asks for it and only once the references are
 * gone, at the generation that was seen before, and not while another reference image of the product uses it. What went
 * is told as removed.
 */
import { formatGsUri } from '../../../shared/core/names';
import type { Page, ReferenceImage, StoredObject } from '../../../shared/ports';
import type { AskedFile } from '../asked';
import type { Invocation } from '../invocations';
import { FOREIGN_IMAGES, IMAGES, LOCATIONS, PROJECT, STATE } from '../services';
import { hasGivenUp, objectOf, type Rule } from './rule';

/** For so long imports wait while a sweep is under way. */
const SLICE_MS = 60_000;

export const imageFiles: Rule = ({ now, asked, services, strangers }, violated) => {
  /** The generations that each request has seen, by request and URI. */
  const generations = new Map<string, Map<string, Set<string>>>();
  /** The URIs of a product when an invocation looked last, and had not begun to delete since. */
  const uses = new WeakMap<Invocation, Map<string, Set<string>>>();
  /** All URIs of a product that the request has seen, and those of them from before the last look. */
  const used = new Map<string, Map<string, Set<string>>>();
  const usedBefore = new Map<string, Map<string, Set<string>>>();
  /** Products that each request has deleted: what one of that name uses since then came in with it. */
  const deleted = new Map<string, Set<string>>();
  /** The names of those that each request has removed. */
  const removed = new Map<string, Set<string>>();

  function remember(map: typeof used, requestId: string, key: string, values: readonly string[]): void {
    const ofRequest = map.get(requestId) ?? new Map<string, Set<string>>();
    map.set(requestId, ofRequest.set(key, new Set([...(ofRequest.get(key) ?? []), ...values])));
  }

  function setDeleted(requestId: string, productId: string): void {
    deleted.set(requestId, (deleted.get(requestId) ?? new Set()).add(productId));
  }

  return {
    callSent(call) {
      const { invocation, method } = call;
      // What it saw before its deletes was for its survey.
      if (method === 'deleteProduct' || method === 'deleteReferenceImage') uses.delete(invocation);
      // The files of one survey file are done. Those of the next are decided by its own products: another one's use does
      // not count (contract, imageFiles).
      if (method === 'write' && /\/handled-files-\d+\.json$/.test(objectOf(call).name)) uses.delete(invocation);
    },
    afterCall(call, result) {
      const { invocation, method, parameters } = call;
      const { requestId } = invocation;
      if (requestId === undefined) return;
      if (method === 'delete' && result === 'deleted' && objectOf(call).bucket === IMAGES) {
        removed.set(requestId, (removed.get(requestId) ?? new Set()).add(objectOf(call).name));
      }
      if (method === 'stat' && result !== null) {
        const stored = result as StoredObject;
        remember(generations, requestId, formatGsUri(stored), [stored.generation]);
      }
      if (method === 'listReferenceImages') {
        const uris = (result as Page<ReferenceImage> | null)?.items.map((image) => image.uri) ?? [];
        const [, productId, query] = parameters as [string, string, { pageToken?: string } | undefined];
        const ofInvocation = uses.get(invocation) ?? new Map<string, Set<string>>();
        const isFirstPage = query?.pageToken === undefined;
        uses.set(
          invocation,
          ofInvocation.set(productId, new Set([...(isFirstPage ? [] : (ofInvocation.get(productId) ?? [])), ...uris])),
        );
        const before = used.get(requestId)?.get(productId);
        if (isFirstPage && before !== undefined) remember(usedBefore, requestId, productId, [...before]);
        if (deleted.get(requestId)?.has(productId) !== true) remember(used, requestId, productId, uris);
      }
      if (method === 'deleteProduct') setDeleted(requestId, String(parameters[1]));
    },
    operationEnded({ requestId = '', gone }) {
      for (const { id } of gone) setDeleted(requestId, id);
    },
    beforeCall(call) {
      if (call.port !== 'objects' || call.method !== 'delete') return;
      const object = objectOf(call);
      if (object.bucket === FOREIGN_IMAGES) return violated(`${formatGsUri(object)} is outside REMOVABLE_IMAGES`);
      if (object.bucket !== IMAGES) return;
      const { requestId = '' } = call.invocation;
      const uri = formatGsUri(object);
      const command = asked.commandOf(requestId);
      if (command?.command === 'sweepImageFiles') return checkSwept(requestId, uri);
      const wish = command !== undefined && 'imageFiles' in command ? command.imageFiles : 'keep';
      if (wish === 'keep') violated(`${requestId} removes ${uri}, although imageFiles is keep`);
      const { generation } = live(object) ?? {};
      const { ifGenerationMatch } = (call.parameters[1] ?? {}) as { ifGenerationMatch?: string };
      const isSeen = generation !== undefined && generations.get(requestId)?.get(uri)?.has(generation) === true;
      const goes = generation !== undefined && (ifGenerationMatch === undefined || ifGenerationMatch === generation);
      if (goes && !isSeen) violated(`${requestId} removes ${uri} at a generation that it has not seen`);
      for (const [productId, uris] of uses.get(call.invocation) ?? []) {
        // What is only taken out of the purged set stays, and another product's use does not count.
        if (command !== undefined && 'sharedProducts' in command && command.sharedProducts === 'keep') continue;
        // Used for the first time since: its reference is not one of those that went.
        if (usedBefore.get(requestId)?.get(productId)?.has(uri) === false) continue;
        // Of two products that went in different rounds of a purge, the other one is not looked at again.
        if (goes && uris.has(uri) && isNamedBy(productId, uri))
          violated(`${requestId} removes ${uri}, which product ${productId} used when it looked`);
      }
    },
    atEnd() {
      for (const [requestId, names] of removed) {
        const record = asked.closed(requestId);
        if (record === null || hasGivenUp(record)) continue;
        const { removed: swept, imageFilesRemoved = swept ?? 0 } = record.counts;
        // One that somebody else has put there again is told as replaced.
        const sure = [...names].filter((name) => !strangers.has(`image/${name.replace('.png', '')}`));
        if (imageFilesRemoved < sure.length)
          violated(`${requestId} has removed ${sure.join(', ')} and tells of ${imageFilesRemoved}`);
      }
    },
  };

  function isNamedBy(productId: string, uri: string): boolean {
    return LOCATIONS.some((location) => {
      const parent = `projects/${PROJECT}/locations/${location}/products/${productId}`;
      try {
        const { items } = services.productSearch.listReferenceImages({ parent, pageSize: 100 });
        return items.some((image) => image.uri === uri);
      } catch {
        return false;
      }
    });
  }

  /** A sweep goes by all reference images of all locations, and by the files that are not imported yet. */
  function checkSwept(requestId: string, uri: string): void {
    for (const location of LOCATIONS) {
      const parent = `projects/${PROJECT}/locations/${location}`;
      for (const product of services.productSearch.listProducts({ parent, pageSize: 100 }).items) {
        const { items } = services.productSearch.listReferenceImages({ parent: product.name, pageSize: 100 });
        if (items.some((image) => image.uri === uri))
          violated(`${requestId} sweeps ${uri}, which ${product.name} uses`);
      }
    }
    for (const file of asked.files.values()) {
      const record = asked.open(file.requestId);
      // One that was replaced or deleted before it was staged can never be imported.
      if (!isInHand(file)) continue;
      // One that came in during a slice starts after it, and finds the file gone: decision 12.
      const since = Date.parse(record?.facts.stagedAt ?? record?.acceptedAt ?? '');
      if (now() - since > SLICE_MS && file.body.includes(uri))
        violated(`${requestId} sweeps ${uri}, which ${file.requestId} is about to use`);
    }
  }

  function isInHand({ requestId, file: { bucket, name, generation } }: AskedFile): boolean {
    const isInIntake = services.generation(bucket, name) === generation;
    return isInIntake || services.generation(STATE, `staging/${requestId}/original`) !== '';
  }

  function live({ bucket, name }: { bucket: string; name: string }): { generation: string } | null {
    try {
      return services.storage.getObject({ bucket, name });
    } catch {
      return null;
    }
  }
};
