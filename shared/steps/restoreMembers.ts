/** Which of some products are in which product sets. Reads only. */
import type { IsMember } from '../core/restore';
import type { SnapshotProduct } from '../core/snapshot';
import type { Page, Product } from '../ports';
import type { StepContext } from './step';

/**
 * Lists the sets that these products should be in. There is no way to ask for one membership, and adding a product once
 * more is a call that changes nothing: so a set is listed only as long as that takes fewer calls than adding them all.
 */
export async function findMembers(context: StepContext, products: readonly SnapshotProduct[]): Promise<IsMember> {
  const bySet = new Map<string, Set<string>>();
  for (const { product, productSetIds } of products) {
    for (const id of productSetIds) bySet.set(id, (bySet.get(id) ?? new Set()).add(product.id));
  }
  const known = new Map<string, ReadonlySet<string>>();
  for (const [productSetId, ids] of bySet) {
    const members = await membersAmong(context, productSetId, ids);
    if (members !== null) known.set(productSetId, members);
  }
  return (productSetId, productId) => known.get(productSetId)?.has(productId);
}

/** null where the set is too long to be listed for so few. */
async function membersAmong(
  { record, ports }: StepContext,
  productSetId: string,
  ids: ReadonlySet<string>,
): Promise<ReadonlySet<string> | null> {
  const members = new Set<string>();
  let pageToken: string | undefined;
  for (let pages = 0; pages < ids.size; pages += 1) {
    const page: Page<Product> = await ports.productSearch.listProductsInProductSet(record.location, productSetId, {
      pageToken,
    });
    for (const { id } of page.items) if (ids.has(id)) members.add(id);
    pageToken = page.nextPageToken;
    if (pageToken === undefined || members.size === ids.size) return members;
  }
  return null;
}
