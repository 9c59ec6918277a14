/**
 * Cancels another request: a mark on its record, which its own invocation heeds at the next page or step. Ends when the
 * other has ended or says why it cannot. Safe to repeat: the mark is written once.
 */
import { cancelRefusal } from '../core/cancellation';
import type { Problem } from '../core/problem';
import type { RequestRecord } from '../core/request';
import { publishContinuation } from '../ledger/continuation';
import { createRecords, type OpenRecord, type Records } from '../ledger/records';
import { commandInput, DONE, end, type Step, type StepContext, type StepResult, timeText } from './step';

export const cancelOther: Step = async (context) => {
  const { record, ports, config } = context;
  const { cancels = '' } = commandInput(record);
  if (cancels === record.id) return refused('cancels', `${cancels} is this request itself`);
  const records = createRecords(ports, config.stateBucket);
  const opened = await records.open(cancels);
  if (opened === null) return judge(context, await records.closed(cancels), cancels);
  if (record.dryRun) return preview(context, opened.record);
  const { cancellation } = opened.record;
  if (cancellation?.by === record.id && cancellation.refused !== undefined) {
    return refused('not-cancellable', `${cancels} cannot be cancelled: ${cancellation.refused}`);
  }
  if (cancellation === undefined || cancellation.refused !== undefined) await mark(context, records, opened);
  await publishContinuation(ports, config, cancels);
  const detail = `${cancels} stops at its next page or step`;
  return { kind: 'wait', waiting: { for: 'request', detail, blockedBy: [cancels] }, dueAt: ports.clock.now() };
};

function refused(code: string, message: string): StepResult {
  return end('rejected', { code, field: 'cancels', message } satisfies Problem);
}

function judge({ record }: StepContext, closed: RequestRecord | null, cancels: string): StepResult {
  if (closed === null) return refused('unknown-request', `there is no request ${cancels}`);
  if (closed.outcome !== 'cancelled') {
    return refused(
      'already-ended',
      `${cancels} ended as ${closed.outcome} at ${closed.endedAt}; there is nothing to cancel`,
    );
  }
  record.counts = { cancelled: 1 };
  return DONE;
}

function preview(context: StepContext, other: RequestRecord): StepResult {
  const { record, ports } = context;
  const refusal = cancelRefusal(other, commandInput(record).force === true, ports.clock.now());
  record.counts = { cancelled: refusal === null ? 1 : 0 };
  if (refusal !== null) record.problems.push({ code: 'not-cancellable', field: 'cancels', message: refusal });
  return DONE;
}

/** Where somebody else writes meanwhile, the mark is set at the next look. */
async function mark(context: StepContext, records: Records, { record: other, generation }: OpenRecord): Promise<void> {
  const { record } = context;
  const cancellation = { by: record.id, at: timeText(context), force: commandInput(record).force === true };
  const isWaiting = other.state === 'waiting' && other.lease === undefined;
  await records.save({ ...other, cancellation, ...(isWaiting && { dueAt: timeText(context) }) }, generation);
}
