/** What every function does around its one job: configuration on first use, envelope, and fault to redelivery. */
import { connect } from './clients/connect';
import { type Config, loadConfig } from './config';
import { readCloudEvent } from './core/cloudEvent';
import { ForeignEventError, InvalidEventError } from './core/errors';
import { type PushMessage, parsePushMessage } from './core/pushMessage';
import { type TraceHeaders, traceFields } from './core/trace';
import { createPacer, type Pacer } from './ledger/pacer';
import { createLog, errorFields } from './log';
import type { Log, Ports } from './ports';

export interface Deps {
  ports: Ports;
  config: Config;
  pacer: Pacer;
}

/** What is needed of the framework's request and response: only `functions/` imports the framework. */
interface HttpRequest {
  method?: string;
  body?: unknown;
  headers?: TraceHeaders;
}

interface HttpResponse {
  status(code: number): { json(body: unknown): unknown; end(): unknown };
}

/** Makes the value on first use and keeps it, but forgets a failure, so that one bad start poisons no instance. */
export function lazy<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** The log of a function before anything is known of its configuration, and of what called it. */
export function logOf(functionName: string): Log {
  return createLog((line) => process.stdout.write(`${line}\n`), { function: functionName });
}

/** The configuration and the clients of this instance. Throws `ConfigurationError` with every fault, and logs it. */
export function depsOf(functionName: string): () => Deps {
  const log = logOf(functionName);
  return lazy(() => {
    try {
      const config = loadConfig(process.env);
      const ports = connect(config, log);
      return { config, ports, pacer: createPacer(ports, config) };
    } catch (error) {
      log.write('ERROR', 'configuration not usable', errorFields(error));
      throw error;
    }
  });
}

/**
 * One invocation: every line of its log carries the trace of what called it, and a fault is logged once and whole.
 * 'failed' means that what was delivered has to come again.
 */
async function invoke(
  deps: () => Deps,
  headers: TraceHeaders,
  act: (deps: Deps) => Promise<void>,
): Promise<'done' | 'failed'> {
  let own: Deps;
  try {
    const { ports, config, pacer } = deps();
    own = { config, pacer, ports: { ...ports, log: ports.log.with(traceFields(headers, config.projectId)) } };
  } catch {
    // It has been logged by whoever made the dependencies.
    return 'failed';
  }
  try {
    await act(own);
    return 'done';
  } catch (error) {
    own.ports.log.write('ERROR', 'invocation failed', errorFields(error));
    return 'failed';
  }
}

/** An HTTP function; a fault is answered with 500, and the log says more. */
export function httpFunction<Request extends HttpRequest, Response extends HttpResponse>(
  deps: () => Deps,
  act: (deps: Deps, request: Request, response: Response) => Promise<void>,
) {
  return async (request: Request, response: Response): Promise<void> => {
    const outcome = await invoke(deps, request.headers ?? {}, (own) => act(own, request, response));
    if (outcome === 'failed') response.status(500).json({ error: 'This failed; the log of the function says why' });
  };
}

interface EventResponse extends HttpResponse {
  set(header: string, value: string): unknown;
}

interface EventHandling<Event> {
  /** Throws `InvalidEventError` for what is no event of ours. */
  read(event: unknown, config: Config): Event;
  handle(event: Event, deps: Deps): Promise<void>;
  /** What would be right, as the end of the sentence that refuses something else. */
  wanted: string;
}

/**
 * An HTTP function behind an event trigger. Answers 204 (acknowledged) when `handle` returns, 400, 403 and 405 for what is
 * no event of ours, 500 when it throws. The trigger repeats whatever was not answered with a 2xx, refusals included.
 */
export function eventFunction<Event>(deps: () => Deps, { read, handle, wanted }: EventHandling<Event>) {
  return httpFunction<HttpRequest, EventResponse>(deps, async (own, request, response) => {
    function refuse(status: number, error: Error): void {
      own.ports.log.write('ERROR', 'refused: no event of ours', errorFields(error));
      response.status(status).json({ error: `${error.message}; ${wanted}` });
    }
    if (request.method !== 'POST') {
      response.set('Allow', 'POST');
      return refuse(405, new InvalidEventError(`no event comes with ${request.method}`));
    }
    let event: Event;
    try {
      event = read(readCloudEvent(request.headers ?? {}, request.body), own.config);
    } catch (error) {
      if (!(error instanceof InvalidEventError)) throw error;
      return refuse(error instanceof ForeignEventError ? 403 : 400, error);
    }
    await handle(event, own);
    response.status(204).end();
  });
}

/**
 * An HTTP function behind a push subscription. Answers 204 (acknowledged) when `handle` returns, 400 and 403 for what is
 * no message of ours, 500 (delivered again) when it throws.
 */
export function pushFunction(
  deps: () => Deps,
  subscription: (config: Config) => { topic: string; given: string | undefined },
  handle: (message: PushMessage, deps: Deps) => Promise<void>,
) {
  return httpFunction<HttpRequest, HttpResponse>(deps, async ({ ports, config, pacer }, request, response) => {
    let message: PushMessage;
    try {
      message = parsePushMessage(request.body);
    } catch (error) {
      if (!(error instanceof InvalidEventError)) throw error;
      ports.log.write('ERROR', 'refused: no push body', errorFields(error));
      response.status(400).json({ error: error.message });
      return;
    }
    const { topic, given } = subscription(config);
    if (!isOwnSubscription(message.subscription, config.projectId, topic, given)) {
      ports.log.write('ERROR', 'refused: another subscription', { subscription: message.subscription });
      response.status(403).json({ error: `${message.subscription} does not deliver to this function` });
      return;
    }
    await handle(message, { ports, config, pacer });
    response.status(204).end();
  });
}

/** The configured subscription, or one that is named after its topic (`product-search-commands-push`). */
function isOwnSubscription(name: string, projectId: string, topic: string, given: string | undefined): boolean {
  const prefix = `projects/${projectId}/subscriptions/`;
  if (!name.startsWith(prefix)) return false;
  const id = name.slice(prefix.length);
  return given === undefined ? id === topic || id.startsWith(`${topic}-`) : id === given;
}
