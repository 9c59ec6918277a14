import fc from 'fast-check';
import { COMMAND_NAMES, type Command, commandDigest, parseCommand } from '../../shared/core/command';
import { hostileValue, withOneChange } from './arbitraries';
import { type Bytes, bytesOf, corpus } from './corpus';
import { CEILING, good, isId } from './goodCommands';
import { LIMIT_MS, runs } from './runs';

jest.setTimeout(LIMIT_MS);

const read = (value: unknown) => parseCommand(Buffer.from(JSON.stringify(value)), { maxProductsCeiling: CEILING });

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
        const { productIds, location, ...given } = value;
        const meant = location === 'eu-west1' ? 'europe-west1' : location;
        expect(parsed.command).toMatchObject({ ...given, ...(meant === undefined ? {} : { location: meant }) });
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
