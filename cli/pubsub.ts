/** The Pub/Sub clients of the program: for the local service where the environment names one, else for the real one. */
import { type ClientConfig, PubSub, v1 } from '@google-cloud/pubsub';
import { credentials } from '@grpc/grpc-js';
import { PassThroughClient } from 'google-auth-library';
import type { Config } from '../shared/config';

export function connectPubsub({ projectId, pubsubHost }: Config): PubSub {
  return new PubSub({ projectId, ...(pubsubHost === undefined ? {} : localOptions(pubsubHost)) });
}

/** For single pulls: the client above only streams. */
export function connectSubscriber({ projectId, pubsubHost }: Config): v1.SubscriberClient {
  if (pubsubHost === undefined) return new v1.SubscriberClient({ projectId });
  const { hostname, port } = new URL(`http://${pubsubHost.replace(/^https?:\/\//, '')}`);
  return new v1.SubscriberClient({
    projectId,
    apiEndpoint: hostname,
    port: Number(port),
    sslCreds: credentials.createInsecure(),
    authClient: new PassThroughClient(),
  });
}

/** Without a client of its own the library asks the metadata server for the universe domain, emulator or not. */
function localOptions(host: string): ClientConfig {
  return { apiEndpoint: host, emulatorMode: true, authClient: new PassThroughClient() };
}
