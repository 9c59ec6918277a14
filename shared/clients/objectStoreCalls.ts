/**
 * How a call to Cloud Storage is bounded and repeated, and how its errors become ours. The client's own retries are
 * off: they cannot be bounded (one that runs out of time never answers), and they switch each other off where calls
 * overlap. This is the only loop.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { ServiceError, type Status, statusOfHttp } from '../core/errors';

/** Any call is over after this, repeats included: the engine's lease counts on it (design: at most 25 s). */
export const CALL_LIMIT_MS = 24_000;
/** One try of a call without content, so that one lost connection leaves time for another. */
export const TRY_LIMIT_MS = 9_000;

/** https://cloud.google.com/storage/docs/retry-strategy: exponential, with jitter. */
const FIRST_DELAY_MS = 250;
const MAX_DELAY_MS = 4_000;
const REPEATED: Status[] = ['UNAVAILABLE', 'DEADLINE_EXCEEDED', 'INTERNAL', 'UNKNOWN', 'RESOURCE_EXHAUSTED'];

export interface Call {
  /** `Storage.ObjectsInsert`. */
  name: string;
  /** Safe to repeat after a lost answer. */
  isRepeatable: boolean;
  /** The most that one try may take; default 9 s. */
  tryLimitMs?: number;
  /** For a call of several requests: when all of them are over, from `callEnd`. */
  endMs?: number;
}

/** One try: everything it has begun ends when `signal` aborts, which is after `limitMs`. */
export type Try<T> = (signal: AbortSignal, limitMs: number) => Promise<T>;

/** When a call that begins now has to be over, on the clock of `performance.now`. */
export function callEnd(): number {
  return performance.now() + CALL_LIMIT_MS;
}

/**
 * Gives what `attempt` gives, or throws a `ServiceError`; one of `attempt` itself is passed on as it is. A try begins
 * only if it can run its time: a request that the client gives up must not have its effect later.
 */
export async function runCall<T>(call: Call, attempt: Try<T>): Promise<T> {
  const end = call.endMs ?? callEnd();
  for (let count = 0; ; count += 1) {
    const limitMs = Math.min(end - performance.now(), call.tryLimitMs ?? TRY_LIMIT_MS);
    if (limitMs < Math.min(TRY_LIMIT_MS, call.tryLimitMs ?? TRY_LIMIT_MS)) {
      throw new ServiceError(call.name, 'DEADLINE_EXCEEDED', 'no time was left for the call');
    }
    try {
      return await tryOnce(call, attempt, limitMs);
    } catch (error) {
      const fault = toServiceError(call.name, error);
      const delayMs = Math.min(FIRST_DELAY_MS * 2 ** count, MAX_DELAY_MS) * (1 + Math.random() / 2);
      const isTimeLeft = performance.now() + delayMs + TRY_LIMIT_MS < end;
      if (!call.isRepeatable || !isTimeLeft || !REPEATED.includes(fault.status)) throw fault;
      await sleep(delayMs);
    }
  }
}

async function tryOnce<T>(call: Call, attempt: Try<T>, limitMs: number): Promise<T> {
  const limit = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new ServiceError(call.name, 'DEADLINE_EXCEEDED', `no answer in ${Math.round(limitMs)} ms`));
      limit.abort();
    }, limitMs);
  });
  try {
    return await Promise.race([attempt(limit.signal, Math.max(Math.floor(limitMs), 1)), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The HTTP status of a Cloud Storage error; undefined for every other error. */
export function httpStatusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  const code = Number(error.code);
  return Number.isInteger(code) && code >= 300 && code < 600 ? code : undefined;
}

export function toServiceError(call: string, error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  return new ServiceError(call, statusOf(error), messageOf(error), { cause: error });
}

function statusOf(error: unknown): Status {
  const http = httpStatusOf(error);
  if (http !== undefined) return statusOfHttp(http);
  const message = error instanceof Error ? error.message : '';
  if (/default credentials|invalid_grant|invalid_rapt/i.test(message)) return 'UNAUTHENTICATED';
  // Connection faults and content that arrived damaged: the next try may go well.
  return isProgrammingError(error) ? 'UNKNOWN' : 'UNAVAILABLE';
}

function isProgrammingError(error: unknown): boolean {
  return error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError;
}

/** The service's own message: a failed download carries the whole error body as its text. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  try {
    const body: unknown = JSON.parse(error.message);
    if (isErrorBody(body)) return body.error.message;
  } catch {}
  return error.message.trim() || error.name;
}

function isErrorBody(body: unknown): body is { error: { message: string } } {
  if (typeof body !== 'object' || body === null || !('error' in body)) return false;
  const { error } = body;
  return typeof error === 'object' && error !== null && 'message' in error && typeof error.message === 'string';
}
