/** How the Product Search client calls: no call takes longer than 25 s in all, and every failure is a ServiceError. */
import { setTimeout as wait } from 'node:timers/promises';
import type { CallOptions } from 'google-gax';
import { ServiceError, STATUS_CODES, type Status, statusOfCode } from '../core/errors';

/** The last resort, for what no deadline of the client covers: fetching credentials, a retry that is about to begin. */
const CALL_LIMIT_MS = 24_500;
const TOTAL_MS = 20_000;
const ATTEMPT_MS = 10_000;

const TRANSIENT_CODES = [STATUS_CODES.UNAVAILABLE, STATUS_CODES.DEADLINE_EXCEEDED];

/** Of calls that do the same when they are repeated: retried inside the client. */
export const REPEATABLE: CallOptions = {
  timeout: ATTEMPT_MS,
  retry: {
    retryCodes: TRANSIENT_CODES,
    backoffSettings: {
      initialRetryDelayMillis: 100,
      retryDelayMultiplier: 2,
      maxRetryDelayMillis: 2_000,
      initialRpcTimeoutMillis: ATTEMPT_MS,
      rpcTimeoutMultiplier: 1,
      maxRpcTimeoutMillis: ATTEMPT_MS,
      totalTimeoutMillis: TOTAL_MS,
    },
  },
};

/** Of calls that are sent once and never again: a transient fault means that the outcome is unknown. */
export const ONCE: CallOptions = { timeout: TOTAL_MS, retry: { retryCodes: [] } };

/** Runs a call of `ProductSearch.<method>`; a failure with an expected status is that status' value. */
export async function callProductSearch<T, E = never>(
  method: string,
  act: () => Promise<T>,
  expected?: { status: Status; value: E },
): Promise<T | E> {
  try {
    return await withinLimit(act());
  } catch (error) {
    const fault = serviceError(`ProductSearch.${method}`, error);
    if (expected && fault.status === expected.status) return expected.value;
    throw fault;
  }
}

const DELETE_ATTEMPT: CallOptions = { timeout: TOTAL_MS / 2, retry: { retryCodes: [] } };
const DELETE_PAUSE_MS = 200;

/**
 * Deletes, with one second attempt after a transient fault. What is not there at the first attempt is 'absent'; at the
 * second it is 'deleted', because the first one may have done it and only its answer was lost.
 */
export async function callDelete(
  method: string,
  act: (options: CallOptions) => Promise<unknown>,
): Promise<'deleted' | 'absent'> {
  const attempt = (absent: 'deleted' | 'absent') =>
    callProductSearch(method, () => act(DELETE_ATTEMPT).then(() => 'deleted' as const), {
      status: 'NOT_FOUND',
      value: absent,
    });
  try {
    return await attempt('absent');
  } catch (error) {
    if (!(error instanceof ServiceError) || !TRANSIENT_CODES.some((code) => code === STATUS_CODES[error.status]))
      throw error;
  }
  await wait(DELETE_PAUSE_MS);
  return attempt('deleted');
}

async function withinLimit<T>(promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    const late = new Error(`no answer within ${CALL_LIMIT_MS} ms`);
    timer = setTimeout(() => reject(Object.assign(late, { code: STATUS_CODES.DEADLINE_EXCEEDED })), CALL_LIMIT_MS);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}

function serviceError(call: string, error: unknown): ServiceError {
  const message = error instanceof Error ? error.message : String(error);
  // gRPC puts code and name in front: "5 NOT_FOUND: Not found: projects/…".
  return new ServiceError(call, statusOf(error, message), message.replace(/^\d+ [A-Z_]+: /, ''), { cause: error });
}

function statusOf(error: unknown, message: string): Status {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  if (typeof code === 'number') return statusOfCode(code);
  // google-auth-library throws this without a code.
  return /could not load the default credentials/i.test(message) ? 'UNAUTHENTICATED' : 'UNKNOWN';
}
