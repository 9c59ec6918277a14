import fc from 'fast-check';
import Papa from 'papaparse';
import type { LineVerdict } from '../../shared/core/csv/lineVerdict';
import { selectLines } from '../../shared/steps/selectLines';
import { checkedCsv, checkedSlowly } from '../core/csv/checkedCsv';
import { hostileText } from './arbitraries';
import { type Bytes, bytesOf, corpus } from './corpus';
import { LIMIT_MS, runs } from './runs';

jest.setTimeout(LIMIT_MS);

const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
const GOOD = ['gs://images/a.png', 'i1', 's1', 'p1', 'apparel-v2', 'Boot', 'a=b', '0,0,9,9'];

/** A line of a good file with up to two columns made hostile, written well or carelessly. */
const field = fc.tuple(fc.nat(7), hostileText);
const line = fc
  .tuple(
    fc.array(field, { maxLength: 2 }),
    fc.nat(3),
    fc.constantFrom(quoted, (text: string) => text),
  )
  .map(([changes, image, write]) => {
    const columns = GOOD.map((text, index) => (index === 1 ? `i${image}` : text));
    for (const [column, text] of changes) columns[column] = text;
    return columns.map((text) => (/[",\r\n]/.test(text) ? write(text) : text)).join(',');
  });
const ending = fc.constantFrom('\n', '\n', '\r\n', '\r', '\n\n');
const file = fc
  .array(fc.tuple(fc.oneof({ weight: 4, arbitrary: line }, { weight: 1, arbitrary: hostileText }), ending), {
    maxLength: 8,
  })
  .map((lines) => Buffer.from(lines.map((parts) => parts.join('')).join('')));

/** The file with some bytes changed. */
const damaged = fc.tuple(file, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 })).map(([bytes, changes]) => {
  const copy = Buffer.from(bytes);
  for (const [at, byte] of changes) if (copy.length > 0) copy[at % copy.length] = byte;
  return copy;
});

/** By the words of the contract and of Google's pages, not by the code. */
function isOk([
  uri = '',
  imageId = '',
  set = '',
  product = '',
  category = '',
  name = '',
  labels = '',
  poly = '',
]: string[]) {
  const isId = (text: string) => !/^$|^\.\.?$|[/\p{Cc}]/u.test(text) && [...text].length <= 128 && text.trim() === text;
  const pairs = labels === '' ? [] : labels.split(',').map((pair) => pair.split('='));
  const numbers = poly === '' ? [] : poly.split(',').map(Number);
  return (
    /^gs:\/\/[a-z0-9._-]+\/[^\p{Cc}]+$/u.test(uri) &&
    (imageId === '' || isId(imageId)) &&
    [set, product].every(isId) &&
    /^(?:apparel|homegoods|toys)(?:-v2)?$|^(?:packagedgoods|general)-v1$/.test(category) &&
    name.trim() === name &&
    !/\p{Cc}/u.test(name) &&
    pairs.every((pair) => pair.length === 2 && pair.every((part) => part !== '' && Buffer.byteLength(part) <= 128)) &&
    numbers.length % 2 === 0 &&
    numbers.every((number) => number >= 0) &&
    (poly.includes('.') ? numbers.every((number) => number <= 1) : numbers.every(Number.isInteger))
  );
}

async function selected(bytes: Buffer, numbers: number[]): Promise<Buffer> {
  const parts: Buffer[] = [];
  async function* content() {
    yield bytes;
  }
  for await (const part of selectLines(content(), numbers[Symbol.iterator]())) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
}

describe('whatever is dropped', () => {
  it('is imported as lines that any reader of CSV reads the same way, within every rule', () => {
    fc.assert(
      fc.property(damaged, (bytes) => {
        for (const verdict of checkedCsv(bytes).verdicts) {
          if (verdict.kind !== 'valid') continue;
          const rows = Papa.parse<string[]>(verdict.normalised, { delimiter: ',' }).data;
          expect(rows).toHaveLength(1);
          expect(rows[0]).toHaveLength(8);
          expect(verdict.normalised.length).toBeLessThanOrEqual(2_048);
          expect(verdict.normalised).not.toMatch(/[\r\n\u2028\u2029]/);
          expect([verdict.normalised, isOk(rows[0] ?? [])]).toEqual([verdict.normalised, true]);
          expect(rows[0]?.slice(1, 4)).toEqual([verdict.imageId, verdict.productSetId, verdict.productId]);
        }
      }),
      runs(1_500),
    );
  });

  it('gets the same verdicts from the quick way and from the general one', () => {
    fc.assert(
      fc.property(damaged, fc.boolean(), (bytes, assignImageIds) => {
        expect(checkedCsv(bytes, { assignImageIds }).verdicts).toEqual(
          checkedSlowly(bytes, { assignImageIds }).verdicts,
        );
      }),
      runs(1_500),
    );
  });

  it('falls into its lines without a byte lost: imported, left out, ignored', async () => {
    await fc.assert(
      fc.asyncProperty(damaged, async (bytes) => {
        const { verdicts } = checkedCsv(bytes);
        const lines: Buffer[] = [];
        for (const { line: number } of verdicts) lines.push(await selected(bytes, [number]));
        const leftOut = verdicts.filter(({ kind }) => kind === 'invalid').map(({ line: number }) => number);
        const retry = await selected(bytes, leftOut);

        expect(Buffer.concat(lines).equals(bytes)).toBe(true);
        expect(retry.equals(Buffer.concat(lines.filter((_, index) => verdicts[index]?.kind === 'invalid')))).toBe(true);
        // What was left out never comes back as an image that was imported already.
        const imported = verdicts.flatMap((verdict) => (verdict.kind === 'valid' ? [verdict.normalised] : []));
        expect(new Set(imported).size).toBe(imported.length);
      }),
      runs(500),
    );
  });

  it('is spoken of in short sentences without a character that nobody sees', () => {
    fc.assert(
      fc.property(damaged, (bytes) => {
        for (const verdict of checkedCsv(bytes).verdicts) {
          const problems = [...(verdict.kind === 'invalid' ? verdict.problems : []), ...verdict.warnings];
          for (const { message } of problems) {
            expect(message.length).toBeLessThanOrEqual(700);
            expect(message).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
          }
        }
      }),
      runs(800),
    );
  });
});

/** `3 labels:7 image-id:2` for a line that is left out, `3 valid` and `3 ignored` for others. */
function shown(verdict: LineVerdict): string {
  if (verdict.kind !== 'invalid') return `${verdict.line} ${verdict.kind}`;
  if (verdict.partOf !== undefined) return `${verdict.line} part of ${verdict.partOf}`;
  return [verdict.line, ...verdict.problems.map(({ code, column }) => `${code}:${column}`)].join(' ');
}

describe('the corpus of files', () => {
  it.each(corpus<Bytes, string[]>('csv'))('%s: %s', (_name, _why, { input, expected }) => {
    const bytes = bytesOf(input);

    expect(checkedCsv(bytes, { chunkBytes: 1_000 }).verdicts.map(shown)).toEqual(expected);
    expect(checkedSlowly(bytes).verdicts.map(shown)).toEqual(expected);
  });
});
