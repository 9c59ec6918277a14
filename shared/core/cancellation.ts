/** Whether a request can still be cancelled, and what is said where it cannot. Pure. */
import type { RequestRecord, StepName } from './request';

/** An operation that runs longer than this is announced as stalled (google's own client gives up after 24 h). */
export const STALL_MS = 24 * 3_600_000;

/** Steps that only tidy up: what the request was for is done. */
const FINISHING: ReadonlySet<StepName> = new Set([
  'countPurged',
  'removeImageFiles',
  'cleanDerived',
  'reportDerived',
  'watchIndex',
  'reportImport',
  'archiveFile',
  'shareResults',
  'settleCandidates',
  'reportSweep',
  'unregisterSweep',
  'report',
  'reportRestore',
]);

/** Whether somebody has asked for the request to be cancelled, and it is not decided yet. */
export function isCancelAsked({ cancellation, outcome }: RequestRecord): boolean {
  return cancellation !== undefined && cancellation.refused === undefined && outcome === undefined;
}

/** Whether the operation that is running, and no earlier one, has run for so long. */
function isStalled({ intent, operations }: RequestRecord, now: number): boolean {
  const running = operations.find(({ name }) => name === intent?.operation);
  const since = running?.submitTime ?? intent?.at;
  return since !== undefined && now - Date.parse(since) >= STALL_MS;
}

function isAllDeleted({ facts, counts, plan, at }: RequestRecord): boolean {
  const { products = 0, failed = 0 } = counts;
  return plan[at]?.step === 'deleteSurveyed' && products + failed >= (facts.survey?.products ?? 0);
}

/** Why the request cannot be cancelled now, as a sentence, or null. `force` abandons a stalled operation. */
export function cancelRefusal(record: RequestRecord, force: boolean, now: number): string | null {
  const { id, facts, intent } = record;
  const step = record.plan[record.at]?.step;
  if (record.request === 'cancelRequest') return `${id} is a cancel itself`;
  if (facts.merged !== undefined)
    return `${id} is in the merged import ${facts.merged.batchId}, which is not stopped for one of its files`;
  if (record.outcome !== undefined || step === undefined || FINISHING.has(step) || isAllDeleted(record)) {
    return `${id} has done what it was for and is about to end`;
  }
  if (intent === undefined) {
    if (record.kind === 'restore') return null;
    const { nextPart = 0, parts = [] } = facts.file ?? {};
    return nextPart === 0 ? null : `${nextPart} of ${parts.length} parts of the file are imported already`;
  }
  if (force && isStalled(record, now)) return null;
  const name = intent.operation ?? `${intent.call} of ${intent.at}`;
  const hint = isStalled(record, now)
    ? 'force: true abandons it'
    : 'force: true abandons it once it has run for 24 hours';
  return `its operation ${name} is running, and the service cannot cancel it; ${hint}`;
}
