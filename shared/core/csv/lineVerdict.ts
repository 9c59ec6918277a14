/** What is said of one physical line. */
import type { Problem } from '../problem';
import type { Fields } from './fields';
import type { ReadLine } from './readLine';
import { csvRow } from './writeCsv';

/** `line` is the number of the physical line; problems and warnings carry it, too. */
export type LineVerdict =
  | {
      kind: 'valid';
      line: number;
      /** What is imported, without a line end. */
      normalised: string;
      productSetId: string;
      productId: string;
      /** Empty where none was given and none is assigned. */
      imageId: string;
      warnings: Problem[];
    }
  | {
      kind: 'invalid';
      line: number;
      /** In the order of columns. Empty only where `partOf` is given. */
      problems: Problem[];
      warnings: Problem[];
      /** The line before, whose field with a line end in it goes on here; that line has the problem. */
      partOf?: number;
    }
  | { kind: 'ignored'; line: number; warnings: Problem[] };

/** The verdict on a line that is in order and normalised as it stands. */
export function plainLine(line: number, fields: Fields): LineVerdict {
  const [, imageId, productSetId, productId] = fields;
  return { kind: 'valid', line, normalised: csvRow(fields), productSetId, productId, imageId, warnings: [] };
}

/** The verdict on a line with these problems. */
export function invalidLine(read: ReadLine, problems: readonly Problem[]): LineVerdict {
  const sorted = [...problems].sort((one, other) => (one.column ?? 0) - (other.column ?? 0));
  const numbered = sorted.map((problem) => ({ ...problem, line: read.number }));
  return { kind: 'invalid', line: read.number, problems: numbered, warnings: read.warnings };
}
