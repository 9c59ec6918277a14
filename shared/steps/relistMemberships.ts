/**
 * Lists the memberships again before a purge of orphans: what is an orphan by now is known only then. Goes on from its
 * cursor; after a long wait the targets are listed again, too, since what was made meanwhile is not among them.
 */
import { isUnbroken, LOOK_AGAIN, listingOf } from './freshness';
import { listMembers } from './listMemberships';
import type { PagesCursor } from './listPages';
import { NO_RUNS } from './sortedRuns';
import { DONE, type Step } from './step';

export const RELISTED_MEMBER_RUNS = 'relisted-members';

export const relistMemberships: Step = async (context, saved) => {
  const { record } = context;
  if (record.facts.survey?.products === 0) return DONE;
  const left = saved as PagesCursor | undefined;
  if (!isUnbroken(context, left?.askedAt ?? record.facts.relisted?.listedAt)) return LOOK_AGAIN;
  const { ended, cursor } = await listMembers(context, left, RELISTED_MEMBER_RUNS);
  if (!ended) return { kind: 'more', cursor };
  const { runs = NO_RUNS } = record.facts.relisted ?? {};
  record.facts.relisted = { runs, memberRuns: cursor.runs, ...listingOf(context, cursor) };
  return DONE;
};
