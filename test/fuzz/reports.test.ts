import fc from 'fast-check';
import Papa from 'papaparse';
import { csvRow, defuse } from '../../shared/core/csv/writeCsv';
import { eventMessage, journalName, PROBLEMS_IN_EVENT, problemsForEvent, rejectedEvent } from '../../shared/core/event';
import { importOutcome, type PartOutcome, reportPart } from '../../shared/core/importReport';
import { type Problem, shownValue } from '../../shared/core/problem';
import { hostileText } from './arbitraries';
import { corpus } from './corpus';
import { LIMIT_MS, runs } from './runs';

jest.setTimeout(LIMIT_MS);

const status = fc.record({
  code: fc.oneof(fc.constantFrom(0, 0, 6, 3, 14), fc.integer(), fc.constantFrom(Number.NaN, 2 ** 40)),
  message: hostileText,
});
const outcome: fc.Arbitrary<PartOutcome | null> = fc.option(
  fc.record(
    {
      statuses: fc.array(status, { maxLength: 12 }),
      error: fc.record({ code: fc.constantFrom('operation-lost', 'outcome-unknown'), message: hostileText }),
      repeated: fc.boolean(),
    },
    { requiredKeys: [] },
  ),
);
const numbers = fc
  .uniqueArray(fc.integer({ min: 1, max: 10 ** 9 }), { maxLength: 9 })
  .map((all) => all.sort((a, b) => a - b));

describe('the report of an import', () => {
  it('accounts for every line once, whatever the service says of it', () => {
    fc.assert(
      fc.property(numbers, outcome, fc.nat(9), (lines, given, moved) => {
        const elsewhere = new Set(lines.slice(0, moved));
        const { imported, alreadyPresent, failed } = reportPart(lines, given, elsewhere);
        const said = lines.map((_, index) => given?.statuses?.[index]?.code);
        const isDone = (index: number) => said[index] === 0 || said[index] === 6;

        expect(imported + alreadyPresent + failed.length + elsewhere.size).toBe(lines.length);
        expect(failed.map(({ line }) => line)).toEqual(
          lines.filter((line, index) => !elsewhere.has(line) && !isDone(index)),
        );
        for (const { line, problem } of failed) {
          expect(problem.line).toBe(line);
          expect(problem.code).toMatch(/^[a-z]+(?:-[a-z]+)*$/);
        }
      }),
      runs(1_500),
    );
  });

  it('is called a success only if every line is in the catalogue', () => {
    const counts = fc.record({ imported: fc.nat(2), alreadyPresent: fc.nat(2), failed: fc.nat(2), skipped: fc.nat(2) });
    fc.assert(
      fc.property(counts, (all) => {
        const [there, missing] = [all.imported + all.alreadyPresent, all.failed + all.skipped];
        expect(importOutcome(all)).toBe(there === 0 ? 'failed' : missing > 0 ? 'partial' : 'succeeded');
      }),
      runs(100),
    );
  });

  it('is a CSV in which every field is itself again, and none is a formula', () => {
    fc.assert(
      fc.property(fc.array(hostileText, { minLength: 2, maxLength: 5 }), (fields) => {
        const defused = fields.map(defuse);
        // After a head, as in the reports: a reader takes a byte order mark away that begins a file.
        const text = `${csvRow(['file', 'line'])}\n${csvRow(defused)}\n`;
        const [, row, ...others] = Papa.parse<string[]>(text, { delimiter: ',', newline: '\n' }).data;

        expect(row).toEqual(defused);
        expect(others.filter((other) => other.join('') !== '')).toEqual([]);
        for (const [index, field] of defused.entries()) {
          expect(field).not.toMatch(/^[=+\-@\t\r]/);
          expect(field.endsWith(fields[index] ?? '')).toBe(true);
        }
      }),
      runs(800),
    );
  });

  it('shows a value in one short visible line that says what it was', () => {
    fc.assert(
      fc.property(hostileText, (value) => {
        const shown = shownValue(value);
        expect(shown.length).toBeLessThanOrEqual(60 * 12 + 3);
        expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
        const isWhole = !shown.endsWith('…"');
        const meant = JSON.parse(isWhole ? shown : `${shown.slice(0, -2)}"`) as string;
        expect(isWhole ? meant === value : value.startsWith(meant)).toBe(true);
      }),
      runs(1_500),
    );
  });
});

describe('an event', () => {
  const problem: fc.Arbitrary<Problem> = fc.record(
    { code: fc.constant('labels'), message: hostileText, line: fc.nat(), severity: fc.constant('warning' as const) },
    { requiredKeys: ['code', 'message'] },
  );

  it('holds at most 20 problems, errors first, the whole request before its lines, and else in their order', () => {
    fc.assert(
      fc.property(fc.array(problem, { maxLength: 50 }), (problems) => {
        const shown = problemsForEvent(problems);
        const some = (severity: 'warning' | undefined, hasLine: boolean) =>
          problems.filter((one) => one.severity === severity && (one.line !== undefined) === hasLine);
        const errors = [...some(undefined, false), ...some(undefined, true)];
        const warnings = [...some('warning', false), ...some('warning', true)];

        expect(PROBLEMS_IN_EVENT).toBe(20);
        expect(shown).toEqual(errors.concat(warnings).slice(0, 20));
      }),
      runs(300),
    );
  });

  it('about any message has a name and attributes that Pub/Sub and Cloud Storage accept, the same every time', () => {
    const messageId = hostileText.filter((text) => text.length >= 1 && text.length <= 256);
    fc.assert(
      fc.property(messageId, fc.array(problem, { minLength: 1, maxLength: 100 }), (id, problems) => {
        const of = () =>
          rejectedEvent({
            messageId: id,
            publishTime: '2026-11-22T10:00:00Z',
            projectId: 'p',
            location: 'us-west1',
            problems,
          });
        const { attributes, data } = eventMessage(of());

        expect(of()).toEqual(of());
        expect(journalName(of(), '2026-11-22T10:00:00Z')).toMatch(
          /^events\/2026-11-22\/[A-Za-z0-9_-]+\.rejected\.json$/,
        );
        for (const value of Object.values(attributes)) expect(Buffer.byteLength(value)).toBeLessThanOrEqual(1_024);
        expect(JSON.parse(data.toString())).toMatchObject({ messageId: id });
        expect(data.length).toBeLessThan(10_000_000);
      }),
      runs(300),
    );
  });
});

interface Part {
  lines: number[];
  outcome: PartOutcome | null;
}

describe('the corpus of reports', () => {
  it.each(corpus<Part, { imported: number; alreadyPresent: number; failed: string[] }>('reports'))(
    '%s: %s',
    (_name, _why, { input, expected }) => {
      const { failed, ...counts } = reportPart(input.lines, input.outcome);

      expect({ ...counts, failed: failed.map(({ line, problem }) => `${line} ${problem.code}`) }).toEqual(expected);
    },
  );
});
