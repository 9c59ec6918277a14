/** The wire of the local Cloudinary: HTTP in front of the model, with credentials, the hourly limit, faults on demand. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../shared/ports';
import { StatusError } from '../statusError';
import { createFaults, type Fault, type Faults, handleFaults } from '../wire/faults';
import { errorBodyOf } from '../wire/httpStatus';
import { type Credentials, checkBasic, checkSignature } from './credentials';
import type { CloudinaryModel } from './model';
import { CloudinaryModelError } from './modelErrors';
import { readParams } from './params';
import { findRoute, METHODS, type Route } from './routes';

export interface CloudinaryServerOptions {
  model: CloudinaryModel;
  clock: Clock;
  /** 0 takes a free one. */
  port: number;
  host: string;
  credentials: Credentials;
  /** Default: an empty list of its own. */
  faults?: Faults;
  /** Told of each call as it came, before anything is done. */
  onCall?(call: { verb: string; path: string; body: string }): void;
}

export interface CloudinaryServer {
  port: number;
  url: string;
  faults: Faults;
  /** Ends at once: open connections are cut. */
  close(): Promise<void>;
}

interface Answer {
  status: number;
  headers?: Record<string, string>;
  /** JSON, or HTML as a string. */
  body: object | string;
}

type Service = CloudinaryServerOptions & { faults: Faults; signal: AbortSignal };

const KEEP_ALIVE_MS = 10 * 60_000;

/** Resolves once it listens; rejects where the port is in use. */
export async function startCloudinaryServer(options: CloudinaryServerOptions): Promise<CloudinaryServer> {
  const faults = options.faults ?? createFaults();
  const closing = new AbortController();
  const server = createServer((req, res) => {
    if (handleFaults(faults, METHODS, req, res)) return;
    respond({ ...options, faults, signal: closing.signal }, req, res).catch(() => res.destroy());
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  return {
    port,
    url: `http://${options.host}:${port}`,
    faults,
    close() {
      closing.abort();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      return closed;
    },
  };
}

async function respond(service: Service, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const { status, headers, body } = await answerTo(service, req).catch(errorAnswer);
  req.resume();
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const contentType = typeof body === 'string' ? 'text/html; charset=utf-8' : 'application/json; charset=utf-8';
  res.writeHead(status, { 'content-type': contentType, 'content-length': Buffer.byteLength(text), ...headers });
  res.end(text);
}

async function answerTo(service: Service, req: IncomingMessage): Promise<Answer> {
  const { model, clock, credentials, faults, signal } = service;
  const url = new URL(req.url ?? '/', 'http://localhost');
  const verb = req.method ?? 'GET';
  if (verb === 'GET' && url.pathname === '/_invalidations') {
    return { status: 200, body: { invalidations: model.invalidations } };
  }
  const [version, cloud = '', ...path] = segmentsOf(url.pathname);
  const route = version === 'v1_1' ? findRoute(verb, path) : null;
  if (route === null) throw new CloudinaryModelError(404, `Unknown path ${verb} ${url.pathname}`);
  const params = await readParams(req, url.searchParams);
  service.onCall?.({ verb, path: path.join('/'), body: new URLSearchParams([...params.signed]).toString() });
  const fault = faults.take(route.name);
  if (fault !== null && fault.delayMs > 0) await sleep(fault.delayMs, undefined, { signal });
  if (fault !== null && fault.code > 0 && !fault.afterEffect) return faultAnswer(fault, service);
  if (route.api === 'admin') checkBasic(credentials, cloud, req.headers.authorization);
  else checkSignature(credentials, cloud, params, clock);
  const answer = effectOf(route, service, params);
  return fault !== null && fault.code > 0 ? faultAnswer(fault, service) : answer;
}

function effectOf(route: Route, { model }: Service, params: Parameters<Route['handle']>[1]): Answer {
  if (route.api === 'upload') return { status: 200, body: route.handle(model, params) };
  model.quota.take();
  const body = route.handle(model, params);
  const { limit, remaining, resetAt } = model.quota.view();
  const headers = {
    'x-featureratelimit-limit': String(limit),
    'x-featureratelimit-remaining': String(remaining),
    'x-featureratelimit-reset': new Date(Math.ceil(resetAt / 1_000) * 1_000).toUTCString(),
  };
  return { status: 200, headers, body };
}

/** Percent-decoded first, then cut: the official library encodes the slashes of some paths. */
function segmentsOf(pathname: string): string[] {
  let path = pathname;
  try {
    path = decodeURIComponent(pathname);
  } catch {}
  return path.replace(/^\//, '').replace(/\/$/, '').split('/');
}

/** As the service fails: the limit with its sentence, refusals as JSON, what its front ends say as a page of HTML. */
function faultAnswer({ method, code }: Fault, { model }: Service): Answer {
  const status = code < 100 ? errorBodyOf(new StatusError(code, '')).error.code : code;
  if (status === 420 || status === 429) {
    const { limit, resetAt } = model.quota.view();
    const again = new Date(Math.ceil(resetAt / 1_000) * 1_000).toISOString().slice(0, 19).replace('T', ' ');
    const message = `Rate Limit Exceeded. Limit of ${limit} api operations reached. Try again on ${again} UTC`;
    return { status, body: { error: { message } } };
  }
  if (status === 401 || status > 500) return { status, body: `<html><body><h1>${status}</h1></body></html>` };
  return { status, body: { error: { message: `Fault on demand: ${method} answers ${status}` } } };
}

function errorAnswer(error: unknown): Answer {
  if (error instanceof CloudinaryModelError)
    return { status: error.status, body: { error: { message: error.message } } };
  const message = error instanceof Error ? error.message : String(error);
  return { status: error instanceof StatusError ? 400 : 500, body: { error: { message } } };
}
