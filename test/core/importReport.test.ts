import fc from 'fast-check';
import { importOutcome, type PartOutcome, reportPart } from '../../shared/core/importReport';

const OK = { code: 0, message: '' };
const EXISTS = { code: 6, message: 'exists' };

describe('the report of a part', () => {
  it('gives each line what its status says, with the number that the line had in the dropped file', () => {
    const statuses = [OK, { code: 3, message: 'bad polygon' }, EXISTS, { code: 5, message: 'no image' }];

    expect(reportPart([2, 5, 6, 9], { statuses })).toEqual({
      imported: 1,
      alreadyPresent: 1,
      failed: [
        { line: 5, problem: { code: 'invalid-argument', line: 5, message: 'bad polygon' } },
        { line: 9, problem: { code: 'not-found', line: 9, message: 'no image' } },
      ],
    });
  });

  it('counts an image that exists as its own where the part was started twice', () => {
    expect(reportPart([1, 2], { statuses: [EXISTS, OK], repeated: true })).toMatchObject({
      imported: 2,
      alreadyPresent: 0,
    });
  });

  it.each<[string, PartOutcome | null, string]>([
    ['was never started', null, 'not-started'],
    ['failed as a whole', { error: { code: 'operation-failed', message: 'all' } }, 'operation-failed'],
    ['ended without a word', {}, 'outcome-unknown'],
    ['ended with no statuses', { statuses: [] }, 'outcome-unknown'],
  ])('that %s fails all its lines', (_case, outcome, code) => {
    const { failed } = reportPart([1, 2], outcome);

    expect(failed.map(({ line, problem }) => [line, problem.code])).toEqual([
      [1, code],
      [2, code],
    ]);
  });

  it('adds up for any statuses, shorter or longer than the lines, repeated or not', () => {
    const status = fc.record({
      code: fc.oneof(fc.constantFrom(0, 6), fc.integer({ min: -2, max: 40 })),
      message: fc.string(),
    });
    const outcome = fc.option(
      fc.record(
        {
          statuses: fc.array(status, { maxLength: 12 }),
          error: fc.constant({ code: 'operation-failed', message: 'all' }),
          repeated: fc.boolean(),
        },
        { requiredKeys: [] },
      ),
    );
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 99 }), { maxLength: 10 }), outcome, (numbers, given) => {
        const lines = [...numbers].sort((a, b) => a - b);
        const { imported, alreadyPresent, failed } = reportPart(lines, given);
        const good = lines.filter((_, index) => [0, 6].includes(given?.statuses?.[index]?.code ?? -1));

        expect(imported + alreadyPresent + failed.length).toBe(lines.length);
        expect(imported + alreadyPresent).toBe(good.length);
        expect(failed.map(({ line }) => line)).toEqual(lines.filter((line) => !good.includes(line)));
        expect(failed.every(({ line, problem }) => problem.line === line && problem.code !== '')).toBe(true);
        if (given?.repeated === true) expect(alreadyPresent).toBe(0);
      }),
      { seed: 20261122, numRuns: 500 },
    );
  });
});

describe('the outcome of an import', () => {
  it.each([
    [{ imported: 3 }, 'succeeded'],
    [{ alreadyPresent: 3 }, 'succeeded'],
    [{ imported: 1, alreadyPresent: 1, failed: 1 }, 'partial'],
    [{ imported: 1, skipped: 1 }, 'partial'],
    [{ alreadyPresent: 1, failed: 1 }, 'partial'],
    [{ failed: 2 }, 'failed'],
    [{ failed: 1, skipped: 1 }, 'failed'],
    [{}, 'failed'],
  ])('of %j is %s', (counts, outcome) => {
    expect(importOutcome(counts)).toBe(outcome);
  });
});
