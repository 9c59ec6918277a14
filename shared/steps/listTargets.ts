/**
 * Lists the products that the request would take, in sorted runs of the staging folder. Goes on from its cursor page by
 * page; what is listed twice is merged later.
 */
import { FIRST_PAGE, listIntoRuns, type PagesCursor } from './listPages';
import { commandInput, DONE, end, type Step, type StepContext } from './step';
import { targetLists } from './targets';

export const TARGET_RUNS = 'targets';

export const listTargets: Step = async (context, saved) => {
  const { record } = context;
  if (saved === undefined && (await isSetGone(context))) return setGone(context);
  const from = (saved as PagesCursor | undefined) ?? FIRST_PAGE;
  const { ended, cursor } = await listIntoRuns(context, from, targetLists(context, TARGET_RUNS));
  if (!ended) return { kind: 'more', cursor };
  record.facts.listed = { runs: cursor.runs, pages: cursor.pages };
  return DONE;
};

async function isSetGone({ record, ports }: StepContext): Promise<boolean> {
  const { productSetId, where } = commandInput(record);
  const named = productSetId ?? where?.productSetId;
  if (named === undefined || record.facts.survey !== undefined) return false;
  return (await ports.productSearch.getProductSet(record.location, named)) === null;
}

function setGone({ record }: StepContext) {
  const { productSetId, where } = commandInput(record);
  record.counts.alreadyAbsent = 1;
  return end(record.dryRun ? 'dryRun' : 'succeeded', {
    code: 'already-absent',
    message: `Product set ${productSetId ?? where?.productSetId} does not exist in ${record.location}`,
    severity: 'warning',
  });
}
