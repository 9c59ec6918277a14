/** What the local Cloudinary refuses, with the HTTP status that goes over the wire. */

export class CloudinaryModelError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'CloudinaryModelError';
    this.status = status;
  }
}

export function badRequest(message: string): CloudinaryModelError {
  return new CloudinaryModelError(400, message);
}

export function notFound(message: string): CloudinaryModelError {
  return new CloudinaryModelError(404, message);
}
