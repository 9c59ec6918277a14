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
const common = {
  requestId: fc.string({ unit: fc.constantFrom('a', 'Z', '0', '_', '-'), minLength: 1, maxLength: 64 }),
  location: fc.constantFrom('us-west1', 'us-east1', 'europe-west1', 'asia-east1'),
  notBefore: fc.constantFrom('2026-11-22T18:00:00Z', '2026-11-22T18:00:00.5+05:30'),
  reason: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }),
  imageFiles: fc.constantFrom('keep', 'removeUnlessUsedByProduct', 'removeUnlessUsed'),
};
const bulk = { ...common, force: fc.constant(true), maxProducts: fc.integer({ min: 1, max: CEILING }) };
const where = fc.record(
  { productSetId: anyId, idPrefix: anyId, labels: fc.dictionary(fc.constantFrom('a', 'b'), fc.constantFrom('1', '2')) },
  { requiredKeys: ['productSetId'] },
);

function command(name: string, required: object, optional: object): fc.Arbitrary<Record<string, unknown>> {
  const requiredKeys = ['command', ...Object.keys(required)];
  return fc.record({ command: fc.constant(name), ...required, ...optional }, { requiredKeys } as object);
}

const { imageFiles: _, ...setOnly } = common;
export const good = fc.oneof(
  command('deleteReferenceImage', { productId: anyId, referenceImageId: anyId }, common),
  command('deleteProduct', { productId: anyId }, common),
  command('deleteProducts', { productIds: fc.array(anyId, { minLength: 1, maxLength: 5 }) }, common),
  command(
    'deleteProducts',
    { where: where.filter(({ labels }) => Object.keys(labels ?? { a: 1 }).length > 0), force: bulk.force },
    bulk,
  ),
  command('deleteProductSet', { productSetId: anyId }, setOnly),
  command('purgeProductsInProductSet', { productSetId: anyId, force: bulk.force }, { ...bulk, snapshot: fc.boolean() }),
  command('purgeOrphanProducts', { dryRun: fc.constant(true) }, { ...bulk, force: fc.boolean() }),
  command('sweepImageFiles', { force: bulk.force }, { ...setOnly, prefix: fc.constant('gs://images/a/') }),
  command('deleteDerivedResources', { select: fc.constant({ tag: 'x' }), keepOriginal: fc.constant(true) }, setOnly),
  command('restoreSnapshot', { snapshot: fc.constant('gs://state/snapshots/x/snapshot.json') }, setOnly),
  command('cancelRequest', { cancels: fc.constant('cmd-x') }, setOnly),
);
