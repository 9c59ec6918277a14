/** Checks a dropped file line by line: every physical line gets exactly one verdict. Pure, and never throws. */
import type { Problem } from '../problem';
import { checkImageLine } from './imageLine';
import { createImageRegister, type RegisterTotals } from './imageRegister';
import { invalidLine, type LineVerdict } from './lineVerdict';
import type { PhysicalLine } from './physicalLines';
import { isBlank, type ReadLine, readLine, startOf } from './readLine';
import { type SplitLine, splitFields } from './splitFields';

export interface CheckOptions {
  /** Whether a line without an image-id gets one of ours. Default true. */
  assignImageIds?: boolean;
}

export interface FileTotals extends RegisterTotals {
  /** valid + invalid; header and blank lines are not counted. A line that is `partOf` another counts as one of its own. */
  lines: number;
  valid: number;
  invalid: number;
  ignored: number;
}

export interface FileChecker {
  /** Takes the next line; gives the verdicts that are ready, which can be that of the line before and this one's. */
  line(line: PhysicalLine): LineVerdict[];
  end(): { verdicts: LineVerdict[]; totals: FileTotals; fileProblems: Problem[] };
}

const HEADER = 'image-uri';
const COLUMN_COUNT = 8;

/** One checker a file. Lines come in order, all of them, as `createLineSplitter` cuts them. */
export function createFileChecker({ assignImageIds = true }: CheckOptions = {}): FileChecker {
  const register = createImageRegister();
  const counts = { valid: 0, invalid: 0, ignored: 0 };
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
    return [checkImageLine(read, split.fields, register, assignImageIds)];
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

  function counted(verdicts: LineVerdict[]): LineVerdict[] {
    for (const verdict of verdicts) counts[verdict.kind] += 1;
    return verdicts;
  }

  return {
    line(line) {
      if (line.number === 1) isUtf16 = startOf(line.bytes) === 'utf-16';
      const read = readLine(line, isUtf16);
      const first = open;
      open = null;
      return counted(first === null ? check(read) : resolve(first, read));
    },
    end() {
      const verdicts = counted(open === null ? [] : [unclosed(open)]);
      open = null;
      const lines = counts.valid + counts.invalid;
      return { verdicts, totals: { ...register.totals(), ...counts, lines }, fileProblems: fileProblems(lines) };
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

function fileProblems(lines: number): Problem[] {
  if (lines > 0) return [];
  const message = 'the file holds no line with an image; a line has eight columns, image-uri to bounding-poly';
  return [{ code: 'empty-file', message }];
}
