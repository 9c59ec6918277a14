/** Update masks as UpdateProductSet and UpdateProduct read them. */
import { StatusError } from '../statusError';
import { INVALID_ARGUMENT } from './codes';

/**
 * The fields that an update names, by their proto names; all mutable ones without a mask. A path that is none of them
 * is INVALID_ARGUMENT, as the proto says of product_category.
 */
export function fieldsToUpdate<F extends string>(
  mask: readonly string[] | null | undefined,
  mutable: readonly F[],
): Set<F> {
  if (!mask || mask.length === 0) return new Set(mutable);
  return new Set(mask.map((path) => mutable.find((field) => field === path) ?? refuse(path, mutable)));
}

function refuse(path: string, mutable: readonly string[]): never {
  const message = `Invalid path in update_mask: '${path}'. Only ${mutable.join(', ')} can be updated.`;
  throw new StatusError(INVALID_ARGUMENT, message);
}
