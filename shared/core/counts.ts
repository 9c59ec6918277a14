/** What the requests of each kind count. Pure. */
import type { CommandInput, Counts, RequestKind } from './request';

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
