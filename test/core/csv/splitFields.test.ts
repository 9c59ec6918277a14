import fc from 'fast-check';
import { type SplitLine, splitFields } from '../../../shared/core/csv/splitFields';
import { csvRow } from '../../../shared/core/csv/writeCsv';

/** RFC 4180, section 2, read character by character: what `splitFields` must agree with. */
function readSlowly(line: string): { kind: SplitLine['kind']; fields: string[] } {
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    let field = '';
    if (line[at] === '"') {
      for (at += 1; line[at] !== '"' || line[at + 1] === '"'; at++) {
        if (at >= line.length) return { kind: 'open', fields };
        field += line[at];
        if (line[at] === '"') at++;
      }
      at++;
    } else {
      while (at < line.length && line[at] !== ',' && line[at] !== '"') field += line[at++];
    }
    fields.push(field);
    if (at === line.length) return { kind: 'fields', fields };
    if (line[at] !== ',') return { kind: 'malformed', fields };
    at++;
  }
}

describe('splitFields', () => {
  it.each([
    ['', ['']],
    ['a,b,', ['a', 'b', '']],
    ['"a,b",c', ['a,b', 'c']],
    ['"say ""hi""",', ['say "hi"', '']],
    ['"",""', ['', '']],
    ['"two\nlines",b', ['two\nlines', 'b']],
    ['\uFEFF"a', undefined],
  ])('reads %j', (line, fields) => {
    const split = splitFields(line);

    expect(split).toMatchObject(fields ? { kind: 'fields', fields } : { kind: 'malformed', column: 1 });
  });

  it.each([
    ['a,"b', 'open', 2],
    ['"', 'open', 1],
    ['a,b,"c"",d', 'open', 3],
    ['a,b"c,d', 'malformed', 2],
    ['a,"b"c,d', 'malformed', 2],
    ['a,"b" ,d', 'malformed', 2],
    ['a, "b",d', 'malformed', 2],
    ['x"y,"open', 'malformed', 1],
    ['"a"b"', 'malformed', 1],
  ])('tells of %j: %s in column %s', (line, kind, column) => {
    expect(splitFields(line)).toMatchObject({ kind, column });
  });

  it('agrees with a slow reading of RFC 4180 on any line', () => {
    const line = fc.string({ unit: fc.constantFrom('"', ',', 'a', ' ', '\r', 'é'), maxLength: 14 });

    fc.assert(
      fc.property(line, (text) => {
        const { kind, fields } = readSlowly(text);
        const split = splitFields(text);
        expect(split.kind).toBe(kind);
        if (split.kind === 'fields') expect(split.fields).toEqual(fields);
        else expect(split.column).toBe(kind === 'open' ? fields.length + 1 : fields.length);
      }),
      { seed: 7, numRuns: 5_000 },
    );
  });

  it('reads what csvRow writes', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\n', '')),
          { minLength: 1 },
        ),
        (fields) => {
          expect(splitFields(csvRow(fields))).toEqual({ kind: 'fields', fields });
        },
      ),
      { seed: 7, numRuns: 1_000 },
    );
  });
});
