/** Cuts one line into fields as RFC 4180 has it, strictly. Pure. */
import Papa, { type ParseResult } from 'papaparse';

export type SplitLine =
  | { kind: 'fields'; fields: string[] }
  /** A quoted field is not closed by the end of the line; `column` from 1. */
  | { kind: 'open'; column: number }
  /** A quote where none may be; `column` from 1. */
  | { kind: 'malformed'; column: number; fault: string };

/**
 * The fields of a line. A line without a quote is cut at its commas; one with a quote is read by Papa Parse, which
 * forgives much: `a"b` and `"a" ,` pass there. So the fields it gives are written down again and must be the line.
 */
export function splitFields(line: string): SplitLine {
  if (!line.includes('"')) return { kind: 'fields', fields: line.split(',') };
  // The parser itself, not Papa.parse(): that drops a byte order mark and guesses.
  const parser = new Papa.Parser({ delimiter: ',', newline: '\n', quoteChar: '"' });
  const result: ParseResult<string[]> = parser.parse(line, 0, false);
  const [fields = []] = result.data;
  const codes = new Set(result.errors.map((error) => error.code));
  if (result.data.length > 1)
    return { kind: 'malformed', column: fields.length, fault: 'a line end stands outside quotes' };
  const read = readBack(line, fields);
  if (read === fields.length) return { kind: 'fields', fields };
  const isLast = read === fields.length - 1;
  if (isLast && codes.has('MissingQuotes') && !codes.has('InvalidQuotes')) return { kind: 'open', column: read + 1 };
  return { kind: 'malformed', column: read + 1, fault: quoteFault(line, fields, read) };
}

/** How many of the fields, from the first on, stand in the line as RFC 4180 would write them. */
function readBack(line: string, fields: readonly string[]): number {
  let at = 0;
  for (const [index, field] of fields.entries()) {
    const written = [field.includes('"') ? null : field, `"${field.replaceAll('"', '""')}"`];
    const found = written.find(
      (form) => form !== null && line.startsWith(form, at) && endsField(line, at + form.length),
    );
    if (found === undefined || found === null) return index;
    at += found.length + 1;
  }
  return at === line.length + 1 ? fields.length : fields.length - 1;
}

function endsField(line: string, at: number): boolean {
  return at === line.length || line[at] === ',';
}

function quoteFault(line: string, fields: readonly string[], index: number): string {
  const start = fields.slice(0, index).reduce((at, field) => at + written(line, at, field) + 1, 0);
  if (line[start] === '"')
    return 'text follows the closing quote; only a comma may, and a quote inside a field is doubled ("")';
  return 'a quote stands inside a field that does not begin with one; put the whole field in quotes and double it ("")';
}

function written(line: string, at: number, field: string): number {
  return line[at] === '"' ? field.replaceAll('"', '""').length + 2 : field.length;
}
