/**
 * Deletes the surveyed products one by one. Safe to repeat from its cursor: a product that was surveyed and is not found
 * any more counts as deleted.
 */
import { faultClassOf } from '../core/errors';
import type { Problem } from '../core/problem';
import { mapAtOnce } from './atOnce';
import { waitForPurgeOfSurveyed } from './purgeInTheWay';
import { DONE, end, type Step, type StepContext } from './step';
import { readSurvey, type SurveyedProduct, surveyChunks } from './surveyFiles';

interface Cursor {
  chunk: number;
}

export const deleteSurveyed: Step = async (context, saved) => {
  const { record } = context;
  const cursor: Cursor = (saved as Cursor | undefined) ?? { chunk: 0 };
  const inTheWay = await waitForPurgeOfSurveyed(context);
  if (inTheWay?.kind === 'wait') return { ...inTheWay, cursor };
  await context.checkpoint(cursor);
  while (cursor.chunk < surveyChunks(record)) {
    const surveyed = await readSurvey(context, cursor.chunk);
    const problems = await deleteChunk(context, surveyed);
    record.counts.products = (record.counts.products ?? 0) + surveyed.length - problems.length;
    record.counts.failed = (record.counts.failed ?? 0) + problems.length;
    record.problems.push(...problems);
    cursor.chunk += 1;
    if (context.outOfTime()) return { kind: 'more', cursor };
    await context.checkpoint(cursor);
  }
  const { failed = 0, products = 0 } = record.counts;
  if (failed === 0) return DONE;
  return end(products > 0 ? 'partial' : 'failed');
};

/** A refusal of one product leaves the others alone; anything that may pass is thrown, and the file is done again. */
async function deleteChunk(context: StepContext, surveyed: SurveyedProduct[]): Promise<Problem[]> {
  const { record, ports } = context;
  const before = (record.counts.products ?? 0) + (record.counts.failed ?? 0);
  let done = before;
  const outcomes = await mapAtOnce(surveyed, async ({ product }): Promise<Problem | null> => {
    try {
      await ports.productSearch.deleteProduct(record.location, product.id);
      return null;
    } catch (error) {
      if (faultClassOf(error) !== 'permanent') throw error;
      return {
        code: 'delete-refused',
        message: `${product.id}: ${error instanceof Error ? error.message : String(error)}`,
      };
    } finally {
      done += 1;
      context.progress('products deleted', done, record.facts.survey?.products);
    }
  });
  return outcomes.filter((problem) => problem !== null);
}
