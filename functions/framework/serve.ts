/**
 * Registers a function with the framework. What the framework cannot read, it answers with an HTML page before the function
 * is asked; here it becomes a sentence as JSON, and a line of the log.
 */
import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type HttpFunction, http } from '@google-cloud/functions-framework';
import { logOf } from '../../shared/handler';

/** The framework has no hook before its parsers; Node tells of each request on this channel before anyone is asked. */
const REQUEST_START = 'http.server.request.start';

const REASONS: Record<number, string> = {
  404: 'There is nothing here',
  413: 'The body is too large',
  415: 'The body is in a charset or an encoding that is not read here: send UTF-8, plain or as gzip',
};

export function serve(name: string, handler: HttpFunction): void {
  const log = logOf(name);
  http(name, handler);
  subscribe(REQUEST_START, (message) => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
    replacePage(response, () => {
      const error = reasonOf(request.url ?? '', response.statusCode);
      log.write('WARNING', 'refused: cannot be read', { error, status: response.statusCode });
      return error;
    });
  });
}

/** Nothing of ours answers an error as HTML, so such a page is the framework's. */
function replacePage(response: ServerResponse, reason: () => string): void {
  const end = response.end.bind(response) as (...given: unknown[]) => ServerResponse;
  const isPage = () =>
    !response.headersSent &&
    response.statusCode >= 400 &&
    String(response.getHeader('Content-Type')).startsWith('text/html');
  response.end = (...given: unknown[]) => {
    if (!isPage()) return end(...given);
    const body = JSON.stringify({ error: reason() });
    response.setHeader('Content-Type', 'application/json; charset=utf-8');
    response.setHeader('Content-Length', Buffer.byteLength(body));
    return end(body);
  };
}

function reasonOf(address: string, status: number): string {
  if (status >= 500) return 'This failed; the log of the function says why';
  if (!isReadable(address)) return 'The address cannot be read: its percent signs must stand for UTF-8';
  return REASONS[status] ?? 'The body cannot be read: it must be what its Content-Type says, such as whole JSON';
}

function isReadable(address: string): boolean {
  try {
    decodeURIComponent(address.split('?', 1)[0] ?? '');
    return true;
  } catch {
    return false;
  }
}
