/**
 * Deletes a product set; its products stay. After a purge only a set that a listing shows empty is deleted, and not while
 * that purge may be running. Safe to repeat: a set that is gone counts as deleted if this request has seen it.
 */
import { commandInput, DONE, end, type Step, type StepContext, type StepResult } from './step';

export const deleteProductSet: Step = async (context, saved) => {
  const { record, ports } = context;
  const { productSetId = '' } = commandInput(record);
  const seen = (saved as { seen: boolean } | undefined)?.seen === true;
  const mayRun = waitForUnanswered(context);
  if (mayRun !== null) return mayRun;
  if (!seen && (await ports.productSearch.getProductSet(record.location, productSetId)) === null) {
    record.counts.alreadyAbsent = 1;
    return DONE;
  }
  if (record.kind === 'purge') {
    const { items } = await ports.productSearch.listProductsInProductSet(record.location, productSetId, {
      pageSize: 1,
    });
    if (items.length > 0) {
      const message = `Product set ${productSetId} was purged, but it is not empty (${items[0]?.id}): it was not deleted`;
      return end('partial', { code: 'set-not-empty', message });
    }
  }
  if (!record.dryRun) {
    await context.checkpoint({ seen: true });
    await ports.productSearch.deleteProductSet(record.location, productSetId);
    ports.log.write('INFO', 'deleted', { productSetId });
  }
  record.counts.productSets = 1;
  return DONE;
};

/**
 * A purge of which a start had no answer may be running although nothing is left for it to take. Google asks to wait for
 * its end before the set is deleted (https://cloud.google.com/vision/product-search/docs/delete-resources); its end cannot
 * be seen, so it is given the time for which claims are kept.
 */
function waitForUnanswered({ record, ports, config }: StepContext): StepResult | null {
  const { kind, intent, facts } = record;
  if (kind !== 'purge' || intent === undefined) return null;
  if (intent.operation !== undefined && facts.startRepeated !== true) return null;
  const dueAt = Date.parse(intent.at) + config.startSettleMs;
  if (ports.clock.now() >= dueAt) return null;
  const detail = 'A start of the purge had no answer, and it may be running; the product set is deleted afterwards';
  return { kind: 'wait', waiting: { for: 'purge', detail }, dueAt };
}
