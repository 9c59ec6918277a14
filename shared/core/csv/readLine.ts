/** Turns a physical line into text, with the problems that it has as a whole. Pure. */
import { type Problem, shownValue } from '../problem';
import { decodeLine } from './decodeLine';
import type { PhysicalLine } from './physicalLines';

export interface ReadLine {
  number: number;
  /** The line without its end and without a byte order mark. */
  text: string;
  /** Bad encoding and excess length, without line numbers. */
  problems: Problem[];
  warnings: Problem[];
  /** Its fields are not looked at: it is not whole, or not text. */
  unreadable: boolean;
}

/** Google's limit (csv-format page); counted in UTF-16 units, which are never fewer than characters. */
export const LINE_CHARACTERS = 2_048;

const LAST_COLUMN = 8;
/** Control characters, and the two line ends of Unicode: a reader that takes one for a line end would count lines otherwise. */
const UNPRINTABLE = /[\p{Cc}\u2028\u2029]/u;
const REPLACEMENT = '\uFFFD';
const UNPRINTABLE_OR_REPLACED = /[\p{Cc}\u2028\u2029\uFFFD]/u;

/** What the first bytes of a file say of its encoding. */
export function startOf(bytes: Uint8Array): 'utf-8-bom' | 'utf-16' | 'plain' {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8-bom';
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  return isUtf16 ? 'utf-16' : 'plain';
}

/** What there is to say of a common line as a whole: nothing. Its text is not needed, because it is cut already. */
export function commonText(number: number): ReadLine {
  return { number, text: '', problems: [], warnings: [], unreadable: false };
}

export function readLine(line: PhysicalLine, isUtf16: boolean): ReadLine {
  const read: ReadLine = { number: line.number, text: '', problems: [], warnings: [], unreadable: false };
  if (isUtf16) {
    // What is left of a line end in UTF-16 after the LF byte.
    if (line.length <= 1) return read;
    const message = 'the file is UTF-16; save it as UTF-8 (in Excel: "CSV UTF-8")';
    return { ...read, problems: [{ code: 'encoding', column: 1, message }], unreadable: true };
  }
  const hasMark = line.number === 1 && startOf(line.bytes) === 'utf-8-bom';
  if (hasMark) read.warnings.push(markWarning());
  const { text, fault } = decodeLine(withoutEnd(line, hasMark));
  read.text = text;
  if (line.tooLong || text.length > LINE_CHARACTERS) {
    const size = line.tooLong ? `${line.length} bytes` : `${text.length} characters`;
    read.problems.push(lengthProblem(text, `the line has ${size}`));
  }
  if (line.tooLong) return { ...read, unreadable: true };
  read.problems.push(...encodingProblems(text, fault));
  return read;
}

export function isBlank(read: ReadLine): boolean {
  return !read.unreadable && read.text.trim() === '';
}

/** `line-length`, at the column in which the line outgrows its limit. */
export function lengthProblem(text: string, what: string): Problem {
  const message = `${what}; at most ${LINE_CHARACTERS} characters are allowed`;
  return { code: 'line-length', column: columnAt(text, LINE_CHARACTERS), message };
}

/** A file that was cut off can end within a line end; its CR is not part of the last field. */
function withoutEnd(line: PhysicalLine, hasMark: boolean): Uint8Array {
  const isCutOff = line.terminator === 'none' && line.bytes.at(-1) === 0x0d;
  return line.bytes.subarray(hasMark ? 3 : 0, isCutOff ? -1 : undefined);
}

function markWarning(): Problem {
  const message = 'the file begins with a byte order mark, which was left out';
  return { code: 'bom-removed', line: 1, message, severity: 'warning' };
}

/** One problem for each column that holds bytes which are no UTF-8 or a character that may not be in a line. */
function encodingProblems(text: string, fault: string | undefined): Problem[] {
  const wrong = fault === undefined ? UNPRINTABLE : UNPRINTABLE_OR_REPLACED;
  if (!wrong.test(text)) return [];
  const columns = new Map<number, string>();
  for (const { character, column } of placed(text)) {
    if (!columns.has(column) && wrong.test(character)) columns.set(column, character);
  }
  const first = [...columns].find(([, character]) => character === REPLACEMENT)?.[0];
  return [...columns].map(([column, character]) => {
    if (character !== REPLACEMENT) return { code: 'encoding', column, message: characterFault(character) };
    const again = 'here, too, bytes are no valid UTF-8; save the file as UTF-8';
    return { code: 'encoding', column, message: column === first ? (fault ?? again) : again };
  });
}

function characterFault(character: string): string {
  if (character === '\0') return 'a NUL character, as in UTF-16; save the file as UTF-8';
  if (character === '\r') return 'a CR that is no part of the line end; end lines with LF or CR LF';
  if (character === '\t') return 'a tab; commas separate columns, and no field holds one';
  return `the control character ${shownValue(character)}; leave it out`;
}

/** The column, 1 to 8, in which the UTF-16 unit at `index` stands. */
function columnAt(text: string, index: number): number {
  let last = 1;
  for (const { column } of placed(text.slice(0, index + 1))) last = column;
  return last;
}

/** Each character with its column, 1 to 8; a comma in quotes separates none. */
function* placed(text: string): Generator<{ character: string; column: number }> {
  let isQuoted = false;
  let column = 1;
  for (const character of text) {
    yield { character, column: Math.min(column, LAST_COLUMN) };
    if (character === '"') isQuoted = !isQuoted;
    else if (character === ',' && !isQuoted) column += 1;
  }
}
