/** Reads a request's whole body; rejects with a `StatusError` once it is longer than allowed. */
import type { IncomingMessage } from 'node:http';
import { STATUS_CODES } from '../../shared/core/errors';
import { StatusError } from '../statusError';

export async function readBody(req: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length;
    // The rest is read and dropped: a connection that is cut in the middle would hide the answer from the client.
    if (size <= maxBytes) chunks.push(chunk);
  }
  if (size > maxBytes) {
    throw new StatusError(STATUS_CODES.INVALID_ARGUMENT, `Request payload size exceeds the limit: ${maxBytes} bytes.`);
  }
  return Buffer.concat(chunks);
}
