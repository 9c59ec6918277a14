/**
 * The long-running operations of the local service. Nothing runs by itself: `settle` does what is due by a time, in the
 * order of the ends, so that the same calls at the same times always give the same result. Cancel, stall, fail and
 * forget are for simulations: the service publishes no way to cancel an operation of Product Search.
 */
import { StatusError } from '../statusError';
import { INTERNAL, NOT_FOUND } from './codes';
import { type OperationName, type Place, parseOperationName } from './names';
import type { Observer } from './observer';
import type { OperationResource, OperationResponse, RpcStatus } from './resources';

/** What an operation does. */
export interface Work {
  /** Does what is due after this share of the operation's time, 0 to 1, and has not been done. */
  advance(share: number, now: number): void;
  result(): { succeeded: boolean; response: OperationResponse };
  /** Lets go of what the work held. Called once, at the end. */
  release(): void;
}

export interface Operations {
  settle(now: number): void;
  /** Starts work that takes `durationMs`; the answer is named by project and location. */
  start(at: Place, work: Work, time: { now: number; durationMs: number }): OperationResource;
  /** By any form of its name; the answer is named by location only, as the service's own answers are. NOT_FOUND. */
  get(name: string): OperationResource;
  /** The next operation that is started ends with this error and has no effect. */
  failNext(error?: Partial<RpcStatus>): void;
  /** From now on the operation is unknown; its work goes on. */
  forget(name: string): void;
  /** It makes no progress until `resume` or `cancel`. */
  stall(name: string, now: number): void;
  resume(name: string, now: number): void;
  /** Ends it as CANCELLED; what is done stays done. Nothing where it has ended. */
  cancel(name: string, now: number): void;
}

interface OperationRecord {
  readonly at: Place;
  readonly id: string;
  readonly submitTimeMs: number;
  readonly durationMs: number;
  readonly work: Work;
  readonly failure?: RpcStatus;
  startMs: number;
  stalledAtMs?: number;
  state: OperationResource['state'];
  endTimeMs?: number;
  response?: OperationResponse;
}

export function createOperations(newId: () => string, observer: Observer): Operations {
  const known = new Map<string, OperationRecord>();
  const running: OperationRecord[] = [];
  let nextFailure: RpcStatus | undefined;

  function find(name: string): OperationRecord {
    const wanted = parseOperationName(name);
    const operation = wanted && known.get(wanted.id);
    if (!operation || !isNamed(operation, wanted)) throw new StatusError(NOT_FOUND, `Operation not found: ${name}`);
    return operation;
  }

  function remove(operation: OperationRecord): void {
    running.splice(running.indexOf(operation), 1);
  }

  function tellEnd({ id, response }: OperationRecord): void {
    observer.operationEnded?.(id, response?.kind === 'import' ? response.statuses : undefined);
  }

  return {
    settle(now) {
      for (let next = firstDue(running, now); next; next = firstDue(running, now)) {
        const endMs = next.startMs + next.durationMs;
        for (const operation of running) advance(operation, endMs);
        remove(next);
        end(next, endMs);
        tellEnd(next);
      }
      for (const operation of running) advance(operation, now);
    },
    start(at, work, { now, durationMs }) {
      const failure = nextFailure;
      nextFailure = undefined;
      const times = { submitTimeMs: now, startMs: now, durationMs };
      const operation: OperationRecord = { at, id: newId(), ...times, work, failure, state: 'PROCESSING' };
      known.set(operation.id, operation);
      running.push(operation);
      return describe(operation, `projects/${at.project}/`);
    },
    get: (name) => describe(find(name), ''),
    failNext(error = {}) {
      nextFailure = internalError(error);
    },
    forget(name) {
      known.delete(find(name).id);
    },
    stall(name, now) {
      find(name).stalledAtMs ??= now;
    },
    resume(name, now) {
      const operation = find(name);
      operation.startMs += now - (operation.stalledAtMs ?? now);
      operation.stalledAtMs = undefined;
    },
    cancel(name, now) {
      const operation = find(name);
      if (operation.endTimeMs !== undefined) return;
      remove(operation);
      finish(operation, 'CANCELLED', now);
      tellEnd(operation);
    },
  };
}

/** What the service answers where something in it went wrong, unless another error is given. */
export function internalError(error: Partial<RpcStatus> = {}): RpcStatus {
  return { code: error.code ?? INTERNAL, message: error.message ?? 'Internal error encountered.' };
}

function isNamed({ at }: OperationRecord, name: OperationName): boolean {
  return (name.project ?? at.project) === at.project && (name.location ?? at.location) === at.location;
}

function firstDue(running: readonly OperationRecord[], now: number): OperationRecord | undefined {
  let first: OperationRecord | undefined;
  for (const operation of running) {
    if (operation.stalledAtMs !== undefined || operation.startMs + operation.durationMs > now) continue;
    if (!first || operation.startMs + operation.durationMs < first.startMs + first.durationMs) first = operation;
  }
  return first;
}

/** Work counts as wholly done only at the operation's own end, which `firstDue` finds: a share below 1 here. */
function advance(operation: OperationRecord, now: number): void {
  if (operation.stalledAtMs !== undefined || operation.failure) return;
  const share = operation.durationMs > 0 ? (now - operation.startMs) / operation.durationMs : 0;
  if (share < 1) operation.work.advance(share, now);
}

function end(operation: OperationRecord, now: number): void {
  if (!operation.failure) operation.work.advance(1, now);
  const succeeded = !operation.failure && operation.work.result().succeeded;
  finish(operation, succeeded ? 'SUCCESSFUL' : 'FAILED', now);
}

function finish(operation: OperationRecord, state: OperationRecord['state'], now: number): void {
  operation.state = state;
  operation.endTimeMs = now;
  if (!operation.failure) operation.response = operation.work.result().response;
  operation.work.release();
}

function describe(operation: OperationRecord, prefix: string): OperationResource {
  const { at, id, state, submitTimeMs, endTimeMs, failure, response } = operation;
  const name = `${prefix}locations/${at.location}/operations/${id}`;
  if (endTimeMs === undefined) return { name, done: false, state, submitTimeMs };
  return { name, done: true, state, submitTimeMs, endTimeMs, ...(failure ? { error: failure } : { response }) };
}
