/** What becomes of a request when one of its steps meets a fault. Pure. */
import { faultClassOf, ServiceError } from './errors';
import type { Problem } from './problem';
import type { RequestRecord, WaitReason } from './request';

export type FaultDecision =
  | { kind: 'wait'; for: WaitReason; detail: string; dueAt: number; failures: RequestRecord['failures'] }
  | { kind: 'fail'; problem: Problem };

const SECOND = 1_000;
const FIRST_PAUSE_MS = 5 * SECOND;
const LONGEST_PAUSE_MS = 10 * 60 * SECOND;
/** The service counts its quota by the minute. */
const QUOTA_PAUSE_MS = 20 * SECOND;
const BUSY_PAUSE_MS = 15 * SECOND;

function kebab(error: unknown): string {
  return error instanceof ServiceError ? error.status.toLowerCase().replaceAll('_', '-') : 'internal-error';
}

/** How long the faults have been going on; time that was spent waiting for others does not count. */
function lastedMs(failures: RequestRecord['failures'], now: number): number {
  return failures === undefined ? 0 : now - Date.parse(failures.firstAt) - (failures.pausedMs ?? 0);
}

/** Stops the time towards giving up: the request waits for quota, a claim, a purge or a time of day. */
export function pauseFailures(failures: RequestRecord['failures'], now: number): RequestRecord['failures'] {
  return failures && { ...failures, pausedAt: new Date(now).toISOString() };
}

/** Lets the time go on. Without a pause nothing changes. */
export function resumeFailures(failures: RequestRecord['failures'], now: number): RequestRecord['failures'] {
  if (failures?.pausedAt === undefined) return failures;
  const { pausedAt, ...rest } = failures;
  return { ...rest, pausedMs: (failures.pausedMs ?? 0) + now - Date.parse(pausedAt) };
}

/**
 * Quota and busy resources are waited for without end; other passing faults with growing pauses until `giveUpMs` after
 * the first of a row; what the service refuses for good ends the request.
 */
export function decideOnFault(
  error: unknown,
  failures: RequestRecord['failures'],
  now: number,
  giveUpMs: number,
): FaultDecision {
  const message = error instanceof Error ? error.message : String(error);
  const faultClass = faultClassOf(error);
  if (faultClass === 'exhausted') {
    return {
      kind: 'wait',
      for: 'quota',
      detail: `The service's quota is used up: ${message}`,
      dueAt: now + QUOTA_PAUSE_MS,
      failures,
    };
  }
  if (faultClass === 'busy') {
    return {
      kind: 'wait',
      for: 'purge',
      detail: `Another operation is on it: ${message}`,
      dueAt: now + BUSY_PAUSE_MS,
      failures,
    };
  }
  if (faultClass === 'permanent') return { kind: 'fail', problem: { code: kebab(error), message } };
  const firstAt = failures?.firstAt ?? new Date(now).toISOString();
  const count = (failures?.count ?? 0) + 1;
  if (lastedMs(failures, now) >= giveUpMs) {
    return {
      kind: 'fail',
      problem: { code: kebab(error), message: `Given up after ${count} tries since ${firstAt}: ${message}` },
    };
  }
  const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(count - 1, 10));
  return {
    kind: 'wait',
    for: 'retry',
    detail: `Try ${count} failed and is repeated: ${message}`,
    dueAt: now + pause,
    failures: { ...failures, count, firstAt, last: message },
  };
}
