/**
 * Has the indexes of the changed product sets followed, so that people learn when the change shows in searches. Safe to
 * repeat: a request is watched once.
 */
import { createWatches } from '../ledger/watches';
import { commandInput, DONE, type Step, type StepContext, timeText } from './step';

export const watchIndex: Step = async (context) => {
  const { record, ports, config } = context;
  const pending = changedSets(context);
  if (pending.length === 0) return DONE;
  const { id: requestId, request, acceptedAt } = record;
  const changedAt = record.operations.at(-1)?.endTime ?? timeText(context);
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
function changedSets({ record }: StepContext): string[] {
  if (record.request === 'importProductSets') {
    return (record.counts.imported ?? 0) > 0 ? (record.facts.file?.productSetIds ?? []) : [];
  }
  const { productSetId } = commandInput(record);
  const isGone = (record.counts.productSets ?? 0) > 0;
  return productSetId !== undefined && !isGone && (record.counts.products ?? 0) > 0 ? [productSetId] : [];
}
