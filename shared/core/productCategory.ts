/** The product categories of Product Search (product_search.proto, `product_category`). Pure. */

export const PRODUCT_CATEGORIES = ['homegoods-v2', 'apparel-v2', 'toys-v2', 'packagedgoods-v1', 'general-v1'] as const;

/** Still accepted by the service, but not meant for new products. */
export const LEGACY_CATEGORIES = ['homegoods', 'apparel', 'toys'] as const;

export function isProductCategory(text: string): boolean {
  return PRODUCT_CATEGORIES.some((category) => category === text);
}

export function isLegacyCategory(text: string): boolean {
  return LEGACY_CATEGORIES.some((category) => category === text);
}
