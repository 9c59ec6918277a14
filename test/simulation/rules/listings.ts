/** When invocations have listed what a purge takes: what was there before that, they know of. */
import type { Call, Invocation } from '../invocations';

/**
 * Where an invocation has taken over from one that listed: it takes a look that is a minute old, writes down two times
 * what it does, and its call waits for its time.
 */
const TAKEN_OVER_MS = 5 * 60_000;
/** Orphans are listed in two steps, and after a fault the second follows within ten minutes. */
const ORPHANS_TAKEN_OVER_MS = TAKEN_OVER_MS + 10 * 60_000;

export function createListings(now: () => number) {
  const times = new WeakMap<Invocation, Map<string, number>>();

  return {
    afterCall({ invocation, method, parameters }: Call): void {
      if (method !== 'listProductsInProductSet' && method !== 'listProducts') return;
      const [location, productSetId, query] = (
        method === 'listProducts' ? [parameters[0], '', parameters[1]] : parameters
      ) as [string, string, { pageToken?: string } | undefined];
      // What comes in between two pages may be on neither.
      if (query?.pageToken !== undefined) return;
      const ofInvocation = times.get(invocation) ?? new Map<string, number>();
      times.set(invocation, ofInvocation.set(`${location}/${productSetId}`, now()));
    },

    /** What was put into the set before this time, or became an orphan where there is no set, is known to the invocation. */
    knownUntil(invocation: Invocation | undefined, location: string, productSetId = ''): number {
      const listedAt = invocation && times.get(invocation)?.get(`${location}/${productSetId}`);
      return listedAt ?? now() - (productSetId === '' ? ORPHANS_TAKEN_OVER_MS : TAKEN_OVER_MS);
    },
  };
}
