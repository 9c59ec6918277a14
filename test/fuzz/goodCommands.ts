/** Commands that keep to the contract, with every field that they may have. */
import fc from 'fast-check';

/** MAX_PRODUCTS_CEILING of whoever reads them. */
export const CEILING = 5_000;

/** By the words of the contract, not by the code. */
export function isId(value: string): boolean {
  return value !== '' && [...value].length <= 128 && !value.includes('/') && value !== '.' && value !== '..';
}

export const anyId = fc.oneof(
  fc.constantFrom('p1', 'p2', 'shoes', '__proto__', 'constructor', '🧦', 'a b', '\u202ex', '...'),
  fc.string({ unit: fc.constantFrom('a', 'Ä', '9', '_', '-', ':', '.'), minLength: 1, maxLength: 128 }).filter(isId),
);
const anyUri = fc.constantFrom('gs://intake/lists/ids.txt', 'gs://lists/größe 🧦.txt', 'gs://lists/__proto__');
const common = {
  requestId: fc.string({ unit: fc.constantFrom('a', 'Z', '0', '_', '-'), minLength: 1, maxLength: 64 }),
  /** The last is the old name of the third. */
  location: fc.constantFrom('us-west1', 'us-east1', 'europe-west1', 'asia-east1', 'eu-west1'),
  dryRun: fc.boolean(),
  notBefore: fc.constantFrom('2026-11-22T18:00:00Z', '2026-11-22T18:00:00.5+05:30'),
  reason: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }),
};
const derived = fc.record({ keepOriginal: fc.boolean(), invalidate: fc.boolean() }, { requiredKeys: ['keepOriginal'] });
const files = { imageFiles: fc.constantFrom('keep', 'removeUnlessUsedByProduct', 'removeUnlessUsed'), derived };
const bulk = {
  ...common,
  ...files,
  maxProducts: fc.integer({ min: 1, max: CEILING }),
  planId: fc.string({ unit: fc.constantFrom('a', 'Z', '0', '_', '-'), minLength: 1, maxLength: 128 }),
  snapshot: fc.boolean(),
};
const where = fc
  .record(
    {
      productSetId: anyId,
      idPrefix: anyId,
      labels: fc.dictionary(fc.constantFrom('a', 'b'), fc.constantFrom('1', '2'), { minKeys: 1 }),
      productCategory: fc.constantFrom('homegoods-v2', 'apparel-v2', 'toys-v2', 'packagedgoods-v1', 'general-v1'),
    },
    { requiredKeys: [] },
  )
  .filter((filter) => Object.keys(filter).length > 0);
const publicId = fc.string({ unit: fc.constantFrom('a', 'ä', '/', '.', '_', ' '), minLength: 1, maxLength: 255 });
const select = fc.oneof(
  fc.record({ publicIds: fc.array(publicId, { minLength: 1, maxLength: 5 }) }),
  fc.record({ prefix: publicId }),
  fc.record({ tag: publicId }),
  fc.constant({ all: true }),
);
const derivedOptions = {
  ...common,
  resourceType: fc.constantFrom('image', 'video', 'raw'),
  type: fc.constantFrom('upload', 'private', 'authenticated', 'fetch'),
  invalidate: fc.boolean(),
  transformations: fc.array(fc.constantFrom('w_100', 'c_fill,h_20/e_blur'), { minLength: 1, maxLength: 3 }),
  maxFiles: fc.integer({ min: 1, max: 10_000 }),
};

type Fields = Record<string, fc.Arbitrary<unknown>>;

function command(name: string, required: Fields, optional: Fields): fc.Arbitrary<Record<string, unknown>> {
  const requiredKeys = ['command', ...Object.keys(required)];
  return fc.record({ command: fc.constant(name), ...optional, ...required }, { requiredKeys } as object);
}

/** One whose targets are not in the message: forced, or only a dry run. */
function wide(name: string, required: Fields, optional: Fields): fc.Arbitrary<Record<string, unknown>> {
  return fc.oneof(
    command(name, { ...required, force: fc.constant(true) }, optional),
    command(name, { ...required, dryRun: fc.constant(true) }, { ...optional, force: fc.boolean() }),
  );
}

export const good = fc.oneof(
  command('deleteReferenceImage', { productId: anyId, referenceImageId: anyId }, { ...common, ...files }),
  command('deleteProduct', { productId: anyId }, { ...common, ...files }),
  command(
    'deleteProducts',
    { productIds: fc.array(anyId, { minLength: 1, maxLength: 5 }) },
    { ...bulk, force: fc.boolean() },
  ),
  wide('deleteProducts', { listUri: anyUri }, bulk),
  wide('deleteProducts', { where }, bulk),
  command('deleteProductSet', { productSetId: anyId }, common),
  wide(
    'purgeProductsInProductSet',
    { productSetId: anyId },
    { ...bulk, sharedProducts: fc.constantFrom('refuse', 'delete', 'keep'), thenDeleteProductSet: fc.boolean() },
  ),
  wide('purgeOrphanProducts', {}, bulk),
  wide(
    'sweepImageFiles',
    {},
    {
      ...common,
      derived,
      prefix: fc.constantFrom('gs://images/', 'gs://images/a/'),
      olderThanDays: fc.nat(3_650),
      maxFiles: fc.integer({ min: 1, max: 1_000_000 }),
    },
  ),
  command(
    'deleteDerivedResources',
    { select, keepOriginal: fc.constant(true) },
    { ...derivedOptions, force: fc.boolean() },
  ),
  command(
    'deleteDerivedResources',
    { select, keepOriginal: fc.constant(false), force: fc.constant(true) },
    derivedOptions,
  ),
  command('restoreSnapshot', { snapshot: fc.constant('gs://state/snapshots/x/snapshot.json') }, common),
  command(
    'cancelRequest',
    { cancels: fc.constantFrom('cmd-x', `imp-${'0'.repeat(32)}`) },
    { ...common, force: fc.boolean() },
  ),
);
