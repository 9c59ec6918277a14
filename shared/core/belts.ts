/** The belts of bulk deletes: every refusal names the number, the limit and the field that would allow it. Pure. */
import { matchesGlob } from './names';
import type { Problem } from './problem';

const SAMPLE = 10;

function sample(ids: readonly string[]): string {
  const shown = ids.slice(0, SAMPLE).join(', ');
  return ids.length > SAMPLE ? `${shown} and ${ids.length - SAMPLE} more` : shown;
}

/** Whether the product set is one of those that are protected from being purged or deleted. */
export function isProtected(productSetId: string, globs: readonly string[]): boolean {
  return globs.some((glob) => matchesGlob(glob, productSetId));
}

/** A command that names a protected product set. */
export function protectedSetProblem(productSetId: string): Problem {
  return {
    code: 'protected-product-set',
    field: 'productSetId',
    message: `Product set ${productSetId} is protected (PROTECTED_PRODUCT_SETS); nothing was changed`,
  };
}

/** More products than the command allows, or null. */
export function capProblem(products: number, maxProducts: number, ceiling: number): Problem | null {
  if (products <= Math.min(maxProducts, ceiling)) return null;
  const allow =
    products > ceiling
      ? `the ceiling of this system is ${ceiling} (MAX_PRODUCTS_CEILING)`
      : `maxProducts: ${products} would allow it`;
  return {
    code: 'max-products',
    field: 'maxProducts',
    message: `${products} products would go, the limit is ${Math.min(maxProducts, ceiling)}; ${allow}`,
  };
}

/** A command that asks for a higher limit than there can be, or null. */
export function ceilingProblem(maxProducts: number, ceiling: number): Problem | null {
  if (maxProducts <= ceiling) return null;
  return {
    code: 'max-products',
    field: 'maxProducts',
    message: `maxProducts is ${maxProducts}; at most ${ceiling} is allowed (MAX_PRODUCTS_CEILING)`,
  };
}

/** A product that would go, with the sets that it is in. */
export interface Member {
  productId: string;
  productSetIds: readonly string[];
}

/** Products that are in a protected set, or null where none is. */
export function protectedMembersProblem(members: readonly Member[], globs: readonly string[]): Problem | null {
  const hit = members.filter((member) => member.productSetIds.some((id) => isProtected(id, globs)));
  if (hit.length === 0) return null;
  const ids = hit.map((member) => member.productId);
  return {
    code: 'protected-product-set',
    message: `${hit.length} of the products are in a protected product set (PROTECTED_PRODUCT_SETS): ${sample(ids)}`,
  };
}

/** Products of the purged set that are in other sets, too, or null where none is. */
export function sharedProductsProblem(members: readonly Member[], purgedSetId: string): Problem | null {
  const shared = members.filter((member) => member.productSetIds.some((id) => id !== purgedSetId));
  if (shared.length === 0) return null;
  const shown = shared.slice(0, SAMPLE).map(({ productId, productSetIds }) => {
    return `${productId} (${productSetIds.filter((id) => id !== purgedSetId).join(', ')})`;
  });
  const more = shared.length > SAMPLE ? ` and ${shared.length - SAMPLE} more` : '';
  return {
    code: 'shared-products',
    field: 'sharedProducts',
    message:
      `${shared.length} products of ${purgedSetId} are in other product sets, too, and a purge would take them from ` +
      `there as well: ${shown.join(', ')}${more}; sharedProducts decides (refuse is the default)`,
  };
}
