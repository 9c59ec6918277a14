/**
 * Has the indexes of the changed product sets followed, so that people learn when the change shows in searches. Safe to
 * repeat: a request is watched once.
 */
import type { RequestRecord } from '../core/request';
import { createWatches } from '../ledger/watches';
import { importedSets } from './importedSets';
import { commandInput, DONE, type Step, type StepContext, timeText } from './step';

export const watchIndex: Step = async (context) => {
  const { record, ports, config } = context;
  const pending = await changedSets(context);
  if (pending.length === 0) return DONE;
  const { id: requestId, request, acceptedAt } = record;
  // A restore goes on with calls when its imports have ended.
  const ofOperation = record.request === 'restoreSnapshot' ? undefined : record.operations.at(-1)?.endTime;
  const changedAt = ofOperation ?? timeText(context);
  await createWatches(ports, config).add(record.location, {
    requestId,
    request,
    acceptedAt,
    changedAt,
    pending,
    indexed: [],
    problems: [],
  });
  return DONE;
};

/** The sets whose searches change; none where nothing was changed or a set is gone. */
async function changedSets(context: StepContext): Promise<string[]> {
  const { record } = context;
  if (record.request === 'importProductSets') return importedSets(context);
  if (record.request === 'restoreSnapshot') return restoredSets(record);
  const { productSetId } = commandInput(record);
  const isGone = (record.counts.productSets ?? 0) > 0;
  return productSetId !== undefined && !isGone && (record.counts.products ?? 0) > 0 ? [productSetId] : [];
}

function restoredSets({ counts, facts: { restore } }: RequestRecord): string[] {
  const { products = 0, referenceImages = 0, productSets = 0 } = counts;
  const isChanged = products + referenceImages + productSets + (restore?.memberships ?? 0) > 0;
  return isChanged ? (restore?.productSetIds ?? []) : [];
}
