/**
 * Writes `report.json` of a restore: counts, what was missing or different and was brought back (of a dry run: would be),
 * and all problems. Decides the outcome. Safe to repeat: written over.
 */
import type { Problem } from '../core/problem';
import type { Outcome, RequestRecord } from '../core/request';
import type { RestoreAction } from '../core/restore';
import { writeReportFile } from './reportFile';
import { eachFailure, readUnit } from './restoreFiles';
import { commandInput, DONE, type Step, type StepContext } from './step';

export const reportRestore: Step = async (context) => {
  const { record } = context;
  record.outcome ??= outcomeOf(record);
  record.files.report = await writeReportFile(context, 'report.json', 'application/json', body(context));
  return DONE;
};

function outcomeOf({ dryRun, counts }: RequestRecord): Outcome {
  if (dryRun) return 'dryRun';
  const { products = 0, referenceImages = 0, productSets = 0, alreadyPresent = 0, failed = 0 } = counts;
  if (failed === 0) return 'succeeded';
  return products + referenceImages + productSets + alreadyPresent > 0 ? 'partial' : 'failed';
}

async function* body(context: StepContext): AsyncGenerator<Buffer> {
  const { record } = context;
  const { id, request, location, reason, dryRun, outcome, counts, operations } = record;
  const { snapshotUri, notBefore } = commandInput(record);
  const command = { snapshot: snapshotUri, notBefore };
  const head = { requestId: id, request, location, reason, dryRun, command, outcome, counts, operations };
  yield Buffer.from(JSON.stringify(head, null, 1).slice(0, -2));
  yield* list('productSets', eachProductSet(context));
  yield* list('products', eachProduct(context));
  yield* list('problems', eachProblem(context));
  yield Buffer.from('\n}\n');
}

async function* list(name: string, values: AsyncGenerator<unknown>): AsyncGenerator<Buffer> {
  yield Buffer.from(`,\n ${JSON.stringify(name)}: [`);
  let comma = '';
  for await (const value of values) {
    yield Buffer.from(`${comma}\n  ${JSON.stringify(value)}`);
    comma = ',';
  }
  yield Buffer.from('\n ]');
}

async function* eachActions(context: StepContext): AsyncGenerator<RestoreAction[]> {
  const units = context.record.facts.restore?.units ?? 0;
  for (let unit = 0; unit < units; unit += 1) yield (await readUnit(context, unit)).actions;
}

async function* eachProductSet(context: StepContext): AsyncGenerator<unknown> {
  for await (const actions of eachActions(context)) {
    for (const action of actions) {
      if (action.make !== 'productSet') continue;
      yield { ...action.productSet, change: changeOf(action) };
    }
  }
}

function changeOf({ exists }: { exists: boolean }): 'create' | 'update' {
  return exists ? 'update' : 'create';
}

interface ProductChange {
  id: string;
  /** None: the product itself was there as it should be. */
  change?: 'create' | 'update';
  referenceImages: string[];
  productSets: string[];
  /** Put into them in any case, because finding out whether it is in them takes longer. */
  productSetsUnlessThere: string[];
}

async function* eachProduct(context: StepContext): AsyncGenerator<ProductChange> {
  for await (const actions of eachActions(context)) {
    const changes = new Map<string, ProductChange>();
    for (const action of actions) if (action.make !== 'productSet') note(changes, action);
    yield* changes.values();
  }
}

function note(changes: Map<string, ProductChange>, action: Exclude<RestoreAction, { make: 'productSet' }>): void {
  const id = action.make === 'product' ? action.product.id : action.productId;
  const change = changes.get(id) ?? { id, referenceImages: [], productSets: [], productSetsUnlessThere: [] };
  changes.set(id, change);
  if (action.make === 'product') change.change = changeOf(action);
  else if (action.make === 'image') change.referenceImages.push(action.image.id);
  else if (action.unsure === true) change.productSetsUnlessThere.push(action.productSetId);
  else change.productSets.push(action.productSetId);
}

/** Those of the record first; it has some of the others, too. */
async function* eachProblem(context: StepContext): AsyncGenerator<Problem> {
  const { problems, facts } = context.record;
  const told = new Set(problems.map(({ message }) => message));
  yield* problems;
  for (let unit = 0; unit < (facts.restore?.units ?? 0); unit += 1) {
    for (const problem of (await readUnit(context, unit)).problems) if (!told.has(problem.message)) yield problem;
  }
  for await (const problem of eachFailure(context)) if (!told.has(problem.message)) yield problem;
}
