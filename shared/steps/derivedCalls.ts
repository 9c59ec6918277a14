/**
 * Calls to Cloudinary within the hourly limit: what the shop's own use needs is left to it, and an hour that is used up
 * is waited for until the time that the answer names.
 */
import type { CallLimit } from '../core/cloudinaryAnswer';
import { ServiceError } from '../core/errors';
import type { DerivedAnswer, DerivedImages } from '../ports';
import type { StepContext, StepResult } from './step';

export type WaitResult = Extract<StepResult, { kind: 'wait' }>;

export type Limited<T> =
  | { kind: 'value'; value: T }
  | { kind: 'cursorRefused' }
  /** To be returned by the step, with its cursor. */
  | { kind: 'wait'; result: WaitResult };

const HOUR_MS = 3_600_000;
/** Where the named time is over already: the clocks differ by a little. */
const SHORTEST_WAIT_MS = 5_000;
/** No answer puts a request off for longer. */
const LONGEST_WAIT_MS = 25 * HOUR_MS;
/** One call in ten is left to others where nothing else is said. */
const DEFAULT_RESERVE = 0.1;

/** Makes the call, unless the calls that are left of the hour belong to others. */
export async function callWithinLimit<T>(
  context: StepContext,
  call: (images: DerivedImages) => Promise<DerivedAnswer<T>>,
): Promise<Limited<T>> {
  const { record, ports } = context;
  const images = ports.derivedImages;
  if (images === undefined) throw new ServiceError('Cloudinary', 'UNAUTHENTICATED', 'CLOUDINARY_URL is not set');
  const known = record.facts.derived?.limit;
  if (known !== undefined && callsLeft(context) === 0) return waitForHour(context, known.resetAt, sparedText(known));
  const answer = await call(images);
  if (answer.kind === 'cursorRefused') return answer;
  if (answer.kind === 'limit') {
    return waitForHour(context, answer.resetAt, "All of the hour's calls to Cloudinary are used");
  }
  record.facts.derived = { ...record.facts.derived, limit: answer.limit };
  return { kind: 'value', value: answer.value };
}

/** How many calls may be made in this hour, as far as it is known. */
export function callsLeft({ record, ports, config }: StepContext): number {
  const known = record.facts.derived?.limit;
  if (known === undefined || known.resetAt <= ports.clock.now()) return Number.POSITIVE_INFINITY;
  const reserve = config.derivedCallsReserve ?? Math.floor(known.limit * DEFAULT_RESERVE);
  return Math.max(0, known.remaining - reserve);
}

function sparedText({ limit, remaining }: CallLimit): string {
  return `${remaining} of ${limit} calls of the hour to Cloudinary are left, and kept for others`;
}

/** Without a named time, the next full hour: that is when the count begins anew. */
function waitForHour({ ports }: StepContext, resetAt: number | undefined, why: string): Limited<never> {
  const now = ports.clock.now();
  const named = resetAt ?? (Math.floor(now / HOUR_MS) + 1) * HOUR_MS;
  const dueAt = named > now ? Math.min(named, now + LONGEST_WAIT_MS) : now + SHORTEST_WAIT_MS;
  const startsAt = new Date(dueAt).toISOString();
  const waiting = { for: 'quota' as const, detail: `${why}; goes on at ${startsAt}`, startsAt };
  return { kind: 'wait', result: { kind: 'wait', waiting, dueAt } };
}
