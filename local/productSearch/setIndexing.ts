/**
 * When a product set was indexed last. The service indexes from time to time; here each change is in the index
 * `indexMs` after the first change that was not. Computed when it is looked at: nothing runs meanwhile.
 */
import { FAILED_PRECONDITION } from './codes';
import type { RpcStatus } from './resources';

export interface IndexTimes {
  /** 0 = never. */
  indexTimeMs: number;
  indexError: RpcStatus | null;
  /** The first change since the last indexing. */
  changedAtMs?: number;
  /** How the next indexing fails. */
  nextError?: RpcStatus;
  imageCount: number;
}

export interface IndexRules {
  indexMs: number;
  /** "A ProductSet can contain a maximum of 1 million reference images. If the limit is exceeded, periodic indexing
   * will fail": product_search_service.proto. */
  maxImagesPerSet: number;
}

/** Does the indexing that is due. */
export function bringIndexUp(set: IndexTimes, rules: IndexRules, now: number): void {
  if (set.changedAtMs === undefined) return;
  const dueMs = set.changedAtMs + rules.indexMs;
  if (now < dueMs) return;
  set.changedAtMs = undefined;
  if (set.nextError !== undefined) {
    set.indexError = set.nextError;
    set.nextError = undefined;
    return;
  }
  if (set.imageCount > rules.maxImagesPerSet) {
    const message = `The ProductSet has ${set.imageCount} reference images; at most ${rules.maxImagesPerSet} can be indexed.`;
    set.indexError = { code: FAILED_PRECONDITION, message };
    return;
  }
  set.indexTimeMs = dueMs;
  set.indexError = null;
}

/** To be called before a change of the set, so that an indexing that was due before does not hold it. */
export function noteChange(set: IndexTimes, rules: IndexRules, now: number): void {
  bringIndexUp(set, rules, now);
  set.changedAtMs ??= now;
}
