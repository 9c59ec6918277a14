/** What every function does around its one job: configuration on first use, envelope, and fault to redelivery. */
import { connect } from './clients/connect';
import { type Config, loadConfig } from './config';
import { InvalidEventError } from './core/errors';
import { type PushMessage, parsePushMessage } from './core/pushMessage';
import { createPacer, type Pacer } from './ledger/pacer';
import { createLog, errorFields } from './log';
import type { Ports } from './ports';

export interface Deps {
  ports: Ports;
  config: Config;
  pacer: Pacer;
}

/** What is needed of the framework's request and response: only `functions/` imports the framework. */
interface PushRequest {
  body?: unknown;
}

interface PushResponse {
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

/** The configuration and the clients of this instance. Throws `ConfigurationError` with every fault. */
export function depsOf(functionName: string): () => Deps {
  return lazy(() => {
    const config = loadConfig(process.env);
    const log = createLog((line) => process.stdout.write(`${line}\n`), { function: functionName });
    const ports = connect(config, log);
    return { config, ports, pacer: createPacer(ports, config) };
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
  return async (request: PushRequest, response: PushResponse): Promise<void> => {
    const { ports, config, pacer } = deps();
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
  };
}

/** The configured subscription, or one that is named after its topic (`product-search-commands-push`). */
function isOwnSubscription(name: string, projectId: string, topic: string, given: string | undefined): boolean {
  const prefix = `projects/${projectId}/subscriptions/`;
  if (!name.startsWith(prefix)) return false;
  const id = name.slice(prefix.length);
  return given === undefined ? id === topic || id.startsWith(`${topic}-`) : id === given;
}
