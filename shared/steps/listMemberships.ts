/**
 * Lists which products are in which sets, in sorted runs of the staging folder: there is no reverse index, so every set
 * of the location is listed. Comes after the targets, so that a product that is added to a set meanwhile is seen as a
 * member, never as an orphan. Goes on from its cursor.
 */
import type { Product } from '../ports';
import { FIRST_PAGE, listIntoRuns, type PagesCursor } from './listPages';
import { keepProductSets, keptProductSets } from './productSets';
import { NO_RUNS } from './sortedRuns';
import { DONE, type Step, type StepContext } from './step';
import { isSnapshotAsked } from './wantsSnapshot';

export const MEMBER_RUNS = 'members';

export const listMemberships: Step = async (context, saved) => {
  const { record } = context;
  if (!needsMemberships(context)) return DONE;
  const { ended, cursor } = await listMembers(context, saved as PagesCursor | undefined, MEMBER_RUNS);
  if (!ended) return { kind: 'more', cursor };
  record.facts.listed = { runs: NO_RUNS, pages: 0, ...record.facts.listed, memberRuns: cursor.runs };
  return DONE;
};

/** Lists every membership into runs of that name; without a cursor from the beginning. */
export async function listMembers(context: StepContext, saved: PagesCursor | undefined, name: string) {
  const { record, ports } = context;
  const productSets = saved === undefined ? await keepProductSets(context) : await keptProductSets(context);
  return listIntoRuns<Product>(context, saved ?? FIRST_PAGE, {
    name,
    count: productSets.length,
    unit: 'memberships listed',
    list: (number, query) =>
      ports.productSearch.listProductsInProductSet(record.location, productSets[number]?.id ?? '', query),
    entry: ({ id }, number) => ({ key: id, value: productSets[number]?.id }),
  });
}

/** Memberships are read only where something depends on them. */
function needsMemberships(context: StepContext): boolean {
  if (context.record.request !== 'deleteProducts') return true;
  return context.config.protectedProductSets.length > 0 || isSnapshotAsked(context.record);
}
