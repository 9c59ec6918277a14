/**
 * The budget of management calls: all instances together make their calls evenly, each at a time of its own. Pure.
 * Times are given out in lots: a lot is a stretch of the time line with so many calls in it, evenly spaced, so that any
 * minute holds no more than the budget, however many instances there are.
 */

export interface CallBudget {
  /** Up to when the time line is given out. Milliseconds since the epoch. */
  reservedUntil: number;
  /** Below the limit for a while after the service refused a call for its quota. */
  slowedTo?: number;
  slowedAt?: number;
}

export const FULL_BUDGET: CallBudget = { reservedUntil: 0 };

/** Calls at these times: the n-th (from 0) not before `from + n * everyMs`. */
export interface Lot {
  from: number;
  calls: number;
  everyMs: number;
}

const MINUTE_MS = 60_000;
/** The rest of the quota is for what is not paced: single deletes, the tick's polls. */
const SHARE = 0.975;
/** No lot begins later than this: whoever finds the time line given out that far has to come again. */
export const HORIZON_MS = 10_000;
/** After a refusal a minute, each minute gives back this part of the limit. */
const RECOVERY = 0.1;
const SLOWEST = 0.1;

/** Calls a minute that are in force now. */
export function paceAt(budget: CallBudget, limit: number, now: number): number {
  const { slowedTo, slowedAt } = budget;
  if (slowedTo === undefined || slowedAt === undefined) return limit * SHARE;
  const minutes = Math.max(0, now - slowedAt) / MINUTE_MS;
  return Math.min(limit * SHARE, slowedTo + limit * RECOVERY * minutes);
}

/** Gives out the next stretch of at most `wanted` calls, or null where it would begin beyond the horizon. */
export function takeLot(
  budget: CallBudget,
  limit: number,
  wanted: number,
  now: number,
): { budget: CallBudget; lot: Lot } | null {
  const everyMs = MINUTE_MS / paceAt(budget, limit, now);
  const from = Math.max(now, budget.reservedUntil);
  if (from > now + HORIZON_MS) return null;
  return { budget: { ...budget, reservedUntil: from + wanted * everyMs }, lot: { from, calls: wanted, everyMs } };
}

/**
 * The service refused a call for its quota: somebody else uses it, too. Slower by a third, at most once in ten seconds,
 * since the calls that are under way will be refused as well.
 */
export function slowDown(budget: CallBudget, limit: number, now: number): CallBudget {
  if (budget.slowedAt !== undefined && now - budget.slowedAt < HORIZON_MS) return budget;
  const slowedTo = Math.max(limit * SLOWEST, (paceAt(budget, limit, now) * 2) / 3);
  return { ...budget, slowedTo, slowedAt: now };
}
