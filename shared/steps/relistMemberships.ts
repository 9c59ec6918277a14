/** Lists the memberships again before a purge of orphans: what is an orphan by now is known only then. Goes on from its cursor. */
import { listMembers } from './listMemberships';
import type { PagesCursor } from './listPages';
import { NO_RUNS } from './sortedRuns';
import { DONE, type Step, timeText } from './step';

export const RELISTED_MEMBER_RUNS = 'relisted-members';

export const relistMemberships: Step = async (context, saved) => {
  const { record } = context;
  if (record.facts.survey?.products === 0) return DONE;
  const { ended, cursor } = await listMembers(context, saved as PagesCursor | undefined, RELISTED_MEMBER_RUNS);
  if (!ended) return { kind: 'more', cursor };
  const listedAt = timeText(context);
  record.facts.relisted = { runs: NO_RUNS, ...record.facts.relisted, memberRuns: cursor.runs, listedAt };
  return DONE;
};
