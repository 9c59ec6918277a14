/** Which image files a line of a dropped file may name, whether the line is good or not. Pure. */
import { decodeLine } from './decodeLine';
import type { PhysicalLine } from './physicalLines';
import { splitFields } from './splitFields';

const [COMMA, QUOTE] = [0x2c, 0x22];

/**
 * What stands in the first column, as it is and without blanks and quotes around it: a line that the check refuses may be
 * mended and dropped again, and what it names must still be there then.
 */
export function namedUris({ bytes, number }: PhysicalLine): string[] {
  const hasMark = number === 1 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const line = hasMark ? bytes.subarray(3) : bytes;
  const comma = line.indexOf(COMMA);
  const first = comma < 0 ? line : line.subarray(0, comma);
  const plain = decodeLine(first).text;
  const uris = new Set([plain, plain.trim()]);
  if (first.includes(QUOTE)) {
    uris.add(plain.trim().replaceAll('"', ''));
    const split = splitFields(decodeLine(line).text.trim());
    const field = split.kind === 'fields' ? split.fields[0] : undefined;
    if (field !== undefined) uris.add(field).add(field.trim());
  }
  return [...uris].filter((uri) => uri.startsWith('gs://'));
}
