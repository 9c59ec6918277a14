import { createFileChecker } from '../../../shared/core/csv/lineChecker';
import { createLineSplitter } from '../../../shared/core/csv/physicalLines';

/** Everything that is said of a file, as the functions read it: cut into physical lines, then checked. */
export function checkedCsv(file: string | Uint8Array, options: { assignImageIds?: boolean; chunkBytes?: number } = {}) {
  const bytes = typeof file === 'string' ? Buffer.from(file) : file;
  const splitter = createLineSplitter();
  const checker = createFileChecker(options);
  const { chunkBytes = Math.max(bytes.length, 1) } = options;
  const lines = [];
  for (let at = 0; at < bytes.length; at += chunkBytes)
    lines.push(...splitter.push(bytes.subarray(at, at + chunkBytes)));
  lines.push(...splitter.end());
  const verdicts = lines.flatMap((line) => checker.line(line));
  const { verdicts: last, totals, fileProblems } = checker.end();
  return { lines, verdicts: [...verdicts, ...last], totals, fileProblems };
}

/** `line:column code` of each error, in order. */
export function errorsOf(file: string | Uint8Array, options: { assignImageIds?: boolean } = {}): string[] {
  return checkedCsv(file, options).verdicts.flatMap((verdict) =>
    verdict.kind === 'invalid' ? verdict.problems.map(({ line, column, code }) => `${line}:${column} ${code}`) : [],
  );
}

/** `line code` of each warning, in order. */
export function warningsOf(file: string | Uint8Array, options: { assignImageIds?: boolean } = {}): string[] {
  return checkedCsv(file, options).verdicts.flatMap((verdict) =>
    verdict.warnings.map(({ line, code, severity }) => `${line} ${code}${severity === 'warning' ? '' : '!'}`),
  );
}

/** The lines as they would be imported. */
export function importedOf(file: string | Uint8Array, options: { assignImageIds?: boolean } = {}): string[] {
  return checkedCsv(file, options).verdicts.flatMap((verdict) =>
    verdict.kind === 'valid' ? [verdict.normalised] : [],
  );
}
