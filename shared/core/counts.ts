/** What the requests of each kind count. Pure. */
import type { CommandInput, Counts, RequestKind, RequestName, RequestRecord } from './request';

const DELETED = [
  'products',
  'productSets',
  'referenceImages',
  'alreadyAbsent',
  'failed',
  'imageFilesRemoved',
  'imageFilesKept',
  'imageFilesPending',
  'derived',
  'originals',
] as const;

/** The counts of each kind, in the order in which people read them. */
export const COUNTS = {
  import: ['lines', 'imported', 'alreadyPresent', 'failed', 'skipped'],
  delete: DELETED,
  purge: DELETED,
  restore: ['products', 'referenceImages', 'productSets', 'alreadyPresent', 'failed'],
  sweep: ['scanned', 'referenced', 'removed', 'kept', 'failed'],
  derived: ['originals', 'derived', 'notFound', 'failed'],
  cancel: ['cancelled'],
} as const satisfies Record<RequestKind, readonly string[]>;

/** What a sweep counts as well where it cleans at Cloudinary. */
export const CLEANED = ['derived', 'originals'] as const;

/** Every count that a request of the kind has, at nothing: its event never leaves one out. */
export function noCounts(kind: RequestKind, { derived }: Pick<CommandInput, 'derived'> = {}): Counts {
  const cleaned = kind === 'sweep' && derived !== undefined ? CLEANED : [];
  return Object.fromEntries([...COUNTS[kind], ...cleaned].map((name) => [name, 0]));
}

const SINGLE: ReadonlySet<RequestName> = new Set(['deleteReferenceImage', 'deleteProduct', 'deleteProductSet']);

/**
 * To be called where a fault ends the request: a single delete has then failed in the one thing that it names, unless
 * that is gone already and the fault met what comes after. The others count their failures one by one.
 */
export function countFailure({ request, outcome, counts }: RequestRecord): void {
  const { products = 0, productSets = 0, referenceImages = 0, alreadyAbsent = 0 } = counts;
  const isOpen = outcome === undefined && products + productSets + referenceImages + alreadyAbsent === 0;
  if (SINGLE.has(request) && isOpen) counts.failed = 1;
}
