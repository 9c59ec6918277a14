/** Which products the `where` of a bulk delete means. Pure. */
import type { ProductFilter } from './request';

/** What is compared of a product. */
interface Comparable {
  id: string;
  productCategory: string;
  productLabels: readonly { key: string; value: string }[];
}

/** Whether all that is given matches. Of the product set nothing is known here: its products are what is listed. */
export function matchesFilter(product: Comparable, filter: ProductFilter | undefined): boolean {
  if (filter === undefined) return true;
  const { idPrefix, labels, productCategory } = filter;
  if (idPrefix !== undefined && !product.id.startsWith(idPrefix)) return false;
  if (productCategory !== undefined && product.productCategory !== productCategory) return false;
  return Object.entries(labels ?? {}).every(([key, value]) =>
    product.productLabels.some((label) => label.key === key && label.value === value),
  );
}
