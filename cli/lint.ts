/** `lint`: checks CSV files offline with the code of the import, one after the other, with memory for one chunk. */
import { getSystemErrorMap } from 'node:util';
import { createFileChecker, type FileTotals } from '../shared/core/csv/fileChecker';
import type { LineVerdict } from '../shared/core/csv/lineVerdict';
import type { Problem } from '../shared/core/problem';
import { UnreadableFileError } from '../shared/steps/readLines';
import { csvChunks, knownBytes } from './csvSource';
import { createJsonReport } from './jsonReport';
import { LINT_HELP, type LintOptions, readLintOptions } from './lintOptions';
import type { LintReport } from './lintReport';
import { EXIT, print, type Terminal } from './terminal';
import { createTextReport } from './textReport';

/** Gives the worst exit status of all files; a file that cannot be read does not keep the others from being checked. */
export async function lint(args: string[], terminal: Terminal): Promise<number> {
  const options = readLintOptions(args);
  if (options.isHelp) {
    await print(terminal.stdout, LINT_HELP);
    return EXIT.clean;
  }
  const isColoured = terminal.stdout.isTTY === true && !options.isPlain && !terminal.env.NO_COLOR;
  const report = options.isJson ? createJsonReport() : createTextReport(options.maxProblems, isColoured);
  let status: number = EXIT.clean;
  for (const file of options.files) status = Math.max(status, await lintFile(file, options, report, terminal));
  return status;
}

async function lintFile(file: string, options: LintOptions, report: LintReport, terminal: Terminal): Promise<number> {
  try {
    return await checkFile(file, options, report, terminal);
  } catch (error) {
    const message = systemMessage(error);
    if (message === null) throw error;
    await print(terminal.stdout, report.unreadable(file, message));
    await print(terminal.stderr, `product-search-cleanup: cannot read ${file}: ${message}\n`);
    return EXIT.trouble;
  }
}

async function checkFile(file: string, options: LintOptions, report: LintReport, terminal: Terminal): Promise<number> {
  const checker = createFileChecker({ ...options, onlyFindings: true, expectedBytes: await knownBytes(file) });
  const counts = { errors: 0, warnings: 0 };
  const name = file === '-' ? '(standard input)' : file;

  async function tell(problems: Problem[]): Promise<void> {
    for (const problem of problems) counts[problem.severity === 'warning' ? 'warnings' : 'errors'] += 1;
    if (problems.length > 0) await print(terminal.stdout, report.problems(name, problems));
  }

  const refusal = await readAll(csvChunks(file, terminal.stdin, options.maxGzBytes), async (chunk) =>
    tell(problemsOf(checker.push(chunk))),
  );
  const { verdicts, totals, fileProblems, fileWarnings } = checker.end();
  await tell(problemsOf(verdicts));
  await tell(refusal === null ? [...fileProblems, ...fileWarnings] : [refusal]);
  await print(terminal.stdout, report.end({ file: name, ok: counts.errors === 0, ...sums(totals), ...counts }));
  return counts.errors === 0 ? EXIT.clean : EXIT.findings;
}

/** Reads to the end, or to where the file turns out to be none that can be imported: then that is the answer. */
async function readAll(
  chunks: AsyncIterable<Uint8Array>,
  take: (chunk: Uint8Array) => Promise<void>,
): Promise<Problem | null> {
  try {
    for await (const chunk of chunks) await take(chunk);
    return null;
  } catch (error) {
    if (!(error instanceof UnreadableFileError)) throw error;
    return { code: error.code, message: error.message };
  }
}

function problemsOf(verdicts: readonly LineVerdict[]): Problem[] {
  return verdicts.flatMap((verdict) =>
    verdict.kind === 'invalid' ? [...verdict.problems, ...verdict.warnings] : verdict.warnings,
  );
}

function sums({ lines, valid, invalid, ignored, productCount, productSetCount, imageCount }: FileTotals) {
  return { lines, valid, invalid, ignored, products: productCount, productSets: productSetCount, images: imageCount };
}

/** What the operating system says, in its own words; null where it was not the system that failed. */
function systemMessage(error: unknown): string | null {
  if (!(error instanceof Error) || !('errno' in error) || typeof error.errno !== 'number') return null;
  return getSystemErrorMap().get(error.errno)?.[1] ?? error.message;
}
