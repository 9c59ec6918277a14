/** The commands with their fields, one strict schema each: what the contract lists, and nothing else. Pure. */
import { z } from 'zod';
import { idFault, isRequestId, LOCATIONS, parseGsPrefix, parseGsUri, parseLocation, REQUEST_ID } from './names';
import { shownValue } from './problem';
import { isLegacyCategory, isProductCategory, PRODUCT_CATEGORIES } from './productCategory';
import { labelPartFault } from './productLabel';
import { isRfc3339 } from './rfc3339';

/** A string under a rule that says what is wrong as the end of a sentence ("is empty; …"), or null. */
function text(fault: (value: string) => string | null) {
  return z.string().superRefine((value, context) => {
    const message = fault(value);
    if (message !== null) context.addIssue({ code: 'custom', message });
  });
}

function matching(holds: (value: string) => boolean, right: string) {
  return text((value) => (holds(value) ? null : `must be ${right}, not ${shownValue(value)}`));
}

function upTo(most: number, what: string) {
  return text((value) => {
    if (value === '') return `is empty; give ${what} or leave the field out`;
    return [...value].length > most ? `has ${[...value].length} characters; at most ${most} are allowed` : null;
  });
}

function list<T extends z.ZodType>(element: T, most: number, what: string) {
  const error = `must hold 1 to ${most.toLocaleString('en')} ${what}`;
  return z.array(element).min(1, { error }).max(most, { error });
}

/** The rule of an id, but for what may be cut in two: a prefix may end with a blank or be a dot. */
function idPrefixFault(value: string): string | null {
  if (value === '.' || value === '..') return null;
  return idFault(value.trimEnd() === '' ? value : value.trimEnd());
}

const positive = z.int().min(1, { error: 'must be at least 1' });
const id = text(idFault);
const idPrefix = text(idPrefixFault);
const gsUri = matching((value) => parseGsUri(value) !== null, 'gs://bucket/object');
const snapshotUri = matching(
  (value) => parseGsUri(value)?.name.endsWith('/snapshot.json') ?? false,
  'gs://bucket/…/snapshot.json',
);
const gsFolder = matching((value) => value.endsWith('/') && parseGsPrefix(value) !== null, 'gs://bucket/prefix/');
const planId = matching((value) => /^[A-Za-z0-9_-]{1,128}$/.test(value), 'a plan id');
const category = matching(
  (value) => isProductCategory(value) || isLegacyCategory(value),
  `one of ${PRODUCT_CATEGORIES.join(', ')}`,
);
const location = z.string().transform((value, context) => {
  const found = parseLocation(value);
  if (found !== null) return found;
  context.addIssue({ code: 'custom', message: `must be one of ${LOCATIONS.join(', ')}, not ${shownValue(value)}` });
  return z.NEVER;
});

const labels = z.record(z.string(), z.string()).superRefine((value, context) => {
  if (Object.keys(value).length === 0)
    context.addIssue({ code: 'custom', message: 'is empty; give at least one label' });
  for (const [key, part] of Object.entries(value)) {
    const keyFault = labelPartFault(key);
    const fault = keyFault === null ? labelPartFault(part) : `has a key that ${keyFault}`;
    if (fault !== null) context.addIssue({ code: 'custom', path: [key], message: fault });
  }
});

const common = {
  requestId: matching((value) => REQUEST_ID.test(value), '1 to 64 letters, digits, "_" or "-"').optional(),
  location: location.optional(),
  dryRun: z.boolean().default(false),
  notBefore: matching(isRfc3339, 'an RFC 3339 time with an offset, such as 2026-11-22T18:00:00Z').optional(),
  reason: upTo(1_000, 'a reason').optional(),
};

const files = {
  imageFiles: z.enum(['keep', 'removeUnlessUsedByProduct', 'removeUnlessUsed']).default('keep'),
  derived: z.strictObject({ keepOriginal: z.boolean(), invalidate: z.boolean().optional() }).optional(),
};

const bulk = { maxProducts: positive.optional(), planId: planId.optional(), force: z.boolean().optional() };

const where = z.strictObject({
  productSetId: id.optional(),
  idPrefix: idPrefix.optional(),
  labels: labels.optional(),
  productCategory: category.optional(),
});

const select = z.strictObject({
  publicIds: list(upTo(255, 'a public id'), 1_000, 'public ids').optional(),
  prefix: upTo(255, 'a prefix').optional(),
  tag: upTo(255, 'a tag').optional(),
  all: z.literal(true).optional(),
});

/** A merged import is no user's request: its files are. */
function isUsersRequestId(text: string): boolean {
  return isRequestId(text) && !text.startsWith('bat-');
}

export const COMMAND_SCHEMAS = {
  deleteReferenceImage: z.strictObject({
    command: z.literal('deleteReferenceImage'),
    productId: id,
    referenceImageId: id,
    ...files,
    ...common,
  }),
  deleteProduct: z.strictObject({ command: z.literal('deleteProduct'), productId: id, ...files, ...common }),
  deleteProducts: z.strictObject({
    command: z.literal('deleteProducts'),
    productIds: list(id, 1_000, 'product ids').optional(),
    listUri: gsUri.optional(),
    where: where.optional(),
    ...bulk,
    /** Whether a snapshot is taken is decided by the plan where the command does not say. */
    snapshot: z.boolean().optional(),
    ...files,
    ...common,
  }),
  deleteProductSet: z.strictObject({ command: z.literal('deleteProductSet'), productSetId: id, ...common }),
  purgeProductsInProductSet: z.strictObject({
    command: z.literal('purgeProductsInProductSet'),
    productSetId: id,
    ...bulk,
    sharedProducts: z.enum(['refuse', 'delete', 'keep']).default('refuse'),
    snapshot: z.boolean().default(true),
    thenDeleteProductSet: z.boolean().default(false),
    ...files,
    ...common,
  }),
  purgeOrphanProducts: z.strictObject({
    command: z.literal('purgeOrphanProducts'),
    ...bulk,
    snapshot: z.boolean().default(true),
    ...files,
    ...common,
  }),
  restoreSnapshot: z.strictObject({ command: z.literal('restoreSnapshot'), snapshot: snapshotUri, ...common }),
  sweepImageFiles: z.strictObject({
    command: z.literal('sweepImageFiles'),
    force: z.boolean().optional(),
    prefix: gsFolder.optional(),
    olderThanDays: z.int().min(0, { error: 'must not be negative' }).default(30),
    maxFiles: positive.default(10_000),
    derived: files.derived,
    ...common,
  }),
  deleteDerivedResources: z.strictObject({
    command: z.literal('deleteDerivedResources'),
    select,
    keepOriginal: z.boolean(),
    force: z.boolean().optional(),
    resourceType: z.enum(['image', 'video', 'raw']).default('image'),
    type: z.string().min(1, { error: 'is empty; give a delivery type, such as upload' }).default('upload'),
    invalidate: z.boolean().optional(),
    transformations: list(upTo(1_000, 'a transformation'), 100, 'transformations').optional(),
    maxFiles: positive.optional(),
    ...common,
  }),
  cancelRequest: z.strictObject({
    command: z.literal('cancelRequest'),
    cancels: matching(isUsersRequestId, 'a request id that begins with imp- or cmd-'),
    force: z.boolean().optional(),
    ...common,
  }),
} as const;
