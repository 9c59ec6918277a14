/**
 * The errors that cross a seam of the house. Expected outcomes (absent, already there, changed meanwhile) are values
 * of the ports; what is thrown is a fault, and its class says what the engine does about it.
 */

/** The canonical status names of google.rpc.Code, the one vocabulary for faults of every service. */
export const STATUS_CODES = {
  OK: 0,
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
} as const;

export type Status = keyof typeof STATUS_CODES;

/**
 * What a fault asks of the caller.
 * `transient`: try again later, the outcome of a call that is not idempotent is unknown · `exhausted`: a quota is used
 * up, the call had no effect · `busy`: another operation is on the same resource, wait for it · `configuration`: an
 * operator has to mend something (permission, credentials) · `permanent`: the same call will fail again.
 */
export type FaultClass = 'transient' | 'exhausted' | 'busy' | 'configuration' | 'permanent';

const FAULT_CLASSES: Record<Status, FaultClass> = {
  OK: 'permanent',
  CANCELLED: 'transient',
  UNKNOWN: 'transient',
  INVALID_ARGUMENT: 'permanent',
  DEADLINE_EXCEEDED: 'transient',
  NOT_FOUND: 'permanent',
  ALREADY_EXISTS: 'permanent',
  PERMISSION_DENIED: 'configuration',
  RESOURCE_EXHAUSTED: 'exhausted',
  FAILED_PRECONDITION: 'busy',
  ABORTED: 'busy',
  OUT_OF_RANGE: 'permanent',
  UNIMPLEMENTED: 'permanent',
  INTERNAL: 'transient',
  UNAVAILABLE: 'transient',
  DATA_LOSS: 'permanent',
  UNAUTHENTICATED: 'configuration',
};

/** The status name of a google.rpc.Code number; `UNKNOWN` for a number that is none. */
export function statusOfCode(code: number): Status {
  const found = Object.entries(STATUS_CODES).find(([, number]) => number === code);
  return (found?.[0] as Status | undefined) ?? 'UNKNOWN';
}

/** The status name of an HTTP status, as Google's APIs map them (google/rpc/code.proto). 412 is a failed precondition. */
export function statusOfHttp(http: number): Status {
  switch (http) {
    case 400:
      return 'INVALID_ARGUMENT';
    case 401:
      return 'UNAUTHENTICATED';
    case 403:
      return 'PERMISSION_DENIED';
    case 404:
      return 'NOT_FOUND';
    case 408:
      return 'DEADLINE_EXCEEDED';
    case 409:
      return 'ALREADY_EXISTS';
    case 412:
      return 'FAILED_PRECONDITION';
    case 429:
      return 'RESOURCE_EXHAUSTED';
    case 501:
      return 'UNIMPLEMENTED';
    case 502:
    case 503:
      return 'UNAVAILABLE';
    case 504:
      return 'DEADLINE_EXCEEDED';
    default:
      return http >= 500 ? 'INTERNAL' : 'UNKNOWN';
  }
}

/** A call to a service failed. `call` names it (`ProductSearch.DeleteProduct`), `status` says how. */
export class ServiceError extends Error {
  readonly call: string;
  readonly status: Status;

  constructor(call: string, status: Status, message: string, options?: ErrorOptions) {
    super(`${call}: ${status}: ${message}`, options);
    this.name = 'ServiceError';
    this.call = call;
    this.status = status;
  }

  get faultClass(): FaultClass {
    return FAULT_CLASSES[this.status];
  }
}

/** What was delivered is no event of ours: another bucket or subscription, or not a CloudEvent or push body at all. */
export class InvalidEventError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'InvalidEventError';
  }
}

/** What was delivered is well-formed, but of another bucket or project: it is for somebody else. */
export class ForeignEventError extends InvalidEventError {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ForeignEventError';
  }
}

/** The environment does not describe a system that can run. Lists every fault at once, by variable, never a secret. */
export class ConfigurationError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`The configuration is not usable: ${faults.join('; ')}`);
    this.name = 'ConfigurationError';
    this.faults = faults;
  }
}

/** What to do about anything that was thrown. What is no `ServiceError` is a bug of ours, or of a library: transient. */
export function faultClassOf(error: unknown): FaultClass {
  return error instanceof ServiceError ? error.faultClass : 'transient';
}
