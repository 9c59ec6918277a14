import fc from 'fast-check';
import { COMMAND_NAMES, type Command, commandDigest, parseCommand } from '../../shared/core/command';
import { hostileValue, withOneChange } from './arbitraries';
import { type Bytes, bytesOf, corpus } from './corpus';
import { LIMIT_MS, runs } from './runs';

jest.setTimeout(LIMIT_MS);

const CEILING = 5_000;
const read = (value: unknown) => parseCommand(Buffer.from(JSON.stringify(value)), { maxProductsCeiling: CEILING });

/** By the words of the contract, not by the code. */
function isId(value: string): boolean {
  return value !== '' && [...value].length <= 128 && !value.includes('/') && value !== '.' && value !== '..';
}

const id = fc.oneof(
  fc.constantFrom('p1', '__proto__', 'constructor', '🧦', 'a b', '‮x', '...'),
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
  { productSetId: id, idPrefix: id, labels: fc.dictionary(fc.constantFrom('a', 'b'), fc.constantFrom('1', '2')) },
  { requiredKeys: ['productSetId'] },
);

function command(name: string, required: object, optional: object): fc.Arbitrary<Record<string, unknown>> {
  const requiredKeys = ['command', ...Object.keys(required)];
  return fc.record({ command: fc.constant(name), ...required, ...optional }, { requiredKeys } as object);
}

const { imageFiles: _, ...setOnly } = common;
const good = fc.oneof(
  command('deleteReferenceImage', { productId: id, referenceImageId: id }, common),
  command('deleteProduct', { productId: id }, common),
  command('deleteProducts', { productIds: fc.array(id, { minLength: 1, maxLength: 5 }) }, common),
  command(
    'deleteProducts',
    { where: where.filter(({ labels }) => Object.keys(labels ?? { a: 1 }).length > 0), force: bulk.force },
    bulk,
  ),
  command('deleteProductSet', { productSetId: id }, setOnly),
  command('purgeProductsInProductSet', { productSetId: id, force: bulk.force }, { ...bulk, snapshot: fc.boolean() }),
  command('purgeOrphanProducts', { dryRun: fc.constant(true) }, { ...bulk, force: fc.boolean() }),
  command('sweepImageFiles', { force: bulk.force }, { ...setOnly, prefix: fc.constant('gs://images/a/') }),
  command('deleteDerivedResources', { select: fc.constant({ tag: 'x' }), keepOriginal: fc.constant(true) }, setOnly),
  command('restoreSnapshot', { snapshot: fc.constant('gs://state/snapshots/x/snapshot.json') }, setOnly),
  command('cancelRequest', { cancels: fc.constant('cmd-x') }, setOnly),
);

/** What must be true of a command that runs, whatever the message looked like. */
function isSafe(command: Command): boolean {
  const fields: Record<string, unknown> = { ...command };
  const ids = ['productId', 'referenceImageId', 'productSetId'].filter((field) => fields[field] !== undefined);
  const all = [...ids.map((field) => fields[field]), ...((fields.productIds as unknown[] | undefined) ?? [])];
  const isForced = fields.force === true || fields.dryRun === true;
  const isWide = /^purge|^sweep/.test(command.command) || fields.listUri !== undefined || fields.where !== undefined;
  return (
    all.every((one) => typeof one === 'string' && isId(one)) &&
    (!isWide || isForced) &&
    (fields.keepOriginal !== false || fields.force === true) &&
    (fields.maxProducts === undefined ||
      ((fields.maxProducts as number) >= 1 && (fields.maxProducts as number) <= CEILING)) &&
    COMMAND_NAMES.includes(command.command)
  );
}

/** A refusal is short enough for an event, and says something about every field that it names. */
function expectClearRefusal(parsed: ReturnType<typeof parseCommand>): void {
  if (parsed.ok) return;
  expect(parsed.problems.length).toBeGreaterThan(0);
  expect(parsed.problems.length).toBeLessThanOrEqual(100);
  for (const { code, field = '', message } of parsed.problems) {
    expect(code).toMatch(/^[a-z]+(?:-[a-z]+)*$/);
    expect(field.length).toBeGreaterThan(0);
    expect(field.length).toBeLessThanOrEqual(101);
    expect(message.length).toBeGreaterThan(10);
    expect(message.length).toBeLessThanOrEqual(2_000);
  }
}

describe('a message on the commands topic', () => {
  it('of any bytes is read or refused in words, and never a fall', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.json({ maxDepth: 4 }).map((text) => Buffer.from(text)),
      fc.tuple(good, fc.nat(), fc.nat(255)).map(([value, at, byte]) => {
        const damaged = Buffer.from(JSON.stringify(value));
        damaged[at % damaged.length] = byte;
        return damaged;
      }),
    );
    fc.assert(
      fc.property(bytes, (data) => {
        const parsed = parseCommand(data, { maxProductsCeiling: CEILING });
        expectClearRefusal(parsed);
        expect(!parsed.ok || isSafe(parsed.command)).toBe(true);
      }),
      runs(1_500),
    );
  });

  it('that keeps to the contract is obeyed as it stands, and read again it is the same', () => {
    fc.assert(
      fc.property(good, (value) => {
        const parsed = read(value);
        expect(parsed).toMatchObject({ ok: true });
        if (!parsed.ok) return;
        const { productIds, ...given } = value;
        expect(parsed.command).toMatchObject(given);
        expect(isSafe(parsed.command)).toBe(true);
        const reversed = Object.fromEntries(Object.entries(parsed.command).reverse());
        const again = read(reversed);
        expect(again).toEqual(parsed);
        expect(again.ok && commandDigest(again.command)).toBe(commandDigest(parsed.command));
      }),
      runs(800),
    );
  });

  it('with one field changed, added or left out is refused clearly or still safe', () => {
    fc.assert(
      fc.property(withOneChange(good), ({ changed, field }) => {
        const parsed = read(changed);
        expectClearRefusal(parsed);
        if (parsed.ok) {
          expect(isSafe(parsed.command)).toBe(true);
          // Nothing that was said is ignored: what a command does not know is refused.
          expect(Object.hasOwn(changed, field) && !Object.hasOwn(parsed.command, field)).toBe(false);
        }
      }),
      runs(2_500),
    );
  });

  it('with several fields of hostile values is refused clearly or still safe', () => {
    const fields = fc.dictionary(
      fc.constantFrom(
        'productId',
        'productIds',
        'productSetId',
        'where',
        'force',
        'maxProducts',
        'select',
        'requestId',
      ),
      hostileValue,
      { maxKeys: 5 },
    );
    fc.assert(
      fc.property(fc.constantFrom(...COMMAND_NAMES), fields, (name, others) => {
        const parsed = read({ ...others, command: name });
        expectClearRefusal(parsed);
        expect(!parsed.ok || isSafe(parsed.command)).toBe(true);
      }),
      runs(1_500),
    );
  });
});

describe('the corpus of commands', () => {
  it.each(corpus<Bytes, { command: Record<string, unknown> } | { problems: string[] }>('commands'))(
    '%s: %s',
    (_name, _why, { input, expected }) => {
      const parsed = parseCommand(bytesOf(input));

      expectClearRefusal(parsed);
      if ('command' in expected) expect(parsed).toMatchObject({ ok: true, command: expected.command });
      else
        expect(parsed.ok ? [] : parsed.problems.map(({ code, field }) => `${code} ${field}`)).toEqual(
          expected.problems,
        );
    },
  );
});
