/**
 * Reads what Cloudinary's Admin API answers: only `deleted_counts` says what went, a missing id is no error, and an
 * answer of another shape is a fault, never an empty result. Pure.
 */
import { z } from 'zod';

/** What became of one original that a deletion looked at. */
export interface DerivedOutcome {
  publicId: string;
  status: 'deleted' | 'notFound' | 'failed';
  /** Originals deleted: 0 or 1. */
  originals: number;
  derived: number;
  /** The service said that it went, but not how much. */
  uncounted?: true;
}

export interface DerivedPage {
  resources: DerivedOutcome[];
  /** More originals match than one call takes. */
  partial: boolean;
  /** Where the next page begins. */
  cursor?: string;
}

export interface OriginalsPage {
  originals: { publicId: string; type: string }[];
  cursor?: string;
}

/** How many calls are left of the hour, as the last answer said. */
export interface CallLimit {
  limit: number;
  remaining: number;
  /** Milliseconds since the epoch. */
  resetAt: number;
}

/** The words are not documented; whatever else stands there, the original was looked at. */
const REFUSAL = /fail|error|unauthorized|forbidden|denied|locked/i;

const count = z.int().min(0);
const cursor = z.string().min(1).nullish();

const Deletion = z.object({
  deleted: z.record(z.string(), z.string()),
  deleted_counts: z.record(z.string(), z.object({ original: count.default(0), derived: count.default(0) })).default({}),
  partial: z.boolean().default(false),
  next_cursor: cursor,
});
const Originals = z.object({
  resources: z.array(z.object({ public_id: z.string().min(1), type: z.string().min(1) })),
  next_cursor: cursor,
});
const Details = z.object({
  derived: z.array(z.object({ transformation: z.string() })).default([]),
  derived_next_cursor: cursor,
});
/** Other members of the answer differ by plan; one that is missing is not known. */
const Usage = z.object({ resources: count.optional(), derived_resources: count.optional() });

/** null: no answer to a deletion. */
export function readDeletion(body: unknown): DerivedPage | null {
  const parsed = Deletion.safeParse(body);
  if (!parsed.success) return null;
  const { deleted, deleted_counts: counts, partial, next_cursor } = parsed.data;
  const ids = new Set([...Object.keys(deleted), ...Object.keys(counts)]);
  const resources = [...ids].map((publicId) => outcomeOf(publicId, deleted[publicId], counts[publicId]));
  return { resources, partial, ...(next_cursor ? { cursor: next_cursor } : {}) };
}

/** The word alone does not say whether the original is gone: derived-only deletions list the id as deleted, too. */
function outcomeOf(publicId: string, word = '', counts?: { original: number; derived: number }): DerivedOutcome {
  const { original = 0, derived = 0 } = counts ?? {};
  const went = { publicId, originals: original, derived };
  if (original + derived > 0) return { ...went, status: 'deleted' };
  if (/^not[ _]found$/.test(word)) return { ...went, status: 'notFound' };
  if (REFUSAL.test(word)) return { ...went, status: 'failed' };
  return { ...went, status: 'deleted', ...(counts === undefined ? { uncounted: true } : {}) };
}

export function readOriginals(body: unknown): OriginalsPage | null {
  const parsed = Originals.safeParse(body);
  if (!parsed.success) return null;
  const originals = parsed.data.resources.map(({ public_id, type }) => ({ publicId: public_id, type }));
  return { originals, ...(parsed.data.next_cursor ? { cursor: parsed.data.next_cursor } : {}) };
}

/** The transformations of an original's derived resources, one for each of them. */
export function readDerivedOf(body: unknown): { transformations: string[]; cursor?: string } | null {
  const parsed = Details.safeParse(body);
  if (!parsed.success) return null;
  const { derived, derived_next_cursor } = parsed.data;
  const transformations = derived.map(({ transformation }) => transformation);
  return { transformations, ...(derived_next_cursor ? { cursor: derived_next_cursor } : {}) };
}

export function readUsage(body: unknown): { originals?: number; derived?: number } | null {
  const parsed = Usage.safeParse(body);
  return parsed.success ? { originals: parsed.data.resources, derived: parsed.data.derived_resources } : null;
}

/** The service's own sentence of an error, or undefined: error pages may be HTML. */
export function readErrorMessage(body: unknown): string | undefined {
  const parsed = z.object({ error: z.object({ message: z.string() }) }).safeParse(body);
  return parsed.success ? parsed.data.error.message : undefined;
}

/** `X-FeatureRateLimit-*`, where the answer has all three. */
export function readCallLimit(header: (name: string) => string | null): CallLimit | undefined {
  const [limit, remaining] = ['limit', 'remaining'].map((name) => wholeNumber(header(`x-featureratelimit-${name}`)));
  const resetAt = Date.parse(header('x-featureratelimit-reset') ?? '');
  if (limit === undefined || remaining === undefined || Number.isNaN(resetAt)) return undefined;
  return { limit, remaining, resetAt };
}

/** When a refused call may be tried again, as the sentence of the refusal names it. Milliseconds since the epoch. */
export function readResetTime(message: string): number | undefined {
  const match = /Try again on (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC/.exec(message);
  const time = match === null ? Number.NaN : Date.parse(`${match[1]}T${match[2]}Z`);
  return Number.isNaN(time) ? undefined : time;
}

function wholeNumber(text: string | null): number | undefined {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
