/** From the statuses of an import to what became of every line. Pure. */
import { STATUS_CODES, statusOfCode } from './errors';
import type { Problem } from './problem';
import type { Counts, Outcome } from './request';

/** One part's outcome as the operation gave it: a status a line in order, or one error for all lines. */
export interface PartOutcome {
  statuses?: readonly { code: number; message: string }[];
  error?: { code: string; message: string };
  /** The part was started twice: an image that exists by then is this import's own. */
  repeated?: boolean;
}

export interface PartReport {
  imported: number;
  alreadyPresent: number;
  failed: { line: number; problem: Problem }[];
}

/** A line that the operation said nothing of. */
function unsaid(outcome: PartOutcome | null): { code: string; message: string } {
  if (outcome === null) return { code: 'not-started', message: 'The line was never handed to the service' };
  return outcome.error ?? { code: 'outcome-unknown', message: 'The operation gave no status for this line' };
}

/**
 * `lines` are the original line numbers of the part, in order; null is a part that was never started. `elsewhere` are
 * lines that a later part tells of, because they were imported once more.
 */
export function reportPart(
  lines: readonly number[],
  outcome: PartOutcome | null,
  elsewhere: ReadonlySet<number> = new Set(),
): PartReport {
  const report: PartReport = { imported: 0, alreadyPresent: 0, failed: [] };
  for (const [index, line] of lines.entries()) {
    if (elsewhere.has(line)) continue;
    const status = outcome?.statuses?.[index];
    if (status === undefined) {
      report.failed.push({ line, problem: { ...unsaid(outcome), line } });
    } else if (status.code === STATUS_CODES.OK) {
      report.imported += 1;
    } else if (status.code === STATUS_CODES.ALREADY_EXISTS) {
      if (outcome?.repeated === true) report.imported += 1;
      else report.alreadyPresent += 1;
    } else {
      const code = statusOfCode(status.code).toLowerCase().replaceAll('_', '-');
      report.failed.push({ line, problem: { code, line, message: status.message } });
    }
  }
  return report;
}

/** The outcome of an import that was not refused or cancelled, from its counts alone. */
export function importOutcome(counts: Counts): Outcome {
  const { imported = 0, alreadyPresent = 0, failed = 0, skipped = 0 } = counts;
  if (imported + alreadyPresent === 0) return 'failed';
  return failed + skipped > 0 ? 'partial' : 'succeeded';
}
