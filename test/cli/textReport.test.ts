import { createTextReport } from '../../cli/textReport';

const SUMS = { lines: 1_234, valid: 1_233, invalid: 1, ignored: 0, products: 1, productSets: 1, images: 1_233 };
const problem = { code: 'labels', message: 'wrong', line: 7, column: 7 };
const red = '\u001b[31m';

function reportOf(isColoured: boolean): string {
  const report = createTextReport(10, isColoured);
  report.problems('a.csv', [problem]);
  return report.end({ file: 'a.csv', ok: false, errors: 1, warnings: 0, ...SUMS });
}

describe('createTextReport', () => {
  it('has colours only where they are wanted', () => {
    expect(reportOf(true)).toContain(`${red}error`);
    expect(reportOf(false)).toBe(
      [
        'a.csv:7:7: error labels: wrong',
        'a.csv: not ok: 1,234 lines, 1,233 valid, 1 invalid; 1 error, 0 warnings; 1 product in 1 product set, 1,233 images',
        '',
      ].join('\n'),
    );
  });

  it('begins anew with each file', () => {
    const report = createTextReport(1, false);
    report.problems('a.csv', [problem, problem]);
    report.end({ file: 'a.csv', ok: false, errors: 2, warnings: 0, ...SUMS });

    expect(report.end({ file: 'b.csv', ok: true, errors: 0, warnings: 0, ...SUMS })).toMatch(/^b\.csv: ok: /);
  });
});
