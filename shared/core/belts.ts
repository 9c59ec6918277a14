/** The belts of bulk deletes: every refusal names the number, the limit and the field that would allow it. Pure. */
import { matchesGlob } from './names';
import type { Problem } from './problem';

const SAMPLE = 10;

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

/** How many there are of a kind, and the first of them. */
export interface Tally {
  count: number;
  sample: string[];
}

export const NONE: Tally = { count: 0, sample: [] };

/** The tally with one more. */
export function counted(tally: Tally, shown: string): Tally {
  return { count: tally.count + 1, sample: tally.sample.length < SAMPLE ? [...tally.sample, shown] : tally.sample };
}

/** The sample of a tally, and how many more there are. */
export function shownTally({ count, sample }: Tally): string {
  const more = count > sample.length ? ` and ${count - sample.length} more` : '';
  return `${sample.join(', ')}${more}`;
}

/** Products that are in a protected set, or null where none is. */
export function protectedMembersProblem(hit: Tally): Problem | null {
  if (hit.count === 0) return null;
  return {
    code: 'protected-product-set',
    message: `${hit.count} of the products are in a protected product set (PROTECTED_PRODUCT_SETS): ${shownTally(hit)}`,
  };
}

/** A product of the purged set that is in others, too, as a tally shows it. */
export function shownShared(productId: string, otherSetIds: readonly string[]): string {
  return `${productId} (${otherSetIds.join(', ')})`;
}

/**
 * Products of the purged set that are in other sets, too, or null where none is: a refusal where the command does not
 * say what is to become of them, else a warning that says it.
 */
export function sharedProductsProblem(
  shared: Tally,
  purgedSetId: string,
  sharedProducts: 'refuse' | 'delete' | 'keep',
): Problem | null {
  if (shared.count === 0) return null;
  const which = `${shared.count} products of ${purgedSetId} are in other product sets, too`;
  const common = { code: 'shared-products', field: 'sharedProducts' };
  switch (sharedProducts) {
    case 'refuse':
      return {
        ...common,
        message:
          `${which}, and a purge would take them from there as well: ${shownTally(shared)}; ` +
          'sharedProducts: keep would only take them out of this set, sharedProducts: delete would let them go',
      };
    case 'keep':
      return { ...common, severity: 'warning', message: `${which} and only leave this set: ${shownTally(shared)}` };
    case 'delete':
      return { ...common, severity: 'warning', message: `${which}, and go from there as well: ${shownTally(shared)}` };
  }
}
