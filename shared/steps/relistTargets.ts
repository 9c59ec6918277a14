/**
 * Lists the targets of a purge again, immediately before it: other programs hold no claims of ours. Goes on from its
 * cursor page by page.
 */
import { FIRST_PAGE, listIntoRuns, type PagesCursor } from './listPages';
import { DONE, type Step, timeText } from './step';
import { targetLists } from './targets';

export const RELISTED_RUNS = 'relisted-targets';

export const relistTargets: Step = async (context, saved) => {
  const { record } = context;
  if (record.facts.survey?.products === 0) return DONE;
  const from = (saved as PagesCursor | undefined) ?? FIRST_PAGE;
  const { ended, cursor } = await listIntoRuns(context, from, targetLists(context, RELISTED_RUNS));
  if (!ended) return { kind: 'more', cursor };
  record.facts.relisted = { runs: cursor.runs, listedAt: timeText(context) };
  return DONE;
};
