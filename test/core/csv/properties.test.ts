import fc from 'fast-check';
import { checkedCsv, importedOf } from './checkedCsv';

/** Bytes of which something may come: pieces of lines, line ends, and what is no text at all. */
const piece = fc.oneof(
  fc.constantFrom('gs://images/a.png', 'gs://images/b.png', 'general-v1', 'toys', '"', ',', ',,,', '\n', '\r\n', '\r'),
  fc.constantFrom('p1', 'p2', '"a=b,c=d"', '"0.1,0.1,.9,0.90"', '\u0000', '\uFEFF', ' ', 'é', '🤖', '\uFFFD'),
  fc.string({ unit: 'binary', maxLength: 5 }),
);
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc.array(piece, { maxLength: 60 }).map((pieces) => Buffer.from(pieces.join(''))),
);

const optional = (value: fc.Arbitrary<string>) => fc.oneof(fc.constant(''), value);
const word = fc.string({ unit: fc.constantFrom('a', 'B', '7', '_', 'é', '"', ',', '-'), minLength: 1, maxLength: 8 });
const id = word.map((text) => `x${text}`);
const label = fc.tuple(word, word).map(([key, value]) => `${key}=${value}`.replaceAll(',', ''));
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
const goodLine = fc
  .tuple(
    optional(id),
    id,
    id,
    fc.constantFrom('general-v1', 'toys', 'apparel-v2'),
    fc.string({ unit: 'grapheme', maxLength: 20 }).filter((text) => !/[\p{Cc}\u2028\u2029]/u.test(text)),
    optional(fc.array(label, { minLength: 1, maxLength: 4 }).map((all) => all.join(' , '))),
    fc.constantFrom('', '0,0,300,300', '0.10,.2,1.,0', ' 007 , 8,9,10'),
  )
  .filter(([, , , , , labels]) => !labels.split(' , ').some((pair) => /^=|=$/.test(pair)))
  .map((columns) => `gs://images/a.png,${columns.map(quoted).join(',')}`);

describe('whatever is dropped', () => {
  it('is checked without a fall, and every physical line gets exactly one verdict', () => {
    fc.assert(
      fc.property(bytes, fc.integer({ min: 1, max: 40 }), (file, chunkBytes) => {
        const { lines, verdicts, totals } = checkedCsv(file, { chunkBytes });
        expect(verdicts.map((verdict) => verdict.line)).toEqual(lines.map((line) => line.number));
        expect(totals.lines).toBe(totals.valid + totals.invalid);
        expect(totals.lines + totals.ignored).toBe(lines.length);
      }),
      { seed: 11, numRuns: 3_000 },
    );
  });

  it('gets a reason and a column for every line that is left out', () => {
    fc.assert(
      fc.property(bytes, (file) => {
        for (const verdict of checkedCsv(file).verdicts) {
          if (verdict.kind !== 'invalid' || verdict.partOf !== undefined) continue;
          expect(verdict.problems.length).toBeGreaterThan(0);
          expect(verdict.problems.every((problem) => problem.line === verdict.line)).toBe(true);
          expect(verdict.problems.every(({ column = 0 }) => column >= 1 && column <= 8)).toBe(true);
        }
      }),
      { seed: 12, numRuns: 2_000 },
    );
  });

  it('is cut the same way however it is chunked', () => {
    fc.assert(
      fc.property(bytes, fc.integer({ min: 1, max: 9 }), (file, chunkBytes) => {
        expect(checkedCsv(file, { chunkBytes }).verdicts).toEqual(checkedCsv(file).verdicts);
      }),
      { seed: 13, numRuns: 1_000 },
    );
  });

  it('imports a good line, which read again is the same line', () => {
    fc.assert(
      fc.property(goodLine, (line) => {
        const [imported, ...others] = importedOf(line);
        expect(others).toEqual([]);
        expect(imported).toBeDefined();
        expect(importedOf(imported ?? '')).toEqual([imported]);
      }),
      { seed: 14, numRuns: 2_000 },
    );
  });
});
