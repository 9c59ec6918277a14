/** When invocations have listed the products of a set: what was in it before that, they know of. */
import type { Call, Invocation } from '../invocations';

/**
 * Where an invocation has taken over from one that listed: it takes a look that is a minute old, writes down two times
 * what it does, and its call waits for its time.
 */
const TAKEN_OVER_MS = 5 * 60_000;

export function createListings(now: () => number) {
  const times = new WeakMap<Invocation, Map<string, number>>();

  return {
    afterCall({ invocation, method, parameters }: Call): void {
      if (method !== 'listProductsInProductSet') return;
      const [location, productSetId, query] = parameters as [string, string, { pageToken?: string } | undefined];
      // What comes in between two pages may be on neither.
      if (query?.pageToken !== undefined) return;
      const ofInvocation = times.get(invocation) ?? new Map<string, number>();
      times.set(invocation, ofInvocation.set(`${location}/${productSetId}`, now()));
    },

    /** Whatever was put into the set before this time is known to the invocation. */
    knownUntil(invocation: Invocation | undefined, location: string, productSetId: string): number {
      const listedAt = invocation && times.get(invocation)?.get(`${location}/${productSetId}`);
      return listedAt ?? now() - TAKEN_OVER_MS;
    },
  };
}
