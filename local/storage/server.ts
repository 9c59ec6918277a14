/** The wire of the local Cloud Storage: HTTP in front of the model, with faults on demand. */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Entropy } from '../../shared/ports';
import { createFaults, type Fault, type Faults, handleFaults } from '../wire/faults';
import { type Answer, errorAnswer, httpOfCode, refusal, sendAnswer } from './answer';
import { bucketRoutes } from './bucketRoutes';
import type { StorageModel } from './model';
import { objectRoutes, publicRoutes } from './objectRoutes';
import { createUploadSessions } from './resumableUploads';
import { findRoute, type RouteGroups, type Target } from './router';
import { uploadRoutes } from './uploadRoutes';

export interface StorageServerOptions {
  model: StorageModel;
  /** 0 takes a free one. */
  port: number;
  host: string;
  /** For the ids of resumable uploads; default: random. */
  entropy?: Entropy;
  /** Default: an empty list of its own. */
  faults?: Faults;
}

export interface StorageServer {
  port: number;
  url: string;
  /** Ends at once: open connections are cut. */
  close(): Promise<void>;
}

const KEEP_ALIVE_MS = 10 * 60_000;

/** Resolves once it listens; rejects where the port is in use. */
export async function startStorageServer(options: StorageServerOptions): Promise<StorageServer> {
  const { model, host, entropy, faults = createFaults() } = options;
  const sessions = createUploadSessions(() => entropy?.nonce() ?? randomBytes(16).toString('hex'));
  const routes = {
    api: [...bucketRoutes(model), ...objectRoutes(model)],
    upload: uploadRoutes(model, sessions),
    open: publicRoutes(model),
  };
  const named = Object.values(routes).flatMap((group) => group.map((route) => route.method));
  const methods = [...new Set(named.flatMap((name) => [name, name.replace(/^storage\./, '')]))];
  const closing = new AbortController();
  const server = createServer((req, res) => {
    if (handleFaults(faults, methods, req, res)) return;
    respond({ routes, faults, signal: closing.signal }, req, res).catch(() => res.destroy());
  });
  // A large upload on a slow machine may take longer than Node's five minutes for a request.
  server.requestTimeout = 0;
  // Clients keep connections; one that this end closed first would cost them a call that cannot be repeated.
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, host, resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  return {
    port,
    url: `http://${host}:${port}`,
    close() {
      closing.abort();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      return closed;
    },
  };
}

interface Service {
  routes: RouteGroups;
  faults: Faults;
  signal: AbortSignal;
}

async function respond(service: Service, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const answer = await answerTo(service, req).catch(errorAnswer);
  // What a refused upload still sends is read and dropped; a closed connection would hide the answer from the client.
  req.resume();
  await sendAnswer(res, answer);
}

async function answerTo({ routes, faults, signal }: Service, req: IncomingMessage): Promise<Answer> {
  const origin = `http://${req.headers.host ?? 'localhost'}`;
  const override = req.headers['x-http-method-override'];
  const verb = typeof override === 'string' ? override.toUpperCase() : (req.method ?? 'GET');
  const [path = '/', search = ''] = splitOnce(req.url ?? '/', '?');
  const target = findRoute(routes, verb, path);
  if (target === 'unknown') return refusal(404, 'notFound', 'Not Found');
  if (target === 'other-verb') return refusal(405, 'methodNotAllowed', `The method ${verb} is not allowed here.`);
  const fault = takeFault(faults, target.route.method);
  if (fault !== null && fault.delayMs > 0) await sleep(fault.delayMs, undefined, { signal });
  const exchange = { req, params: target.params, query: new URLSearchParams(search), origin };
  if (fault === null || fault.code === 0) return target.route.handle(exchange);
  if (fault.afterEffect) await loseAnswer(target, exchange);
  const status = httpOfCode(fault.code);
  return refusal(status, undefined, `Fault on demand: ${target.route.method} answers ${status}.`);
}

/** The call has its effect, or fails by itself; nobody hears of it. */
async function loseAnswer({ route }: Target, exchange: Parameters<Target['route']['handle']>[0]): Promise<void> {
  try {
    await route.handle(exchange);
  } catch {}
}

/** Faults name a method as the JSON API does, with or without `storage.` in front. */
function takeFault(faults: Faults, method: string): Fault | null {
  return faults.take(method) ?? faults.take(method.replace(/^storage\./, ''));
}

function splitOnce(text: string, mark: string): [string, string?] {
  const at = text.indexOf(mark);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + mark.length)];
}
