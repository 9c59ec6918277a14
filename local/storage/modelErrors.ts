/**
 * The refusals of Cloud Storage, worded as the service words them
 * (https://cloud.google.com/storage/docs/json_api/v1/status-codes).
 */

export class StorageModelError extends Error {
  /** HTTP status. */
  readonly status: number;
  /** The machine-readable reason of the JSON API's error list. */
  readonly reason: string;

  constructor(status: number, reason: string, message: string) {
    super(message);
    this.name = 'StorageModelError';
    this.status = status;
    this.reason = reason;
  }
}

export function bucketNotFound(): StorageModelError {
  return new StorageModelError(404, 'notFound', 'The specified bucket does not exist.');
}

export function objectNotFound(bucket: string, name: string): StorageModelError {
  return new StorageModelError(404, 'notFound', `No such object: ${bucket}/${name}`);
}

export function conditionNotMet(): StorageModelError {
  return new StorageModelError(
    412,
    'conditionNotMet',
    'At least one of the pre-conditions you specified did not hold.',
  );
}

/** A read whose `NotMatch` condition does not hold; the wire answers it without a body. */
export function notModified(): StorageModelError {
  return new StorageModelError(304, 'notModified', 'Not Modified');
}

export function bucketExists(): StorageModelError {
  return new StorageModelError(
    409,
    'conflict',
    'Your previous request to create the named bucket succeeded and you already own it.',
  );
}

export function bucketNotEmpty(): StorageModelError {
  return new StorageModelError(409, 'conflict', 'The bucket you tried to delete is not empty.');
}

export function required(what: string): StorageModelError {
  return new StorageModelError(400, 'required', `Required parameter: ${what}`);
}

export function invalid(message: string): StorageModelError {
  return new StorageModelError(400, 'invalid', message);
}
