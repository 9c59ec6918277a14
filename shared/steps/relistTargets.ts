/**
 * Lists the targets of a purge again, immediately before it: other programs hold no claims of ours. Goes on from its
 * cursor page by page, and begins anew after a long wait.
 */
import { isUnbroken, listingOf } from './freshness';
import { FIRST_PAGE, listIntoRuns, type PagesCursor } from './listPages';
import { DONE, type Step } from './step';
import { targetLists } from './targets';

export const RELISTED_RUNS = 'relisted-targets';

export const relistTargets: Step = async (context, saved) => {
  const { record } = context;
  if (record.facts.survey?.products === 0) return DONE;
  const left = saved as PagesCursor | undefined;
  const from = left !== undefined && isUnbroken(context, left.askedAt) ? left : FIRST_PAGE;
  const { ended, cursor } = await listIntoRuns(context, from, targetLists(context, RELISTED_RUNS));
  if (!ended) return { kind: 'more', cursor };
  record.facts.relisted = { runs: cursor.runs, ...listingOf(context, cursor) };
  return DONE;
};
