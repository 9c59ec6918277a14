/** When invocations have listed what a purge takes: what was there before that, they know of. */
import type { Call, Invocation } from '../invocations';

/**
 * Where an invocation has taken over from one that listed: it takes a look that is a minute old, writes down two times
 * what it does, and its call waits for its time.
 */
const TAKEN_OVER_MS = 5 * 60_000;
/** Orphans are listed in two steps, and after a fault the second follows within ten minutes. */
const ORPHANS_TAKEN_OVER_MS = TAKEN_OVER_MS + 10 * 60_000;
/** A listing of several pages goes on within ten minutes of its last page, and begins anew after that. */
const UNBROKEN_MS = 11 * 60_000;

/** A purge of orphans lists the sets last, to know who is in none. */
const LISTINGS: ReadonlySet<string> = new Set(['listProducts', 'listProductSets', 'listProductsInProductSet']);

export function createListings(now: () => number) {
  const times = new WeakMap<Invocation, Map<string, number>>();
  /** Of the listings of each request: when the first page was read, and the last one so far. */
  const pages = new Map<string, { first: number; last: number }>();
  /** Of each request and location: the last page of any of its listings. */
  const latest = new Map<string, { by: Invocation; at: number }>();

  /** When the listing that this page belongs to began. What comes in between two pages may be on neither. */
  function begunAt(listing: string, isFirst: boolean): number {
    const before = pages.get(listing);
    const isGoneOnWith = !isFirst && before !== undefined;
    const first = isGoneOnWith ? Math.max(before.first, isWithin(before.last) ? 0 : now() - UNBROKEN_MS) : now();
    pages.set(listing, { first, last: now() });
    return first;
  }

  const isWithin = (last: number) => now() - last <= UNBROKEN_MS;

  return {
    afterCall({ invocation, method, parameters }: Call): void {
      if (!LISTINGS.has(method)) return;
      latest.set(`${invocation.requestId} ${parameters[0]}`, { by: invocation, at: now() });
      if (method === 'listProductSets') return;
      const [location, productSetId, query] = (
        method === 'listProducts' ? [parameters[0], '', parameters[1]] : parameters
      ) as [string, string, { pageToken?: string } | undefined];
      const key = `${location}/${productSetId}`;
      const at = begunAt(`${invocation.requestId} ${key}`, query?.pageToken === undefined);
      times.set(invocation, (times.get(invocation) ?? new Map<string, number>()).set(key, at));
    },

    /** Whether what the invocation does by now follows from a listing of another one that is too old for it. */
    isOutdated(invocation: Invocation | undefined, location: string): boolean {
      const { by, at } = latest.get(`${invocation?.requestId} ${location}`) ?? { at: 0 };
      return by !== invocation && now() - at > TAKEN_OVER_MS;
    },

    /** What was put into the set before this time, or became an orphan where there is no set, is known to the invocation. */
    knownUntil(invocation: Invocation | undefined, location: string, productSetId = ''): number {
      const key = `${location}/${productSetId}`;
      const listedAt = invocation && times.get(invocation)?.get(key);
      if (listedAt !== undefined) return listedAt;
      // The last page of a listing that was taken over is not old, but its first one may be.
      const { first, last } = pages.get(`${invocation?.requestId} ${key}`) ?? { first: 0, last: 0 };
      return now() - (last - first) - (productSetId === '' ? ORPHANS_TAKEN_OVER_MS : TAKEN_OVER_MS);
    },
  };
}
