/** Writes `report.json` of a sweep: counts, all problems, every file with what became of it. Safe to repeat: written over. */
import type { Outcome, RequestRecord } from '../core/request';
import type { HandledFile } from './imageFiles';
import { readAhead } from './readAhead';
import { writeReportFile } from './reportFile';
import { commandInput, DONE, type Step, type StepContext } from './step';
import { sweptFiles } from './sweptFiles';

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
  yield* readAhead(all, (chunk) => sweptFiles(context, chunk));
}
