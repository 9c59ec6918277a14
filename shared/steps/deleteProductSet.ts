/**
 * Deletes a product set; its products stay. After a purge only a set that a listing shows empty is deleted. Safe to
 * repeat: a set that is gone counts as deleted if this request has seen it.
 */
import { commandInput, DONE, end, type Step } from './step';

export const deleteProductSet: Step = async (context, saved) => {
  const { record, ports } = context;
  const { productSetId = '' } = commandInput(record);
  const seen = (saved as { seen: boolean } | undefined)?.seen === true;
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
