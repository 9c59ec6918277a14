/** Following one of Google's long-running operations from step to step. */
import { STALL_MS } from '../core/cancellation';
import { faultClassOf } from '../core/errors';
import { stalledEvent } from '../core/event';
import { operationKey } from '../core/names';
import { note, type OperationSummary, type RequestRecord } from '../core/request';
import { announce } from '../ledger/journal';
import type { Operation } from '../ports';
import { type StepContext, type StepResult, timeText } from './step';

/** How often, and for how long, an operation must not be found before it counts as lost. */
const LOST_AFTER_MISSES = 3;
const LOST_AFTER_MS = 3 * 60_000;
const MISS_PAUSE_MS = 60_000;

export type Followed =
  | { kind: 'done'; operation: Operation }
  /** The service does not know the operation any more: its outcome is unknown. */
  | { kind: 'lost' }
  | { kind: 'wait'; result: StepResult };

function sameOperation(a: string, b: string): boolean {
  return a === b || operationKey(a)?.key === operationKey(b)?.key;
}

/** Keeps what is known of an operation in the record, once. */
export function recordOperation(record: RequestRecord, summary: OperationSummary): void {
  const index = record.operations.findIndex((known) => sameOperation(known.name, summary.name));
  if (index < 0) record.operations.push(summary);
  else
    record.operations[index] = {
      ...record.operations[index],
      ...summary,
      name: record.operations[index]?.name ?? summary.name,
    };
}

/** Looks at the operation once. `firstMissAt` is the cursor's memory of when it was not found for the first time. */
export async function follow(
  context: StepContext,
  name: string,
  cursor: { misses?: number; firstMissAt?: string },
): Promise<Followed> {
  const { record, ports } = context;
  const now = ports.clock.now();
  const operation = await known(context, name);
  if (operation === null) return missed(context, name, cursor);
  const { state, submitTime, endTime } = operation;
  recordOperation(record, { name, state, ...(submitTime && { submitTime }), ...(endTime && { endTime }) });
  if (operation.done) {
    note(record, timeText(context), `operation ${name} ended: ${state}`);
    ports.log.write('NOTICE', 'operation ended', { operationName: name, state });
    return { kind: 'done', operation };
  }
  const startedAt = Date.parse(submitTime ?? record.intent?.at ?? timeText(context));
  if (now - startedAt >= STALL_MS && record.stallAnnounced !== true) {
    await announce(
      ports,
      context.config,
      stalledEvent(record, context.config.projectId, timeText(context)),
      record.acceptedAt,
    );
    record.stallAnnounced = true;
    ports.log.write('WARNING', 'operation stalled', { operationName: name });
  }
  return { kind: 'wait', result: waitForOperation(name, now, cursor) };
}

/** A refusal says nothing of the operation, which may well be running: it counts as not known. */
async function known({ ports }: StepContext, name: string): Promise<Operation | null> {
  try {
    return await ports.productSearch.getOperation(name);
  } catch (error) {
    if (faultClassOf(error) !== 'permanent') throw error;
    const why = error instanceof Error ? error.message : String(error);
    ports.log.write('WARNING', 'operation cannot be asked for', { operationName: name, error: why });
    return null;
  }
}

async function missed(
  context: StepContext,
  name: string,
  cursor: { misses?: number; firstMissAt?: string },
): Promise<Followed> {
  const now = context.ports.clock.now();
  const misses = (cursor.misses ?? 0) + 1;
  const firstMissAt = cursor.firstMissAt ?? timeText(context);
  if (misses >= LOST_AFTER_MISSES && now - Date.parse(firstMissAt) >= LOST_AFTER_MS) {
    note(context.record, timeText(context), `operation ${name} is not known to the service any more`);
    return { kind: 'lost' };
  }
  return { kind: 'wait', result: waitForOperation(name, now + MISS_PAUSE_MS, { ...cursor, misses, firstMissAt }) };
}

/** Waiting for an operation: due at once, so that every tick looks at it. */
export function waitForOperation(name: string, dueAt: number, cursor: unknown): StepResult {
  return {
    kind: 'wait',
    waiting: { for: 'operation', detail: `Operation ${name} is running`, operation: name },
    dueAt,
    cursor,
  };
}
