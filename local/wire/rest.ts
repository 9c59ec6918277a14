/** Serves methods over HTTP/1.1 and JSON, by the routes that their protos declare. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { STATUS_CODES } from '../../shared/core/errors';
import { StatusError } from '../statusError';
import { callMethod, type Method, statusErrorOf } from './call';
import { type Faults, handleFaults } from './faults';
import { matchRoute, type Route } from './httpRule';
import { errorBodyOf } from './httpStatus';
import { jsonFromPlainObject } from './protoJson';
import { readBody } from './readBody';
import { readRestRequest } from './restRequest';

export interface RestOptions {
  routes: readonly Route<Method>[];
  /** The bare names of all methods, those that no route leads to included. */
  methods: readonly string[];
  faults: Faults;
  /** Sees every request first and says whether it answers it. */
  extraHttp?: (req: IncomingMessage, res: ServerResponse) => boolean;
  /** Aborted when the service closes. */
  signal: AbortSignal;
}

export const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

export function createRestListener(options: RestOptions): RequestListener {
  return (req, res) => {
    if (handleFaults(options.faults, options.methods, req, res) || options.extraHttp?.(req, res)) return;
    answer(options, req, res).catch((error: unknown) => sendError(res, statusErrorOf(error)));
  };
}

async function answer(options: RestOptions, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const body = await readBody(req, MAX_MESSAGE_BYTES);
  const [path = '', queryText = ''] = (req.url ?? '').split(/\?(.*)/s);
  const httpMethod = effectiveMethod(req);
  const match = matchRoute(options.routes, httpMethod, path);
  if (!match) throw new StatusError(STATUS_CODES.NOT_FOUND, `${httpMethod} ${path} is no method of this service.`);

  const query = new URLSearchParams(isTunnelled(req) ? `${queryText}&${body.toString('utf8')}` : queryText);
  const request = readRestRequest(match, query, isTunnelled(req) ? Buffer.alloc(0) : body);
  const method = match.route.target;
  const response = await callMethod(options.faults, method, request, { signal: callSignal(res, options.signal) });
  send(res, 200, jsonFromPlainObject(method.responseType, response, asksForNumericEnums(query)));
}

/** `X-HTTP-Method-Override` says what a POST stands for. */
function effectiveMethod(req: IncomingMessage): string {
  const override = req.headers['x-http-method-override'];
  if (req.method === 'POST' && typeof override === 'string') return override.toUpperCase();
  return req.method ?? 'GET';
}

/** A GET sent as a POST, because its URL would be too long, carries its query in the body. */
function isTunnelled(req: IncomingMessage): boolean {
  const type = req.headers['content-type'] ?? '';
  return effectiveMethod(req) === 'GET' && type.startsWith('application/x-www-form-urlencoded');
}

function asksForNumericEnums(query: URLSearchParams): boolean {
  return [query.get('$alt'), query.get('alt')].some((alt) => alt?.includes('enum-encoding=int') ?? false);
}

function callSignal(res: ServerResponse, closing: AbortSignal): AbortSignal {
  const gone = new AbortController();
  res.on('close', () => gone.abort());
  return AbortSignal.any([gone.signal, closing]);
}

function sendError(res: ServerResponse, error: StatusError): void {
  const body = errorBodyOf(error);
  if (!res.headersSent) send(res, body.error.code, body);
}

function send(res: ServerResponse, status: number, body: unknown): void {
  res.writeHead(status, { 'content-type': 'application/json; charset=UTF-8' });
  res.end(`${JSON.stringify(body, null, 2)}\n`);
}
