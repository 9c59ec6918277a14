/** The google.rpc.Code numbers that the local Product Search answers with, by name. */
import { STATUS_CODES } from '../../shared/core/errors';

export const {
  OK,
  CANCELLED,
  INVALID_ARGUMENT,
  NOT_FOUND,
  ALREADY_EXISTS,
  PERMISSION_DENIED,
  RESOURCE_EXHAUSTED,
  FAILED_PRECONDITION,
  ABORTED,
  INTERNAL,
} = STATUS_CODES;
