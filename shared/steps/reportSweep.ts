/** Writes `report.json` of a sweep: counts, all problems, every file with what became of it. Safe to repeat: written over. */
import type { Outcome, RequestRecord } from '../core/request';
import { mapAtOnce } from './atOnce';
import { type HandledFile, handledFile, isGone } from './imageFiles';
import { readAhead } from './readAhead';
import { writeReportFile } from './reportFile';
import { readStaged } from './stagedImport';
import { commandInput, DONE, type Step, type StepContext } from './step';
import { type Candidate, readCandidates } from './sweepFiles';

/** Files in use that are listed one by one; of the rest their number is told. */
const USED_LISTED = 100_000;

export const reportSweep: Step = async (context) => {
  const { record } = context;
  await count(context);
  record.outcome ??= outcomeOf(record);
  record.files.report = await writeReportFile(context, 'report.json', 'application/json', body(context));
  return DONE;
};

/** From what was written down of each file, so that a sweep that was cut short counts all that it removed. */
async function count(context: StepContext): Promise<void> {
  const { counts } = context.record;
  let [removed, failed] = [0, 0];
  for await (const files of handledFiles(context)) {
    removed += files.filter((file) => file.removed || file.wouldGo === true).length;
    failed += files.filter((file) => file.failed === true).length;
  }
  Object.assign(counts, { removed, failed, kept: (counts.scanned ?? 0) - removed - failed });
}

function outcomeOf({ dryRun, counts }: RequestRecord): Outcome {
  if (dryRun) return 'dryRun';
  if ((counts.failed ?? 0) === 0) return 'succeeded';
  return (counts.removed ?? 0) > 0 ? 'partial' : 'failed';
}

async function* body(context: StepContext): AsyncGenerator<Buffer> {
  const { record } = context;
  const head = {
    requestId: record.id,
    request: record.request,
    location: record.location,
    reason: record.reason,
    dryRun: record.dryRun,
    command: commandInput(record),
    outcome: record.outcome,
    counts: record.counts,
    problems: record.problems,
    derived: record.facts.derived?.estimate,
  };
  yield Buffer.from(`${JSON.stringify(head, null, 1).replace(/\n\}$/, '')},\n "imageFiles": [`);
  let [comma, used] = ['', 0];
  for await (const files of handledFiles(context)) {
    const listed = files.filter((file) => {
      used += file.used === true ? 1 : 0;
      return file.used !== true || used <= USED_LISTED;
    });
    const lines = listed.map(({ again: _again, wouldGo: _wouldGo, ...file }) => `\n  ${JSON.stringify(file)}`);
    if (lines.length === 0) continue;
    // In large pieces: the whole report is one call.
    yield Buffer.from(comma + lines.join(','));
    comma = ',';
  }
  yield Buffer.from(`],\n "usedFilesNotListed": ${Math.max(0, used - USED_LISTED)}\n}\n`);
}

/** What became of the files, in the order of their names. */
async function* handledFiles(context: StepContext): AsyncGenerator<HandledFile[]> {
  const { decided, chunks = 0 } = context.record.facts.sweep ?? {};
  if (decided !== true) return;
  const all = Array.from({ length: chunks }, (_, chunk) => chunk);
  yield* readAhead(all, (chunk) => handledOf(context, chunk));
}

/** A sweep that was cut short has not come to all files, and may have removed some that it could not write down. */
async function handledOf(context: StepContext, chunk: number): Promise<HandledFile[]> {
  const written = (await readStaged<HandledFile[]>(context, handledFile(context, chunk))) ?? [];
  const handled = written.filter((file) => file.begun !== true);
  const candidates = await readCandidates(context, chunk);
  if (handled.length === candidates.length) return handled;
  const known = new Map(handled.map((file) => [`${file.uri} ${file.generation}`, file]));
  const wasBegun = context.record.facts.sweep?.removing === chunk && !context.record.dryRun;
  return mapAtOnce(candidates, async (candidate) => {
    const file = known.get(`${candidate.uri} ${candidate.generation}`);
    if (file !== undefined) return file;
    return unwritten(candidate, wasBegun && candidate.kept === undefined && (await isGone(context, candidate.uri)));
  });
}

function unwritten({ uri, generation, kept }: Candidate, removed: boolean): HandledFile {
  const reason = removed ? 'gone since the sweep listed it' : (kept ?? 'the sweep ended before it came to this file');
  return { uri, generation, removed, reason };
}
