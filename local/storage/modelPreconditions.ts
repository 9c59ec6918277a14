/** Request preconditions: https://cloud.google.com/storage/docs/request-preconditions. */
import { conditionNotMet, notModified } from './modelErrors';

export interface Preconditions {
  /** '0' holds only if there is no live object. */
  ifGenerationMatch?: string;
  /** '0' holds only if there is a live object. */
  ifGenerationNotMatch?: string;
  ifMetagenerationMatch?: string;
  ifMetagenerationNotMatch?: string;
}

interface Versioned {
  generation: string;
  metageneration: string;
}

/** Throws 412 unless all hold for the live object; null = there is none. */
export function checkForWrite(live: Versioned | null, conditions: Preconditions): void {
  if (!matches(live, conditions) || !differs(live, conditions)) throw conditionNotMet();
}

/** For reads of what exists: as for writes, but a `NotMatch` that does not hold is 304. */
export function checkForRead(live: Versioned, conditions: Preconditions): void {
  if (!matches(live, conditions)) throw conditionNotMet();
  if (!differs(live, conditions)) throw notModified();
}

function matches(live: Versioned | null, conditions: Preconditions): boolean {
  return (
    isAbsentOr(conditions.ifGenerationMatch, live?.generation ?? '0') &&
    isAbsentOr(conditions.ifMetagenerationMatch, live?.metageneration ?? '0')
  );
}

function isAbsentOr(condition: string | undefined, actual: string): boolean {
  return condition === undefined || condition === actual;
}

function differs(live: Versioned | null, conditions: Preconditions): boolean {
  const { ifGenerationNotMatch, ifMetagenerationNotMatch } = conditions;
  if (ifGenerationNotMatch === undefined && ifMetagenerationNotMatch === undefined) return true;
  return live !== null && ifGenerationNotMatch !== live.generation && ifMetagenerationNotMatch !== live.metageneration;
}
