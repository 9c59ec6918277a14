/** Writes the plan of a dry run, with what it would cost to carry it out. Safe to repeat: written over. */
import type { RequestRecord } from '../core/request';
import { countFiles } from './countFiles';
import { writePlanFile } from './planFile';
import { commandInput, DONE, type Step } from './step';

const PRODUCTS_A_PAGE = 100;

export const writePlan: Step = async (context) => {
  const { record, config } = context;
  const calls = estimatedCalls(record);
  record.facts.estimate = { calls, minutes: Math.ceil((10 * calls) / config.managementCallsPerMinute) / 10 };
  if (commandInput(record).thenDeleteProductSet === true) record.counts.productSets = 1;
  await countFiles(context);
  record.files.plan = await writePlanFile(context);
  record.planId = record.id;
  return DONE;
};

/** What the dry run has called is called again; then the deletes, or the looks before and after a purge. */
function estimatedCalls(record: RequestRecord): number {
  const { request, calls = 0, facts } = record;
  const { products = 0, stay = 0 } = facts.survey ?? {};
  const removal = commandInput(record).imageFiles === 'removeUnlessUsedByProduct' ? products : 0;
  if (request === 'deleteProducts') return calls + products + removal;
  const pages = facts.listed?.pages ?? 0;
  const look = request === 'purgeOrphanProducts' ? 2 * pages : Math.ceil((products + stay) / PRODUCTS_A_PAGE);
  return calls + look + stay + 2 + pages + removal;
}
