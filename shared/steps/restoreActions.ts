/**
 * Makes one thing that a snapshot holds. Safe to repeat: what is there by now, from an earlier try or from somebody else, is
 * read and compared. Gives what stands in the way, or null; whatever may pass is thrown.
 */
import { faultClassOf, ServiceError } from '../core/errors';
import { type Problem, shownValue } from '../core/problem';
import { categoryDiffers, imageTaken, isSameImage, isSameProduct, type RestoreAction } from '../core/restore';
import type { StepContext } from './step';

type ActionOf<M extends RestoreAction['make']> = RestoreAction & { make: M };

/** `imported`: an import has made the product, so that it is there. */
export async function perform(context: StepContext, action: RestoreAction, imported: boolean): Promise<Problem | null> {
  try {
    switch (action.make) {
      case 'productSet':
        return await makeProductSet(context, action);
      case 'product':
        return await makeProduct(context, action, imported);
      case 'image':
        return await makeImage(context, action);
      case 'membership':
        return await makeMembership(context, action);
    }
  } catch (error) {
    if (!isRefusal(error, action)) throw error;
    return refused(action, error);
  }
}

/** What the service says of an action that it does not do. */
export function refused(action: RestoreAction, error: unknown): Problem {
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'restore-refused', message: `${nameOf(action)}: ${message}` };
}

/** A file that may not be read is a matter of that image; no other call needs a permission that the rest does not. */
function isRefusal(error: unknown, { make }: RestoreAction): boolean {
  if (faultClassOf(error) === 'permanent') return true;
  return make === 'image' && error instanceof ServiceError && error.status === 'PERMISSION_DENIED';
}

async function makeProductSet(
  { record: { location }, ports }: StepContext,
  { productSet, exists }: ActionOf<'productSet'>,
): Promise<null> {
  const { productSearch } = ports;
  if (exists && (await productSearch.updateProductSet(location, productSet)) === 'updated') return null;
  if ((await productSearch.createProductSet(location, productSet)) === 'created') return null;
  await productSearch.updateProductSet(location, productSet);
  return null;
}

async function makeProduct(
  { record: { location }, ports }: StepContext,
  { product, exists }: ActionOf<'product'>,
  imported: boolean,
): Promise<Problem | null> {
  const { productSearch } = ports;
  if (!exists && !imported && (await productSearch.createProduct(location, product)) === 'created') return null;
  const found = await productSearch.getProduct(location, product.id);
  if (found === null) {
    const created = await productSearch.createProduct(location, product);
    return created === 'created' ? null : changing(`product ${shownValue(product.id)}`);
  }
  if (found.productCategory !== product.productCategory) return categoryDiffers(product, found);
  if (isSameProduct(product, found)) return null;
  const updated = await productSearch.updateProduct(location, product);
  return updated === 'updated' ? null : changing(`product ${shownValue(product.id)}`);
}

async function makeImage(
  { record: { location }, ports }: StepContext,
  { productId, image }: ActionOf<'image'>,
): Promise<Problem | null> {
  if ((await ports.productSearch.createReferenceImage(location, productId, image)) === 'created') return null;
  const found = await ports.productSearch.getReferenceImage(location, productId, image.id);
  if (found === null) return changing(`reference image ${shownValue(image.id)} of product ${shownValue(productId)}`);
  return isSameImage(image, found) ? null : imageTaken(productId, image, found);
}

async function makeMembership(
  { record: { location }, ports }: StepContext,
  action: ActionOf<'membership'>,
): Promise<Problem | null> {
  const { productId, productSetId } = action;
  const added = await ports.productSearch.addProductToProductSet(location, productSetId, productId);
  if (added === 'added') return null;
  return { code: 'membership-lost', message: `${nameOf(action)}: the product or the product set is not there` };
}

function changing(what: string): Problem {
  return {
    code: 'changed-meanwhile',
    message: `${what} was made and deleted by somebody else meanwhile; restore again`,
  };
}

function nameOf(action: RestoreAction): string {
  switch (action.make) {
    case 'productSet':
      return `product set ${shownValue(action.productSet.id)}`;
    case 'product':
      return `product ${shownValue(action.product.id)}`;
    case 'image':
      return `reference image ${shownValue(action.image.id)} of product ${shownValue(action.productId)} (${action.image.uri})`;
    case 'membership':
      return `product ${shownValue(action.productId)} in product set ${shownValue(action.productSetId)}`;
  }
}
