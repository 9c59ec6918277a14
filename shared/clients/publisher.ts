/** The `Publisher` port on `@google-cloud/pubsub`. */
import { PubSub, type Topic } from '@google-cloud/pubsub';
import { PassThroughClient } from 'google-auth-library';
import { ServiceError, STATUS_CODES, statusOfCode } from '../core/errors';
import type { Publisher } from '../ports';

export interface PublisherOptions {
  projectId: string;
  /** `host:port` of a local service; with it nobody looks for credentials or a metadata server. */
  emulatorHost?: string;
}

export interface PublisherClient extends Publisher {
  /** Ends its connections; nothing can be published afterwards. */
  close(): Promise<void>;
}

/**
 * A whole publish, retries included, ends within this, well below the 25 s that a lease allows an outside call.
 * A second delivery of the same event is harmless (its id is the same), so every fault that may pass is retried.
 */
const TOTAL_TIMEOUT_MS = 20_000;
const ATTEMPT_TIMEOUT_MS = 10_000;

const CALL = {
  timeout: ATTEMPT_TIMEOUT_MS,
  retry: {
    retryCodes: [
      STATUS_CODES.UNKNOWN,
      STATUS_CODES.DEADLINE_EXCEEDED,
      STATUS_CODES.RESOURCE_EXHAUSTED,
      STATUS_CODES.ABORTED,
      STATUS_CODES.INTERNAL,
      STATUS_CODES.UNAVAILABLE,
    ],
    backoffSettings: {
      initialRetryDelayMillis: 100,
      retryDelayMultiplier: 2,
      maxRetryDelayMillis: 2_000,
      initialRpcTimeoutMillis: ATTEMPT_TIMEOUT_MS,
      rpcTimeoutMultiplier: 1,
      maxRpcTimeoutMillis: ATTEMPT_TIMEOUT_MS,
      totalTimeoutMillis: TOTAL_TIMEOUT_MS,
    },
  },
};

export function createPublisher({ projectId, emulatorHost }: PublisherOptions): PublisherClient {
  const pubsub = new PubSub({ projectId, ...(emulatorHost ? localOptions(emulatorHost) : {}) });
  const topics = new Map<string, Topic>();

  function topicOf(id: string): Topic {
    const known = topics.get(id);
    if (known) return known;
    // One message a request: nothing waits for company, and a refusal concerns its own message only.
    const topic = pubsub.topic(id, { batching: { maxMessages: 1 }, gaxOpts: CALL });
    topics.set(id, topic);
    return topic;
  }

  return {
    async publish(topic, { data, attributes }) {
      try {
        return await topicOf(topic).publishMessage({ data, attributes });
      } catch (error) {
        throw serviceErrorOf(error);
      }
    },
    close: () => pubsub.close(),
  };
}

/** Without a client of its own the library asks the metadata server for the universe domain, emulator or not. */
function localOptions(emulatorHost: string) {
  return { apiEndpoint: emulatorHost, emulatorMode: true, authClient: new PassThroughClient() };
}

function serviceErrorOf(error: unknown): ServiceError {
  const { code, details, message } = error as { code?: unknown; details?: unknown; message?: unknown };
  // The library adds every attempt that failed before the last one.
  const text = String(details || message || error).replace(/ : Previous errors :.*$/s, '');
  if (typeof code === 'number')
    return new ServiceError('Publisher.Publish', statusOfCode(code), text, { cause: error });
  // The auth library throws before there is a call, and so without a code.
  const status = /credentials/i.test(text) ? 'UNAUTHENTICATED' : 'UNKNOWN';
  return new ServiceError('Publisher.Publish', status, text, { cause: error });
}
