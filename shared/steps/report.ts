/** Writes `report.json` of a command: counts, all problems, what went or would go. Safe to repeat: written over. */
import type { DerivedOutcome } from '../core/cloudinaryAnswer';
import { planIdOf } from '../core/planBinding';
import type { RequestRecord } from '../core/request';
import { countFiles } from './countFiles';
import { eachPage } from './derivedPages';
import { gatheredProducts } from './gatheredFiles';
import { eachImageFile } from './imageFiles';
import { writeReportFile } from './reportFile';
import { commandInput, DONE, type Step, type StepContext } from './step';
import { surveyChunks, surveyedEntries } from './surveyFiles';

export const report: Step = async (context) => {
  const { record } = context;
  record.outcome ??= outcomeOf(record);
  // What made a plan has counted them for it.
  if (record.planId === undefined) await countFiles(context);
  if (isUnmade(record)) record.counts.referenceImages = 0;
  record.files.report = await writeReportFile(context, 'report.json', 'application/json', body(context));
  return DONE;
};

function outcomeOf(record: RequestRecord): RequestRecord['outcome'] {
  if (record.dryRun) return 'dryRun';
  return (record.counts.failed ?? 0) > 0 ? 'partial' : 'succeeded';
}

/** Nothing was deleted in the end: the images that were counted before stay. */
function isUnmade({ dryRun, outcome, counts }: RequestRecord): boolean {
  return !dryRun && outcome !== 'succeeded' && (counts.products ?? 0) === 0;
}

async function* body(context: StepContext): AsyncGenerator<Buffer> {
  const { record } = context;
  const { productId, referenceImageId, productSetId } = commandInput(record);
  const head = {
    requestId: record.id,
    request: record.request,
    location: record.location,
    reason: record.reason,
    dryRun: record.dryRun,
    command: commandInput(record),
    outcome: record.outcome,
    counts: record.counts,
    operations: record.operations,
    problems: record.problems,
    snapshot: record.files.snapshot,
    planId: planIdOf(record),
    estimate: record.facts.estimate,
  };
  const target = { productId, referenceImageId, productSetId, alreadyAbsent: record.facts.absent?.sample ?? [] };
  yield Buffer.from(
    `${opened(head)},\n "${record.dryRun ? 'wouldGo' : 'targets'}": ${opened(target)},\n "products": [`,
  );
  yield* listed(products(context));
  yield Buffer.from(']},\n "imageFiles": [');
  yield* listed(eachImageFile(context));
  yield Buffer.from(']');
  yield* derivedPart(context);
  yield Buffer.from('\n}\n');
}

/** What was cleaned, or would be, at Cloudinary. */
async function* derivedPart(context: StepContext): AsyncGenerator<Buffer> {
  const { derived } = context.record.facts;
  if (derived === undefined) return;
  yield Buffer.from(',\n "derived": ');
  if (derived.estimate !== undefined) {
    yield Buffer.from(JSON.stringify(derived.estimate));
    return;
  }
  yield Buffer.from('[');
  yield* listed(resources(context));
  yield Buffer.from(']');
}

async function* resources(context: StepContext): AsyncGenerator<DerivedOutcome> {
  for await (const page of eachPage(context)) yield* page;
}

/** The object as JSON without its closing brace. */
function opened(value: Record<string, unknown>): string {
  return JSON.stringify(value, null, 1).replace(/\n\}$/, '');
}

async function* listed(values: AsyncGenerator<unknown>): AsyncGenerator<Buffer> {
  let comma = '';
  for await (const value of values) {
    yield Buffer.from(`${comma}\n  ${JSON.stringify(value)}`);
    comma = ',';
  }
}

async function* products(context: StepContext): AsyncGenerator<unknown> {
  const { record } = context;
  const isGathered = surveyChunks(record) > 0 && record.facts.gathered === surveyChunks(record);
  if (isGathered) {
    for await (const { digest: _digest, ...product } of gatheredProducts(context)) yield product;
    return;
  }
  for await (const { key, value } of surveyedEntries(context)) yield { id: key, productSets: value.productSetIds };
}
