/** What the store says of a file that a sweep may remove: whether it stays, whoever uses it. */
import { formatGsUri, isRemovable, parseGsUri } from '../core/names';
import type { StoredObject } from '../ports';
import { commandInput, type StepContext } from './step';
import type { Candidate, LeftFile } from './sweepFiles';

const DAY_MS = 24 * 3_600_000;

export const OUTSIDE = 'outside REMOVABLE_IMAGES';

/** A file that was found under the prefix. */
export function foundCandidate(context: StepContext, object: StoredObject): Candidate {
  const candidate = { uri: formatGsUri(object), generation: object.generation };
  if (!isRemovable(candidate.uri, context.config.removableImages)) return { ...candidate, kept: OUTSIDE };
  return judged(context, candidate, object);
}

/** A file that an earlier request left, as it is now. */
export async function leftCandidate(context: StepContext, left: LeftFile): Promise<Candidate> {
  const object = isRemovable(left.uri, context.config.removableImages) ? parseGsUri(left.uri) : null;
  if (object === null) return { ...left, kept: OUTSIDE };
  const stored = await context.ports.objects.stat(object);
  if (stored === null) return { ...left, kept: 'already gone' };
  if (stored.generation !== left.generation) {
    return { ...left, kept: `replaced since generation ${left.generation} was seen` };
  }
  return judged(context, left, stored);
}

function judged(context: StepContext, candidate: Candidate, { timeCreated }: StoredObject): Candidate {
  const { olderThanDays = 30 } = commandInput(context.record);
  const age = context.ports.clock.now() - Date.parse(timeCreated);
  if (age >= olderThanDays * DAY_MS) return candidate;
  return { ...candidate, kept: `too young: made on ${timeCreated}, within ${olderThanDays} days`, again: true };
}
