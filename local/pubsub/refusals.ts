/** The refusals of the Pub/Sub model, worded as the service words them. */
import { STATUS_CODES } from '../../shared/core/errors';
import { StatusError } from '../statusError';

export function invalidArgument(message: string): StatusError {
  return new StatusError(STATUS_CODES.INVALID_ARGUMENT, message);
}

export function failedPrecondition(message: string): StatusError {
  return new StatusError(STATUS_CODES.FAILED_PRECONDITION, message);
}

/** `resource` is the bare id, as the service gives it. */
export function notFound(resource: string): StatusError {
  return new StatusError(STATUS_CODES.NOT_FOUND, `Resource not found (resource=${lastSegment(resource)}).`);
}

export function alreadyExists(resource: string): StatusError {
  const id = lastSegment(resource);
  return new StatusError(STATUS_CODES.ALREADY_EXISTS, `Resource already exists in the project (resource=${id}).`);
}

export function unimplemented(message: string): StatusError {
  return new StatusError(STATUS_CODES.UNIMPLEMENTED, message);
}

/** Refuses a number outside its bounds; `undefined` units are none. */
export function checkBounds(
  field: string,
  value: number,
  bounds: { least: number; most: number; unit?: string },
): void {
  const { least, most, unit = '' } = bounds;
  if (value >= least && value <= most) return;
  throw invalidArgument(
    `The value for ${field} is out of bounds. You passed ${value}${unit} in the request, ` +
      `but the value must be between ${least}${unit} and ${most}${unit}.`,
  );
}

function lastSegment(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}
