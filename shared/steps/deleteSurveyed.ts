/**
 * Deletes the surveyed products one by one and writes down after every page how far it is. Safe to repeat: a product that
 * was surveyed and is not found any more counts as deleted. Of a request that is stopped, what is gone is counted.
 */
import { faultClassOf } from '../core/errors';
import type { Facts, RequestRecord } from '../core/request';
import { mapInTime } from './atOnce';
import { eachGathered } from './gatheredFiles';
import { waitForPurgeOfSurveyed } from './purgeInTheWay';
import { DONE, end, type Step, type StepContext, type StepResult } from './step';
import { readSurvey, type SurveyedProduct, surveyChunks } from './surveyFiles';

type Deleted = NonNullable<Facts['deleted']>;

export const deleteSurveyed: Step = async (context, saved) => {
  const { record, config } = context;
  if (record.outcome !== undefined) return countGone(context, (saved as { looked: number } | undefined)?.looked ?? 0);
  const inTheWay = await waitForPurgeOfSurveyed(context);
  if (inTheWay !== null) return inTheWay;
  record.facts.deleted ??= { chunk: 0, from: 0 };
  // What was read of all of them; from here on those that go are counted.
  if (isUntouched(record.facts.deleted)) record.counts.referenceImages = 0;
  const { deleted } = record.facts;
  await context.checkpoint();
  while (deleted.chunk < surveyChunks(record)) {
    const surveyed = await readSurvey(context, deleted.chunk);
    const images = await imagesOfChunk(context, deleted.chunk);
    while (deleted.from < surveyed.length) {
      const page = surveyed.slice(deleted.from, deleted.from + config.sizes.deletedProducts);
      const isWhole = await deletePage(context, deleted, page, images);
      if (isWhole) Object.assign(deleted, { from: deleted.from + page.length, done: undefined });
      await context.checkpoint();
      if (context.outOfTime()) return { kind: 'more', cursor: undefined };
    }
    deleted.chunk += 1;
    deleted.from = 0;
  }
  const { failed = 0, products = 0 } = record.counts;
  if (failed === 0) return DONE;
  return end(products > 0 ? 'partial' : 'failed');
};

/** An invocation that died may have deleted of the page that it had in hand, and has told nobody. */
async function countGone(context: StepContext, looked: number): Promise<StepResult> {
  const { record, ports } = context;
  const { deleted } = record.facts;
  if (deleted === undefined || deleted.chunk >= surveyChunks(record)) return DONE;
  const page = (await readSurvey(context, deleted.chunk)).slice(
    deleted.from,
    deleted.from + context.config.sizes.deletedProducts,
  );
  const images = await imagesOfChunk(context, deleted.chunk);
  const done = new Set(deleted.done);
  const todo = page.slice(looked);
  const { results, fault } = await mapInTime(todo, context.outOfTime, async ({ product: { id } }) => {
    return !done.has(id) && (await ports.productSearch.getProduct(record.location, id)) === null;
  });
  for (const { product } of todo.filter((_, index) => results[index] === true)) {
    done.add(product.id);
    countDeleted(record, images.get(product.id));
  }
  deleted.done = [...done];
  if (results.length === todo.length) return DONE;
  const cursor = { looked: looked + results.length };
  record.cursor = cursor;
  if (fault !== undefined) throw fault;
  return { kind: 'more', cursor };
}

function countDeleted({ counts }: RequestRecord, images = 0): void {
  counts.products = (counts.products ?? 0) + 1;
  counts.referenceImages = (counts.referenceImages ?? 0) + images;
}

function isUntouched({ chunk, from, done }: Deleted): boolean {
  return chunk === 0 && from === 0 && done === undefined;
}

async function imagesOfChunk(context: StepContext, chunk: number): Promise<Map<string, number>> {
  const images = new Map<string, number>();
  for await (const { products } of eachGathered(context, chunk, chunk + 1)) {
    for (const { id, referenceImages } of products) images.set(id, referenceImages);
  }
  return images;
}

/**
 * False where the time was used up before the end of the page. A refusal of one product leaves the others alone. Anything
 * that may pass is thrown; either way the record has what is done of the page, so that a request that gives up in the end
 * tells of all that it has deleted.
 */
async function deletePage(
  context: StepContext,
  deleted: Deleted,
  page: SurveyedProduct[],
  images: ReadonlyMap<string, number>,
): Promise<boolean> {
  const { record, ports } = context;
  const { counts, problems } = record;
  const done = new Set(deleted.done);
  const todo = page.filter(({ product }) => !done.has(product.id));
  const { fault } = await mapInTime(todo, context.outOfTime, async ({ product: { id } }) => {
    const problem = await ports.productSearch.deleteProduct(record.location, id).then(
      () => null,
      (error: unknown) => refusal(id, error),
    );
    done.add(id);
    if (problem === null) {
      countDeleted(record, images.get(id));
    } else {
      counts.failed = (counts.failed ?? 0) + 1;
      problems.push(problem);
    }
    context.progress('products deleted', (counts.products ?? 0) + (counts.failed ?? 0), record.facts.survey?.products);
  });
  deleted.done = [...done];
  if (fault !== undefined) throw fault;
  return done.size === page.length;
}

function refusal(id: string, error: unknown) {
  if (faultClassOf(error) !== 'permanent') throw error;
  return { code: 'delete-refused', message: `${id}: ${error instanceof Error ? error.message : String(error)}` };
}
