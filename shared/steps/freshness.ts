/** How old a listing before a purge may be: other programs go on meanwhile, and a purge takes what they put in. */
import type { PagesCursor } from './listPages';
import { type StepContext, type StepResult, timeText } from './step';

/** After a wait, or in another invocation, what follows from a listing or a look follows within this time. */
const FRESH_MS = 60_000;
/** So long an invocation may take by itself; and after so long a listing of many pages does not go on, but begins anew. */
const UNBROKEN_MS = 10 * 60_000;

export const LOOK_AGAIN: StepResult = { kind: 'again', from: 'relistTargets' };

/**
 * To be kept with a listing: when its last pages were asked for, and the lease under which that was, which may be that of
 * an invocation that died before it could say that it had come to the end.
 */
export function listingOf(context: StepContext, { askedAt, askedBy }: Pick<PagesCursor, 'askedAt' | 'askedBy'>) {
  if (askedAt === undefined) return { listedAt: timeText(context), listedBy: context.record.lease?.nonce };
  return { listedAt: askedAt, listedBy: askedBy };
}

/** `by`: the lease under which it was listed; without one the time decides. */
export function isFresh(context: StepContext, at: string | undefined, by?: string): boolean {
  const isOwn = by !== undefined && by === context.record.lease?.nonce;
  return isWithin(isOwn ? UNBROKEN_MS : FRESH_MS, context, at);
}

/** Whether a listing whose last pages were asked for then may go on. */
export function isUnbroken(context: StepContext, askedAt: string | undefined): boolean {
  return isWithin(UNBROKEN_MS, context, askedAt);
}

function isWithin(ms: number, { ports }: StepContext, at: string | undefined): boolean {
  return at !== undefined && ports.clock.now() - Date.parse(at) <= ms;
}
