import { createFileChecker, type FileVerdict } from '../../../shared/core/csv/fileChecker';
import { createImageChecker } from '../../../shared/core/csv/imageLine';
import { createImageRegister } from '../../../shared/core/csv/imageRegister';
import { createLineChecker } from '../../../shared/core/csv/lineChecker';
import type { LineVerdict } from '../../../shared/core/csv/lineVerdict';
import { createLineSplitter, type PhysicalLine } from '../../../shared/core/csv/physicalLines';

export interface CheckedCsv extends FileVerdict {
  lines: PhysicalLine[];
}

interface Options {
  assignImageIds?: boolean;
  maxSetsPerProduct?: number;
  maxImagesPerSet?: number;
  chunkBytes?: number;
}

function* chunksOf(file: string | Uint8Array, chunkBytes?: number): Generator<Uint8Array> {
  const bytes = typeof file === 'string' ? Buffer.from(file) : file;
  const size = chunkBytes ?? Math.max(bytes.length, 1);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** Everything that is said of a file, as the functions read it, and the physical lines that it has. */
export function checkedCsv(file: string | Uint8Array, options: Options = {}): CheckedCsv {
  const splitter = createLineSplitter();
  const checker = createFileChecker(options);
  const lines: PhysicalLine[] = [];
  const verdicts: LineVerdict[] = [];
  for (const chunk of chunksOf(file, options.chunkBytes)) {
    lines.push(...splitter.push(chunk));
    verdicts.push(...checker.push(chunk));
  }
  lines.push(...splitter.end());
  const end = checker.end();
  return { ...end, lines, verdicts: [...verdicts, ...end.verdicts] };
}

/** The verdicts of the general way alone, which looks at every line as if it were an unusual one. */
export function checkedSlowly(file: string | Uint8Array, options: Options = {}) {
  const splitter = createLineSplitter();
  const register = createImageRegister(options);
  const checker = createLineChecker(createImageChecker(register, options.assignImageIds ?? true));
  const verdicts: LineVerdict[] = [];
  for (const chunk of chunksOf(file)) for (const line of splitter.push(chunk)) verdicts.push(...checker.line(line));
  for (const line of splitter.end()) verdicts.push(...checker.line(line));
  return { verdicts: [...verdicts, ...checker.end()], totals: register.totals() };
}

/** `line:column code` of each error, in order. */
export function errorsOf(file: string | Uint8Array, options: Options = {}): string[] {
  return checkedCsv(file, options).verdicts.flatMap((verdict) =>
    verdict.kind === 'invalid' ? verdict.problems.map(({ line, column, code }) => `${line}:${column} ${code}`) : [],
  );
}

/** `line code` of each warning, in order. */
export function warningsOf(file: string | Uint8Array, options: Options = {}): string[] {
  return checkedCsv(file, options).verdicts.flatMap((verdict) =>
    verdict.warnings.map(({ line, code, severity }) => `${line} ${code}${severity === 'warning' ? '' : '!'}`),
  );
}

/** The lines as they would be imported. */
export function importedOf(file: string | Uint8Array, options: Options = {}): string[] {
  return checkedCsv(file, options).verdicts.flatMap((verdict) =>
    verdict.kind === 'valid' ? [verdict.normalised] : [],
  );
}
