/**
 * Checks the staged file line by line and writes the normalised lines as parts of at most 20,000, with what was found
 * beside them. Safe to repeat: the same bytes give the same files under the same names.
 */
import { isCancelAsked } from '../core/cancellation';
import { createFileChecker, type FileChecker, type FileVerdict } from '../core/csv/fileChecker';
import type { LineVerdict as Verdict } from '../core/csv/lineVerdict';
import type { Problem } from '../core/problem';
import { MAX_CLAIMED_SETS } from '../core/reservation';
import { contentOf, UnreadableFileError } from './readLines';
import { type LineVerdict, partLines, stagedOriginal, stagedPart, verdictFile } from './stagedImport';
import { DONE, droppedFile, end, type Step, type StepContext, type StepResult } from './step';

const LOOK_EVERY_BYTES = 32 * 1024 * 1024;
/** Problems kept in the record for the event, of errors and of warnings each; the report has all. */
const PROBLEMS_KEPT = 20;

export const checkFile: Step = async (context, saved) => {
  const { record, config } = context;
  const { assignImageIds, maxSetsPerProduct } = config;
  const checker = createFileChecker({ assignImageIds, maxSetsPerProduct });
  const writer = createPartWriter(context);
  let read: Omit<FileVerdict, 'verdicts'> | 'out of time';
  try {
    read = await readThrough(context, checker, writer);
    // What came before in this invocation may have taken the time: the next one has all of it for the file.
    const isCutShort = saved === undefined || isCancelAsked(record);
    if (read === 'out of time' && isCutShort) return { kind: 'more', cursor: 'alone' };
    if (read === 'out of time') throw tooSlow(config.invocationMs / 1_000);
  } catch (error) {
    if (!(error instanceof UnreadableFileError)) throw error;
    record.counts = { lines: 0, imported: 0, alreadyPresent: 0, failed: 0, skipped: 0 };
    return end('rejected', { code: error.code, message: error.message });
  }
  const { totals, fileProblems, fileWarnings } = read;
  const { parts, verdictFiles, everyLineHasImageId } = await writer.end();
  const { lines, valid, invalid: skipped } = totals;
  record.facts.file = {
    lines,
    valid,
    skipped,
    parts,
    verdictFiles,
    everyLineHasImageId,
    nextPart: 0,
    productSetIds: [...totals.productSetIds].slice(0, MAX_CLAIMED_SETS + 1),
  };
  record.counts = { lines, imported: 0, alreadyPresent: 0, failed: 0, skipped };
  record.problems = [...writer.kept(), ...fileProblems, ...fileWarnings];
  return verdictOnFile(context, fileProblems);
};

async function readThrough(context: StepContext, checker: FileChecker, writer: PartWriter) {
  const staged = await context.ports.objects.stat(stagedOriginal(context));
  if (staged === null) throw new Error('the staged copy is gone');
  const isOutOfTime = createLook(context);
  for await (const chunk of contentOf(context, staged, droppedFile(context.record).name)) {
    await writer.take(checker.push(chunk));
    if (await isOutOfTime(chunk.length)) return 'out of time';
  }
  const { verdicts, ...read } = checker.end();
  await writer.take(verdicts);
  return read;
}

/** Looks at the clock after so many bytes, and keeps the lease, also where a line without end gives nothing to write. */
function createLook(context: StepContext) {
  let bytes = 0;
  return async (more: number): Promise<boolean> => {
    bytes += more;
    if (bytes < LOOK_EVERY_BYTES) return false;
    bytes = 0;
    await context.keepLease();
    return context.outOfTime();
  };
}

function tooSlow(seconds: number): UnreadableFileError {
  const message = `The file takes longer than ${seconds} seconds to check (INVOCATION_SECONDS); split it`;
  return new UnreadableFileError('file-size', message);
}

function verdictOnFile({ record, config }: StepContext, fileProblems: Problem[]): StepResult {
  const { valid = 0, skipped = 0, lines = 0 } = record.facts.file ?? {};
  if (fileProblems.length > 0) return end('rejected');
  if (valid === 0) {
    return end('rejected', {
      code: 'no-valid-line',
      message: `None of the ${lines} lines is valid; nothing was imported`,
    });
  }
  if (skipped > 0 && config.onInvalidLines === 'reject') {
    record.counts.skipped = lines;
    const message = `${skipped} of ${lines} lines are invalid and the whole file is refused (ON_INVALID_LINES=reject)`;
    return end('rejected', { code: 'file-refused', message });
  }
  return DONE;
}

type PartWriter = ReturnType<typeof createPartWriter>;

/** Of a few kilobytes of gzip there can be a billion blank lines, and each would get a finding of its own. */
function tooManySkipped(limit: number): UnreadableFileError {
  const message = `More than ${limit} lines of the file are blank or invalid (MAX_SKIPPED_LINES); is it a list of images?`;
  return new UnreadableFileError('file-size', message);
}

/** Collects lines into parts and findings into verdict files, and writes each when it is full. */
function createPartWriter(context: StepContext) {
  const { sizes } = context.config;
  let part: string[] = [];
  let numbers: number[] = [];
  let findings: LineVerdict[] = [];
  let verdictFiles = 0;
  let everyLineHasImageId = true;
  let leftOut = 0;
  const parts: number[] = [];
  const errors: Problem[] = [];
  const warnings: Problem[] = [];
  const json = { contentType: 'application/json' };

  async function writePart(): Promise<void> {
    const index = parts.push(numbers.length) - 1;
    await context.ports.objects.write(stagedPart(context, index), Buffer.from(part.join('')), {
      contentType: 'text/csv',
    });
    await context.ports.objects.write(partLines(context, index), JSON.stringify(numbers), json);
    part = [];
    numbers = [];
  }

  async function writeFindings(): Promise<void> {
    await context.ports.objects.write(verdictFile(context, verdictFiles), JSON.stringify(findings), json);
    verdictFiles += 1;
    findings = [];
  }

  function keep(found: Problem[]): void {
    for (const problem of found) {
      const list = problem.severity === 'warning' ? warnings : errors;
      if (list.length < PROBLEMS_KEPT) list.push(problem);
    }
  }

  function note(verdict: Verdict): void {
    if (verdict.kind !== 'valid') leftOut += 1;
    if (leftOut > context.config.maxSkippedLines) throw tooManySkipped(context.config.maxSkippedLines);
    const problems = [...(verdict.kind === 'invalid' ? verdict.problems : []), ...verdict.warnings];
    keep(problems);
    const skipped = verdict.kind === 'invalid';
    if (skipped || problems.length > 0) findings.push({ line: verdict.line, skipped, problems });
  }

  return {
    async take(verdicts: Verdict[]): Promise<void> {
      for (const verdict of verdicts) {
        note(verdict);
        if (findings.length >= sizes.verdicts) await writeFindings();
        if (verdict.kind !== 'valid') continue;
        everyLineHasImageId &&= verdict.imageId !== '';
        part.push(`${verdict.normalised}\n`);
        numbers.push(verdict.line);
        if (numbers.length >= sizes.importLines) await writePart();
      }
    },
    async end() {
      if (numbers.length > 0) await writePart();
      if (findings.length > 0) await writeFindings();
      return { parts, verdictFiles, everyLineHasImageId };
    },
    kept: () => [...errors, ...warnings],
  };
}
