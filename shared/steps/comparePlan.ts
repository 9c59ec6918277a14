/**
 * Compares what was surveyed with the plan that the command names, and refuses with the difference if anything changed:
 * after the survey by products and their sets, after their images were read by everything. Reads only.
 */
import { counted, NONE, shownTally, type Tally } from '../core/belts';
import { type GatheredProduct, gatheredProducts } from './gatheredFiles';
import { plannedProducts } from './planFile';
import { commandInput, DONE, end, type Step, type StepContext } from './step';
import { surveyChunks, surveyedEntries } from './surveyFiles';

type Comparable = Pick<GatheredProduct, 'id' | 'productSets'> & Partial<GatheredProduct>;

export const comparePlan: Step = async (context) => {
  const { record } = context;
  const { planId } = commandInput(record);
  if (planId === undefined) return DONE;
  const isGathered = (record.facts.gathered ?? 0) === surveyChunks(record) && surveyChunks(record) > 0;
  const now = isGathered ? gatheredProducts(context) : surveyedProducts(context);
  const { more, fewer, changed } = await difference(plannedProducts(context, planId), now);
  const parts = [told(more, 'more'), told(fewer, 'fewer'), told(changed, 'changed')].filter((part) => part !== null);
  if (parts.length === 0) return DONE;
  const message = `Since plan ${planId} was made: ${parts.join('; ')}. Nothing was changed; make a new plan with dryRun: true`;
  return end('rejected', { code: 'plan-drifted', field: 'planId', message });
};

async function* surveyedProducts(context: StepContext): AsyncGenerator<Comparable> {
  for await (const { key, value } of surveyedEntries(context)) yield { id: key, productSets: value.productSetIds };
}

function told(tally: Tally, word: string): string | null {
  return tally.count === 0 ? null : `${tally.count} products ${word}: ${shownTally(tally)}`;
}

async function difference(planned: AsyncGenerator<GatheredProduct>, now: AsyncGenerator<Comparable>) {
  const found = { more: NONE, fewer: NONE, changed: NONE };
  let [before, after] = [await planned.next(), await now.next()];
  while (before.done !== true || after.done !== true) {
    if (after.done === true || (before.done !== true && before.value.id < after.value.id)) {
      if (before.done !== true) found.fewer = counted(found.fewer, before.value.id);
      before = await planned.next();
    } else if (before.done === true || after.value.id < before.value.id) {
      found.more = counted(found.more, after.value.id);
      after = await now.next();
    } else {
      if (isChanged(before.value, after.value)) found.changed = counted(found.changed, after.value.id);
      [before, after] = [await planned.next(), await now.next()];
    }
  }
  return found;
}

function isChanged(planned: GatheredProduct, now: Comparable): boolean {
  if (planned.productSets.join('/') !== now.productSets.join('/')) return true;
  return now.digest !== undefined && now.digest !== planned.digest;
}
