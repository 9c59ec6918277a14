/** How Google's HTTP front ends answer an error: google.rpc.Code → HTTP status and `{error: {code, message, status}}`. */
import { STATUS_CODES, type Status, statusOfCode } from '../../shared/core/errors';
import type { StatusError } from '../statusError';

/** google/rpc/code.proto gives the HTTP status of each code. */
const HTTP_STATUS: Record<Status, number> = {
  OK: 200,
  CANCELLED: 499,
  UNKNOWN: 500,
  INVALID_ARGUMENT: 400,
  DEADLINE_EXCEEDED: 504,
  NOT_FOUND: 404,
  ALREADY_EXISTS: 409,
  PERMISSION_DENIED: 403,
  RESOURCE_EXHAUSTED: 429,
  FAILED_PRECONDITION: 400,
  ABORTED: 409,
  OUT_OF_RANGE: 400,
  UNIMPLEMENTED: 501,
  INTERNAL: 500,
  UNAVAILABLE: 503,
  DATA_LOSS: 500,
  UNAUTHENTICATED: 401,
};

export interface ErrorBody {
  error: { code: number; message: string; status: Status; details: object[] };
}

export function errorBodyOf(error: StatusError): ErrorBody {
  const status = error.code === STATUS_CODES.OK ? 'UNKNOWN' : statusOfCode(error.code);
  return { error: { code: HTTP_STATUS[status], message: error.message, status, details: [] } };
}
