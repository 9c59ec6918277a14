/** What it takes to bring back what a snapshot holds: compared with what is there now, as a list of actions. Pure. */
import { type Problem, shownValue } from './problem';
import { importLine } from './restoreLine';
import type { SnapshotImage, SnapshotProduct } from './snapshot';

type Product = SnapshotProduct['product'];

/** One call, or what an import does instead. In the order in which they have to be done: kind by kind. */
export type RestoreAction =
  | { make: 'productSet'; productSet: { id: string; displayName: string }; exists: boolean }
  | { make: 'product'; product: Product; exists: boolean }
  /** With `line`, an import can make it, and then puts the product into this set, too. */
  | { make: 'image'; productId: string; image: SnapshotImage; line?: string; productSetId?: string }
  /** `unsure`: whether the product is in the set already was not looked up; adding it again changes nothing. */
  | { make: 'membership'; productId: string; productSetId: string; unsure?: true };

/** What each kind of action counts as; memberships are part of their product. */
export const COUNTED = {
  productSet: 'productSets',
  product: 'products',
  image: 'referenceImages',
  membership: undefined,
} as const;

export interface Comparison {
  actions: RestoreAction[];
  /** Products and reference images that are there as the snapshot has them. */
  alreadyPresent: number;
  /** Products and reference images that stand in the way of the snapshot's. */
  failed: number;
  problems: Problem[];
}

/** What is there under the product's id now; null where nothing is. */
export interface PresentProduct {
  product: Product;
  images: readonly SnapshotImage[];
}

/** Whether the product is in the set; undefined where that is not known. */
export type IsMember = (productSetId: string, productId: string) => boolean | undefined;

/** Compares one product. Nothing that is there is ever deleted, and what has another category is left alone. */
export function compareProduct(
  wanted: SnapshotProduct,
  present: PresentProduct | null,
  isMember: IsMember = () => undefined,
): Comparison {
  if (present === null) return everythingOf(wanted);
  const { product, productSetIds } = wanted;
  if (present.product.productCategory !== product.productCategory) return otherCategory(wanted, present);
  const isEqual = isSameProduct(product, present.product);
  const comparison: Comparison = {
    actions: isEqual ? [] : [{ make: 'product', product, exists: true }],
    alreadyPresent: isEqual ? 1 : 0,
    failed: 0,
    problems: [],
  };
  compareImages(wanted, present.images, comparison);
  for (const productSetId of productSetIds) {
    const member = isMember(productSetId, product.id);
    if (member === true) continue;
    const unsure = member === undefined ? ({ unsure: true } as const) : {};
    comparison.actions.push({ make: 'membership', productId: product.id, productSetId, ...unsure });
  }
  return comparison;
}

function everythingOf(wanted: SnapshotProduct): Comparison {
  const { product, productSetIds, referenceImages } = wanted;
  const actions: RestoreAction[] = [
    { make: 'product', product, exists: false },
    ...referenceImages.map((image) => imageAction(wanted, image)),
    ...productSetIds.map((productSetId) => ({ make: 'membership' as const, productId: product.id, productSetId })),
  ];
  return { actions, alreadyPresent: 0, failed: 0, problems: [] };
}

function imageAction(wanted: SnapshotProduct, image: SnapshotImage): RestoreAction {
  const line = importLine(wanted, image);
  const action = { make: 'image', productId: wanted.product.id, image } as const;
  return line === null ? action : { ...action, line, productSetId: wanted.productSetIds[0] };
}

function compareImages(wanted: SnapshotProduct, present: readonly SnapshotImage[], comparison: Comparison): void {
  const byId = new Map(present.map((image) => [image.id, image]));
  for (const image of wanted.referenceImages) {
    const found = byId.get(image.id);
    if (found === undefined) {
      comparison.actions.push(imageAction(wanted, image));
    } else if (isSameImage(image, found)) {
      comparison.alreadyPresent += 1;
    } else {
      comparison.failed += 1;
      comparison.problems.push(imageTaken(wanted.product.id, image, found));
    }
  }
}

function otherCategory({ product, referenceImages }: SnapshotProduct, present: PresentProduct): Comparison {
  const byId = new Map(present.images.map((image) => [image.id, image]));
  const isThere = (image: SnapshotImage) => {
    const found = byId.get(image.id);
    return found !== undefined && isSameImage(image, found);
  };
  const there = referenceImages.filter(isThere).length;
  return {
    actions: [],
    alreadyPresent: there,
    failed: 1 + referenceImages.length - there,
    problems: [categoryDiffers(product, present.product)],
  };
}

export function categoryDiffers(wanted: Product, found: Product): Problem {
  const message =
    `product ${shownValue(wanted.id)} is there with category ${found.productCategory}, the snapshot has ` +
    `${wanted.productCategory}, and a category cannot be changed: the product was left as it is; delete it and ` +
    'restore again if the one of the snapshot is wanted';
  return { code: 'category-differs', message };
}

export function imageTaken(productId: string, wanted: SnapshotImage, found: SnapshotImage): Problem {
  const what = wanted.uri === found.uri ? 'other bounding polygons' : `another file, ${shownValue(found.uri)}`;
  const message =
    `reference image ${shownValue(wanted.id)} of product ${shownValue(productId)} is there with ${what}, and an image ` +
    'cannot be changed: it was left as it is; delete it and restore again if the one of the snapshot is wanted';
  return { code: 'image-id-taken', message };
}

/** Whether nothing of the product would have to be updated. The order of labels means nothing. */
export function isSameProduct(a: Product, b: Product): boolean {
  if (a.displayName !== b.displayName || a.description !== b.description) return false;
  return labelsText(a) === labelsText(b);
}

function labelsText({ productLabels }: Product): string {
  return JSON.stringify(productLabels.map(({ key, value }) => JSON.stringify([key, value])).sort());
}

export function isSameImage(a: SnapshotImage, b: SnapshotImage): boolean {
  return a.uri === b.uri && polygonsText(a) === polygonsText(b);
}

function polygonsText({ boundingPolys }: SnapshotImage): string {
  const points = (vertices: readonly { x: number; y: number }[]) => vertices.map(({ x, y }) => [x, y]);
  return JSON.stringify(boundingPolys.map((poly) => [points(poly.vertices), points(poly.normalizedVertices)]));
}

const ORDER: readonly RestoreAction['make'][] = ['productSet', 'product', 'image', 'membership'];

/** Several comparisons as one, with the actions of each kind together. */
export function joinComparisons(comparisons: readonly Comparison[]): Comparison {
  const all = comparisons.flatMap(({ actions }) => actions);
  return {
    actions: ORDER.flatMap((make) => all.filter((action) => action.make === make)),
    alreadyPresent: comparisons.reduce((sum, one) => sum + one.alreadyPresent, 0),
    failed: comparisons.reduce((sum, one) => sum + one.failed, 0),
    problems: comparisons.flatMap(({ problems }) => problems),
  };
}
