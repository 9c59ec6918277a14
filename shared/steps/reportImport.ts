/**
 * Says what became of every line: counts from the statuses, `report.json`, `lines.csv`, and `retry.csv` with the failed
 * and skipped lines byte for byte. Safe to repeat: everything is computed anew from the staging folder and written over.
 */
import { csvRow, defuse } from '../core/csv/writeCsv';
import { importOutcome, type PartOutcome, reportPart } from '../core/importReport';
import { formatGsUri } from '../core/names';
import type { Problem } from '../core/problem';
import type { RequestRecord } from '../core/request';
import { contentOf } from './readLines';
import { writeReportFile } from './reportFile';
import { selectLines } from './selectLines';
import { type LineVerdict, partLines, readStaged, resultFile, stagedOriginal, verdictFile } from './stagedImport';
import { DONE, droppedFile, type Step, type StepContext } from './step';

/** Everything that is known of one line that needs a word. */
interface LineFinding {
  line: number;
  /** Left out by us, or failed at the service: it belongs into `retry.csv`. */
  retry: boolean;
  problems: Problem[];
}

export const reportImport: Step = async (context) => {
  const { record } = context;
  const failedParts = await countParts(context);
  const refused = isUntouched(record) && (record.facts.file?.valid ?? 0) > 0;
  const isOpen = record.outcome === undefined || record.outcome === 'failed';
  const outcome = isOpen ? importOutcome(record.counts) : record.outcome;
  const findings = async function* () {
    yield* mergeByLine(eachVerdict(context), eachFailure(failedParts));
  };
  const { failed = 0, skipped = 0 } = record.counts;
  if (failed + skipped > 0) {
    record.files.retryCsv = await writeRetryCsv(context, refused ? everyImageLine(context) : retryNumbers(findings()));
    record.files.linesCsv = await writeLinesCsv(context, findings());
  }
  record.files.report = await writeReport(context, outcome, findings());
  // Last of all: a repeat asks once more how the request ended, for the reason of lines that nothing came of.
  record.outcome = outcome;
  return DONE;
};

/** Sets the counts and gives the failures, part by part. A file that was refused was never handed to the service. */
async function countParts(context: StepContext): Promise<LineFinding[][]> {
  const { record } = context;
  const { parts = [], lines = 0, skipped = 0 } = record.facts.file ?? {};
  if (record.outcome === 'cancelled') {
    record.counts = { lines, imported: 0, alreadyPresent: 0, failed: 0, skipped: lines };
  }
  if (isUntouched(record)) return [];
  const counts = { lines, imported: 0, alreadyPresent: 0, failed: 0, skipped };
  const failures: LineFinding[][] = [];
  const repeated = new Set(record.facts.file?.repeated);
  const last = repeated.size > 0 ? parts.length - 1 : parts.length;
  for (const index of parts.keys()) {
    const numbers = (await readStaged<number[]>(context, partLines(context, index))) ?? [];
    const report = reportPart(numbers, await outcomeOfPart(context, index), index < last ? repeated : new Set());
    counts.imported += report.imported;
    counts.alreadyPresent += report.alreadyPresent;
    counts.failed += report.failed.length;
    failures.push(report.failed.map(({ line, problem }) => ({ line, retry: true, problems: [problem] })));
  }
  record.counts = counts;
  const shown = failures
    .flat()
    .slice(0, 20)
    .flatMap((finding) => finding.problems);
  const known = new Set(record.problems.map((problem) => `${problem.line} ${problem.code}`));
  record.problems.push(...shown.filter((problem) => !known.has(`${problem.line} ${problem.code}`)));
  return failures;
}

/** The file was refused, or cancelled before anything was called: no line was handed to the service. */
function isUntouched({ outcome, intent }: RequestRecord): boolean {
  return outcome === 'rejected' || (outcome === 'cancelled' && intent === undefined);
}

/** Where the start of a part was refused or is unknown, the request's own problem is the reason for all its lines. */
async function outcomeOfPart(context: StepContext, index: number): Promise<PartOutcome | null> {
  const result = await readStaged<PartOutcome>(context, resultFile(context, index));
  const { outcome } = context.record;
  if (result !== null || (outcome !== 'failed' && outcome !== 'cancelled')) return result;
  const reason = context.record.problems.find((problem) => problem.line === undefined);
  return reason === undefined ? null : { error: { code: reason.code, message: reason.message } };
}

async function* eachVerdict(context: StepContext): AsyncGenerator<LineFinding> {
  for (let index = 0; index < (context.record.facts.file?.verdictFiles ?? 0); index += 1) {
    const verdicts = (await readStaged<LineVerdict[]>(context, verdictFile(context, index))) ?? [];
    for (const { line, skipped, problems } of verdicts) yield { line, retry: skipped, problems };
  }
}

/** In the order of lines: the part of lines that were imported once more comes last and has lines from anywhere. */
async function* eachFailure(parts: LineFinding[][]): AsyncGenerator<LineFinding> {
  yield* parts.flat().sort((one, other) => one.line - other.line);
}

/** Two streams that are in the order of lines as one; what both say of a line is said together. */
async function* mergeByLine(
  first: AsyncGenerator<LineFinding>,
  second: AsyncGenerator<LineFinding>,
): AsyncGenerator<LineFinding> {
  let [a, b] = [await first.next(), await second.next()];
  while (a.done !== true || b.done !== true) {
    if (a.done !== true && b.done !== true && a.value.line === b.value.line) {
      yield { line: a.value.line, retry: true, problems: [...b.value.problems, ...a.value.problems] };
      [a, b] = [await first.next(), await second.next()];
    } else if (b.done === true || (a.done !== true && a.value.line < b.value.line)) {
      if (a.done !== true) yield a.value;
      a = await first.next();
    } else {
      yield b.value;
      b = await second.next();
    }
  }
}

async function* retryNumbers(findings: AsyncGenerator<LineFinding>): AsyncGenerator<number> {
  for await (const finding of findings) if (finding.retry) yield finding.line;
}

/** Codes of lines that are no image lines: they are left out of the counts, too. */
const NO_IMAGE_LINES: ReadonlySet<string> = new Set(['header-skipped', 'blank-line-skipped']);

async function* everyImageLine(context: StepContext): AsyncGenerator<number> {
  const verdicts = eachVerdict(context);
  let next = await verdicts.next();
  for (let line = 1; ; line += 1) {
    while (next.done !== true && next.value.line < line) next = await verdicts.next();
    const problems = next.done !== true && next.value.line === line ? next.value.problems : [];
    if (!problems.some((problem) => NO_IMAGE_LINES.has(problem.code))) yield line;
  }
}

async function writeRetryCsv(context: StepContext, numbers: AsyncIterator<number> | Iterator<number>): Promise<string> {
  const staged = await context.ports.objects.stat(stagedOriginal(context));
  if (staged === null) throw new Error('the staged copy is gone');
  const content = contentOf(context, staged, droppedFile(context.record).name);
  return writeReportFile(context, 'retry.csv', 'text/csv', selectLines(content, numbers));
}

async function writeLinesCsv(context: StepContext, findings: AsyncGenerator<LineFinding>): Promise<string> {
  const file = droppedFile(context.record);
  const name = formatGsUri(file);
  async function* rows() {
    yield Buffer.from(`${csvRow(['file', 'line', 'column', 'code', 'message'])}\n`);
    for await (const finding of findings) {
      for (const problem of finding.problems) {
        if (problem.severity === 'warning') continue;
        const row = [defuse(name), finding.line, problem.column ?? '', problem.code, defuse(problem.message)];
        yield Buffer.from(`${csvRow(row)}\n`);
      }
    }
  }
  return writeReportFile(context, 'lines.csv', 'text/csv', rows());
}

async function writeReport(
  context: StepContext,
  outcome: RequestRecord['outcome'],
  findings: AsyncGenerator<LineFinding>,
): Promise<string> {
  const { record } = context;
  const head = {
    requestId: record.id,
    request: record.request,
    location: record.location,
    file: droppedFile(record),
    outcome,
    counts: record.counts,
    operations: record.operations,
    files: record.files,
    parts: record.facts.file?.parts ?? [],
  };
  async function* body() {
    yield Buffer.from(`${JSON.stringify(head, null, 1).slice(0, -2)},\n "problems": [`);
    let comma = '';
    for (const problem of record.problems.filter((one) => one.line === undefined)) {
      yield Buffer.from(`${comma}\n  ${JSON.stringify(problem)}`);
      comma = ',';
    }
    for await (const finding of findings) {
      for (const problem of finding.problems) {
        yield Buffer.from(`${comma}\n  ${JSON.stringify(problem)}`);
        comma = ',';
      }
    }
    yield Buffer.from('\n ]\n}\n');
  }
  return writeReportFile(context, 'report.json', 'application/json', body());
}
