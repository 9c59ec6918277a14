/**
 * Compares the snapshot with what is there and writes down what it takes to bring it back, before anything is changed:
 * what is missing now and there later was made by this request, whatever was lost in between. Changes nothing outside.
 * Goes on from the unit that its cursor names; a unit that is compared again is written over.
 */
import { PROBLEMS_IN_EVENT } from '../core/event';
import type { RequestRecord, RestoreFacts } from '../core/request';
import { COUNTED, type Comparison, compareProduct, joinComparisons, type PresentProduct } from '../core/restore';
import { InvalidSnapshotError, type SnapshotIndex, type SnapshotProduct } from '../core/snapshot';
import { mapAtOnce, mapInTime } from './atOnce';
import { checkedIndex } from './checkSnapshot';
import { imagesOf } from './imageFiles';
import { readSnapshotPart } from './readSnapshot';
import { namedSetsFile, type RestoreUnit, unitFile, writeStaged } from './restoreFiles';
import { findMembers } from './restoreMembers';
import { readStaged } from './stagedImport';
import { DONE, end, type Step, type StepContext, type StepResult } from './step';

interface Cursor {
  /** Product sets that are compared. */
  sets: number;
  /** The part of the snapshot, and the product in it, that come next. */
  part: number;
  from: number;
  /** Products that are compared. */
  products: number;
}

export const compareSnapshot: Step = async (context, saved) => {
  try {
    return await compare(context, (saved as Cursor | undefined) ?? { sets: 0, part: 0, from: 0, products: 0 });
  } catch (error) {
    if (!(error instanceof InvalidSnapshotError)) throw error;
    return end('failed', { code: 'invalid-snapshot', message: `${error.message}; nothing was restored` });
  }
};

async function compare(context: StepContext, start: Cursor): Promise<StepResult> {
  const index = await checkedIndex(context);
  const { comparedProducts } = context.config.sizes;
  const sets = (await readStaged<string[]>(context, namedSetsFile(context))) ?? [];
  let cursor = start;
  let part: { number: number; products: SnapshotProduct[] } | undefined;
  while (cursor.sets < sets.length || cursor.part < index.parts.length) {
    if (cursor.sets < sets.length) {
      const comparison = await compareSets(context, sets.slice(cursor.sets, cursor.sets + comparedProducts), index);
      await keepUnit(context, comparison);
      cursor = { ...cursor, sets: cursor.sets + comparedProducts };
    } else {
      if (part?.number !== cursor.part) {
        part = { number: cursor.part, products: await readSnapshotPart(context, index, cursor.part) };
      }
      const products = part.products.slice(cursor.from, cursor.from + comparedProducts);
      const compared = products.length === 0 ? 0 : await compareSome(context, products);
      cursor = { ...cursor, products: cursor.products + compared };
      context.progress('products compared', cursor.products, context.record.facts.restore?.products);
      const from = cursor.from + compared;
      cursor = from < part.products.length ? { ...cursor, from } : { ...cursor, part: cursor.part + 1, from: 0 };
    }
    if (context.outOfTime()) return { kind: 'more', cursor };
    await context.checkpoint(cursor);
  }
  return DONE;
}

/** A set that products are in but that was gone when the snapshot was closed gets the name that an import gives. */
async function compareSets({ record, ports }: StepContext, ids: string[], index: SnapshotIndex): Promise<Comparison> {
  const comparisons = await mapAtOnce(ids, async (id): Promise<Comparison> => {
    const found = await ports.productSearch.getProductSet(record.location, id);
    const displayName = index.displayNames.get(id) ?? (found?.displayName || ' ');
    const isEqual = found?.displayName === displayName;
    const productSet = { id, displayName };
    const actions = isEqual ? [] : [{ make: 'productSet' as const, productSet, exists: found !== null }];
    return { actions, alreadyPresent: 0, failed: 0, problems: [] };
  });
  return joinComparisons(comparisons);
}

/** Compares as many as there is time for, in a unit of their own, and gives how many; a fault of a later one is met again. */
async function compareSome(context: StepContext, all: SnapshotProduct[]): Promise<number> {
  const far = await mapInTime(all, context.outOfTime, async ({ product: { id } }): Promise<PresentProduct | null> => {
    const product = await context.ports.productSearch.getProduct(context.record.location, id);
    const images = product === null ? null : await imagesOf(context, id);
    return product === null || images === null ? null : { product, images };
  });
  if (far.results.length === 0 && far.fault !== undefined) throw far.fault;
  const products = all.slice(0, far.results.length);
  const isMember = await findMembers(
    context,
    products.filter((_, index) => far.results[index] !== null),
  );
  const comparisons = products.map((wanted, index) => compareProduct(wanted, far.results[index] ?? null, isMember));
  await keepUnit(context, joinComparisons(comparisons));
  return products.length;
}

/** Writes the unit, and only then counts it. */
async function keepUnit(context: StepContext, comparison: Comparison): Promise<void> {
  const { record } = context;
  const facts = record.facts.restore;
  if (facts === undefined) throw new TypeError(`${record.id}: no snapshot was checked`);
  const unit: RestoreUnit = { ...comparison, firstLine: facts.lines };
  await writeStaged(context, unitFile(context, facts.units), unit);
  count(record, facts, comparison);
}

function count(record: RequestRecord, facts: RestoreFacts, { actions, alreadyPresent, failed, problems }: Comparison) {
  const { counts } = record;
  facts.units += 1;
  facts.actions += actions.length;
  facts.lines += actions.filter((action) => action.make === 'image' && action.line !== undefined).length;
  const isNew = new Set(actions.flatMap((one) => (one.make === 'product' && !one.exists ? one.product.id : [])));
  const added = actions.filter((one) => one.make === 'membership' && one.unsure !== true && !isNew.has(one.productId));
  facts.memberships += added.length;
  counts.alreadyPresent = (counts.alreadyPresent ?? 0) + alreadyPresent;
  counts.failed = (counts.failed ?? 0) + failed;
  record.problems.push(...problems.slice(0, Math.max(0, PROBLEMS_IN_EVENT - record.problems.length)));
  if (!record.dryRun) return;
  for (const { make } of actions) {
    const name = COUNTED[make];
    if (name !== undefined) counts[name] = (counts[name] ?? 0) + 1;
  }
}
