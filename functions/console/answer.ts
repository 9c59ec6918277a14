/** From a request on the console's address to its answer. Only GET and HEAD; everything else is refused in words. */
import type { Request, Response } from '@google-cloud/functions-framework';
import { ConfigurationError, ServiceError } from '../../shared/core/errors';
import { isRequestId } from '../../shared/core/names';
import { shownValue } from '../../shared/core/problem';
import { errorFields } from '../../shared/log';
import { FAVICON } from './favicon';
import { type Headers, PLAIN_HEADERS, pageHeaders } from './headers';
import type { Readers } from './readers';
import { sendFile } from './sendFile';

const REQUESTS = '/api/requests/';

/** The handler of the function. `readers` are made at the first request that needs them; `/` and `/healthz` do not. */
export function createAnswer(pageHtml: string, readers: () => Readers) {
  const headersOfPage = pageHeaders(pageHtml);

  async function route(path: string, request: Request, response: Response): Promise<void> {
    switch (path) {
      case '/':
        return send(response, 200, 'text/html; charset=utf-8', pageHtml, headersOfPage);
      case '/healthz':
        return json(response, 200, { status: 'ok' });
      case '/favicon.svg':
        return send(response, 200, 'image/svg+xml', FAVICON, { 'Cache-Control': 'max-age=86400' });
      case '/api/overview':
        return json(response, 200, await readers().overview());
      case '/files':
        return sendFile(request, response, readers());
    }
    if (path.startsWith(REQUESTS)) return sendRecord(path.slice(REQUESTS.length), request, response, readers);
    json(response, 404, { error: 'There is nothing here; the console is at /' });
  }

  return async (request: Request, response: Response): Promise<void> => {
    response.set(PLAIN_HEADERS);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.set('Allow', 'GET, HEAD');
      json(response, 405, { error: `${request.method} is not possible: the console only shows` });
      return;
    }
    try {
      // As it was sent: a path in which dots were resolved would name something else than what was asked for.
      await route(request.originalUrl.split('?', 1)[0] ?? '/', request, response);
    } catch (error) {
      fail(request, response, error, readers);
    }
  };
}

async function sendRecord(id: string, request: Request, response: Response, readers: () => Readers): Promise<void> {
  if (!isRequestId(id)) return json(response, 400, { error: `${shownValue(id)} is no request id` });
  const record = await readers().request(id);
  if (record === null) return json(response, 404, { error: `There is no request ${id}` });
  readers().logOf(request.headers).write('DEBUG', 'request shown', { requestId: id });
  json(response, 200, record);
}

/** A service's fault and a faulty configuration are told; of anything else only that it happened. */
function fail(request: Request, response: Response, error: unknown, readers: () => Readers): void {
  if (error instanceof ConfigurationError) {
    json(response, 500, { error: error.message });
    return;
  }
  if (isReaderGone(error)) return;
  readers().logOf(request.headers).write('ERROR', 'console could not answer', errorFields(error));
  // Too late for an answer: a cut connection says that the file is not whole.
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const isService = error instanceof ServiceError;
  const message = isService ? error.message : 'This could not be answered; the log of the console says why';
  json(response, isService ? 503 : 500, { error: message });
}

/** Somebody closed the page, or stopped a download. */
function isReaderGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
}

function json(response: Response, status: number, body: unknown): void {
  send(response, status, 'application/json; charset=utf-8', JSON.stringify(body));
}

function send(response: Response, status: number, type: string, body: string, headers: Headers = {}): void {
  response
    .status(status)
    .set({ 'Content-Type': type, ...headers })
    .end(body);
}
