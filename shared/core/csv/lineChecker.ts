/** Checks any line, however unusual: every physical line gets exactly one verdict. Pure, and never throws. */
import type { Problem } from '../problem';
import type { ImageChecker } from './imageLine';
import { invalidLine, type LineVerdict } from './lineVerdict';
import type { PhysicalLine } from './physicalLines';
import { isBlank, type ReadLine, readLine, startOf } from './readLine';
import { type SplitLine, splitFields } from './splitFields';

export interface LineChecker {
  /** Takes the next line; gives the verdicts that are ready, which can be that of the line before and this one's. */
  line(line: PhysicalLine): LineVerdict[];
  /** Whether the next line can be judged by itself: it is not the first, nothing before it is open, the file is no UTF-16. */
  isSettled(): boolean;
  end(): LineVerdict[];
}

const HEADER = 'image-uri';
const COLUMN_COUNT = 8;

/**
 * One checker a file. Lines come in order, as `createLineSplitter` cuts them. A line about which somebody else
 * has a verdict may be left out where `isSettled` says so.
 */
export function createLineChecker(checkImage: ImageChecker): LineChecker {
  let isBegun = false;
  let isUtf16 = false;
  /** A line whose last field is open: what it is depends on the line that follows. */
  let open: { read: ReadLine; column: number } | null = null;

  function check(read: ReadLine): LineVerdict[] {
    if (isBlank(read)) return [ignored(read, 'blank-line-skipped', 'the line is blank')];
    if (read.unreadable) return [invalidLine(read, read.problems)];
    const split = splitFields(read.text);
    if (split.kind === 'open') {
      open = { read, column: split.column };
      return [];
    }
    if (split.kind === 'malformed')
      return [invalidLine(read, [...read.problems, malformed(split.column, split.fault)])];
    if (read.number === 1 && split.fields[0] === HEADER) {
      return [ignored(read, 'header-skipped', 'the line names the columns and is no image')];
    }
    return [checkImage(read, split.fields)];
  }

  function resolve(first: { read: ReadLine; column: number }, next: ReadLine): LineVerdict[] {
    if (!closesInto8(first.read, next)) return [unclosed(first), ...check(next)];
    const message = `the field has a line end in it; put the image on one line (line ${next.number} belongs to it and is left out, too)`;
    const problem = { code: 'newline-in-field', column: Math.min(first.column, COLUMN_COUNT), message };
    const second: LineVerdict = {
      kind: 'invalid',
      line: next.number,
      problems: [],
      warnings: [],
      partOf: first.read.number,
    };
    return [invalidLine(first.read, [...first.read.problems, problem]), second];
  }

  return {
    line(line) {
      isBegun = true;
      if (line.number === 1) isUtf16 = startOf(line.bytes) === 'utf-16';
      const read = readLine(line, isUtf16);
      const first = open;
      open = null;
      return first === null ? check(read) : resolve(first, read);
    },
    isSettled: () => isBegun && open === null && !isUtf16,
    end() {
      const verdicts = open === null ? [] : [unclosed(open)];
      open = null;
      return verdicts;
    },
  };
}

function closesInto8(first: ReadLine, next: ReadLine): boolean {
  if (next.unreadable || !next.text.includes('"')) return false;
  const split: SplitLine = splitFields(`${first.text}\n${next.text}`);
  return split.kind === 'fields' && split.fields.length === COLUMN_COUNT;
}

function unclosed(open: { read: ReadLine; column: number }): LineVerdict {
  const problem = malformed(open.column, 'the quote that begins the field is never closed');
  return invalidLine(open.read, [...open.read.problems, problem]);
}

function malformed(column: number, fault: string): Problem {
  return { code: 'malformed-quotes', column: Math.min(column, COLUMN_COUNT), message: fault };
}

function ignored(read: ReadLine, code: string, message: string): LineVerdict {
  const warning: Problem = { code, line: read.number, message, severity: 'warning' };
  return { kind: 'ignored', line: read.number, warnings: [...read.warnings, warning] };
}
