/**
 * When does a change show in searches? A product set is indexed about once a day, long after the operation has ended
 * (create-reference-images): a watch follows the sets of one request until each index is newer than the change. Pure.
 */
import type { Problem } from './problem';

export interface IndexWatch {
  requestId: string;
  request: string;
  acceptedAt: string;
  /** The index must be newer than this. RFC 3339. */
  changedAt: string;
  /** Sets that are not known to be indexed yet. */
  pending: string[];
  indexed: { productSetId: string; indexTime: string }[];
  problems: Problem[];
}

export interface IndexWatches {
  watches: IndexWatch[];
  /** When each set was looked at last: RFC 3339 by product set id. */
  lookedAt: Record<string, string>;
}

export const NO_WATCHES: IndexWatches = { watches: [], lookedAt: {} };

/** What a look at a product set has shown; null where the set is gone. */
export interface SetIndex {
  indexTime?: string;
  indexError?: { code: number; message: string };
}

const DAY_MS = 24 * 3_600_000;
/** After so long nobody waits for an answer any more. */
const LONGEST_WATCH_MS = 7 * DAY_MS;

/** Begins to watch; a request that is watched already is left as it is. */
export function addWatch(watches: IndexWatches, watch: IndexWatch): IndexWatches {
  if (watches.watches.some((known) => known.requestId === watch.requestId)) return watches;
  return { ...watches, watches: [...watches.watches, watch] };
}

/** The sets that have not been looked at for `everyMs`, each once however many requests wait for it. */
export function dueSets({ watches, lookedAt }: IndexWatches, now: number, everyMs: number): string[] {
  const pending = new Set(watches.flatMap((watch) => watch.pending));
  // Any id may be a set's: `constructor`, too, which every object seems to have.
  const looked = new Map(Object.entries(lookedAt));
  return [...pending].filter((id) => now - Date.parse(looked.get(id) ?? '1970-01-01T00:00:00Z') >= everyMs);
}

function lookedWith(watch: IndexWatch, looks: ReadonlyMap<string, SetIndex | null>): IndexWatch {
  const next: IndexWatch = { ...watch, pending: [], indexed: [...watch.indexed], problems: [...watch.problems] };
  for (const productSetId of watch.pending) {
    const look = looks.get(productSetId);
    if (look === null) continue;
    if (look?.indexError !== undefined) {
      const message = `Product set ${productSetId} cannot be indexed: ${look.indexError.message}`;
      next.problems.push({ code: 'index-error', message });
    } else if (look?.indexTime !== undefined && Date.parse(look.indexTime) > Date.parse(watch.changedAt)) {
      next.indexed.push({ productSetId, indexTime: look.indexTime });
    } else {
      next.pending.push(productSetId);
    }
  }
  return next;
}

/**
 * Takes in what was seen from `since` (ms) on; of a later change it says nothing. A set that is gone is settled without a
 * word. Watches whose sets are all settled stay until they are removed, so that they can be told of before.
 */
export function applyLooks(
  { watches, lookedAt }: IndexWatches,
  looks: ReadonlyMap<string, SetIndex | null>,
  since: number,
): IndexWatches {
  const sinceText = new Date(since).toISOString();
  return withTimes({
    watches: watches.map((watch) => (Date.parse(watch.changedAt) < since ? lookedWith(watch, looks) : watch)),
    lookedAt: { ...lookedAt, ...Object.fromEntries([...looks.keys()].map((id) => [id, sinceText])) },
  });
}

/** The watches that come to an end: their sets are all settled, or they were followed for seven days. */
export function overWatches({ watches }: IndexWatches, now: number): IndexWatch[] {
  const isExpired = (watch: IndexWatch) => now - Date.parse(watch.changedAt) >= LONGEST_WATCH_MS;
  return watches.filter((watch) => watch.pending.length === 0 || isExpired(watch));
}

/** A warning for each set that was not indexed all that time. */
export function lateProblems({ pending, changedAt }: IndexWatch): Problem[] {
  return pending.map((productSetId) => ({
    code: 'index-late',
    severity: 'warning',
    message: `Product set ${productSetId} was not indexed in the seven days after ${changedAt}; nobody looks any more`,
  }));
}

export function removeWatches(current: IndexWatches, requestIds: ReadonlySet<string>): IndexWatches {
  const watches = current.watches.filter((watch) => !requestIds.has(watch.requestId));
  return withTimes({ watches, lookedAt: current.lookedAt });
}

/** The times of the sets that are still waited for. */
function withTimes({ watches, lookedAt }: IndexWatches): IndexWatches {
  const wanted = new Set(watches.flatMap((watch) => watch.pending));
  return { watches, lookedAt: Object.fromEntries(Object.entries(lookedAt).filter(([id]) => wanted.has(id))) };
}
