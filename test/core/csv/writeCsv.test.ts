import { csvRow, defuse } from '../../../shared/core/csv/writeCsv';

describe('csvRow', () => {
  it('quotes only what has to be quoted', () => {
    expect(csvRow(['plain', 7, 'a,b', 'say "hi"', 'two\nlines', ' blank ', ''])).toBe(
      'plain,7,"a,b","say ""hi""","two\nlines", blank ,',
    );
  });
});

describe('defuse', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1'])('puts an apostrophe before %j', (field) => {
    expect(defuse(field)).toBe(`'${field}`);
  });

  it.each(['', 'a=b', 'gs://b/x', "'=1"])('leaves %j as it is', (field) => {
    expect(defuse(field)).toBe(field);
  });
});
