/**
 * Counts what is gone by listing: Google does not say how many products a purge took. Then single deletes need not wait
 * any more. Of a request that is decided while its purge may be running, what is gone by now. Goes on from its cursor page
 * by page.
 */
import { counted, NONE, shownTally, type Tally } from '../core/belts';
import type { Runs } from '../core/request';
import { createReservations } from '../ledger/reservations';
import { type GatheredProduct, gatheredProducts } from './gatheredFiles';
import { joinByKey } from './joinByKey';
import { FIRST_PAGE, listIntoRuns, type PagesCursor } from './listPages';
import { type Entry, mergeRuns, NO_RUNS } from './sortedRuns';
import { commandInput, DONE, end, type Step, type StepContext } from './step';
import { everyProduct, targetLists } from './targets';

const RUNS = 'left-targets';

export const countPurged: Step = async (context, saved) => {
  const { record, ports, config } = context;
  const { products = 0 } = record.facts.survey ?? {};
  if (products === 0) return DONE;
  const from = (saved as PagesCursor | undefined) ?? FIRST_PAGE;
  const { ended, cursor } = await listIntoRuns(context, from, await lists(context));
  if (!ended) return { kind: 'more', cursor };
  const left = await leftOf(context, cursor.runs);
  record.counts.products = products - left.tally.count;
  record.counts.failed = left.tally.count;
  const isDecided = record.outcome !== undefined;
  if (!isDecided) await createReservations(ports, config).change(record.location, record.id, { purging: undefined });
  if (left.tally.count === 0) return DONE;
  // Last of all, since a repeat would take them off once more.
  record.counts.referenceImages = (record.counts.referenceImages ?? 0) - left.referenceImages;
  // Why it did not come to its end is told; the purge may still be running, and nobody knows what it leaves.
  if (isDecided) return DONE;
  const why = record.facts.purge?.failure ?? `the operation ended as ${record.operations.at(-1)?.state ?? 'unknown'}`;
  const { count } = left.tally;
  const message = `${count} of ${products} products are still there after the purge: ${shownTally(left.tally)}; ${why}`;
  return end(count === products ? 'failed' : 'partial', { code: 'purge-incomplete', message });
};

/** A set that is gone lists as empty although its products may be there: then all products are looked at. */
async function lists(context: StepContext) {
  const { record, ports } = context;
  const { productSetId } = commandInput(record);
  const isSetThere =
    productSetId !== undefined && (await ports.productSearch.getProductSet(record.location, productSetId)) !== null;
  return isSetThere ? targetLists(context, RUNS) : everyProduct(context, RUNS);
}

/** Of those that were to go: which are still there, and how many reference images they had. */
async function leftOf(context: StepContext, runs: Runs): Promise<{ tally: Tally; referenceImages: number }> {
  let [tally, referenceImages] = [NONE, 0];
  const joined = joinByKey(mergeRuns(context, RUNS, runs), mergeRuns(context, RUNS, NO_RUNS), gatheredEntries(context));
  for await (const { key, known } of joined) {
    const gathered = known?.value as GatheredProduct | undefined;
    if (gathered === undefined || gathered.stays === true) continue;
    tally = counted(tally, key);
    referenceImages += gathered.referenceImages;
  }
  return { tally, referenceImages };
}

async function* gatheredEntries(context: StepContext): AsyncGenerator<Entry> {
  for await (const value of gatheredProducts(context)) yield { key: value.id, value };
}
