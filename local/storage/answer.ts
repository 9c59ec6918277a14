/** What a route answers, and how that and every error go over the wire in the JSON API's form. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { StatusError } from '../statusError';
import { StorageModelError } from './modelErrors';

export interface Answer {
  status: number;
  headers?: Record<string, string | number>;
  body?: string | Readable;
}

/** A request and what its path says. */
export interface Exchange {
  req: IncomingMessage;
  /** Decoded path parameters. */
  params: Record<string, string>;
  query: URLSearchParams;
  /** Of this server as the client reached it: `http://127.0.0.1:8086`. */
  origin: string;
}

export interface Route {
  verb: string;
  /** `b/:bucket/o/:object`; a `*` at the end takes the rest of the path. */
  pattern: string;
  /** The JSON API's name of the method, for faults. */
  method: string;
  handle(exchange: Exchange): Answer | Promise<Answer>;
}

const NO_BODY_STATUSES = [204, 304];
/** HTTP statuses of google.rpc.Code, by code (google/rpc/code.proto). */
const HTTP_OF_CODE = [200, 499, 500, 400, 504, 404, 409, 403, 429, 412, 409, 400, 501, 500, 503, 500, 401];
const REASONS = new Map([
  [400, 'invalid'],
  [401, 'authError'],
  [403, 'forbidden'],
  [404, 'notFound'],
  [408, 'requestTimeout'],
  [409, 'conflict'],
  [412, 'conditionNotMet'],
  [429, 'rateLimitExceeded'],
  [501, 'notImplemented'],
]);

export function json(body: object, status = 200): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=UTF-8', 'cache-control': 'no-cache, no-store, max-age=0' },
    body: `${JSON.stringify(body, null, 1)}\n`,
  };
}

/** The HTTP status of a fault's code: a google.rpc.Code below 100, else an HTTP status itself. */
export function httpOfCode(code: number): number {
  return code < 100 ? (HTTP_OF_CODE[code] ?? 500) : code;
}

export function errorAnswer(error: unknown): Answer {
  if (error instanceof StorageModelError) return refusal(error.status, error.reason, error.message);
  if (error instanceof StatusError) return refusal(httpOfCode(error.code), undefined, error.message);
  return refusal(500, 'internalError', error instanceof Error ? error.message : String(error));
}

export function refusal(status: number, reason: string | undefined, message: string): Answer {
  if (NO_BODY_STATUSES.includes(status)) return { status };
  const detail = { message, domain: 'global', reason: reason ?? REASONS.get(status) ?? 'backendError' };
  const place = status === 412 ? { locationType: 'header', location: 'If-Match' } : {};
  return json({ error: { code: status, message, errors: [{ ...detail, ...place }] } }, status);
}

/** Writes the answer; rejects where the client goes away in the middle of a body. */
export async function sendAnswer(res: ServerResponse, answer: Answer): Promise<void> {
  const { body } = answer;
  const length = typeof body === 'string' ? { 'content-length': Buffer.byteLength(body) } : {};
  const empty = body === undefined && !NO_BODY_STATUSES.includes(answer.status) ? { 'content-length': 0 } : {};
  res.writeHead(answer.status, { server: 'UploadServer', ...empty, ...length, ...answer.headers });
  if (!(body instanceof Readable)) {
    res.end(body);
    return;
  }
  if (res.req.method !== 'HEAD') return pipeline(body, res);
  body.destroy();
  res.end();
}
