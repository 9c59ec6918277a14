/** The local Pub/Sub service: google.pubsub.v1 over gRPC and REST on one port, push delivery, faults on demand. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import protos from '@google-cloud/pubsub/build/protos/protos.json';
import { createFaults, type Faults } from '../wire/faults';
import { type RunningService, startProtoService } from '../wire/service';
import { startAlarm } from './alarm';
import type { PubsubModel } from './model';
import { publisherHandlers } from './publisherHandlers';
import { startPush } from './push';
import { streamingPull } from './streamingPull';
import { subscriberHandlers } from './subscriberHandlers';

export interface PubsubServerOptions {
  model: PubsubModel;
  /** 0 takes a free one. */
  port: number;
  host: string;
  /** Default: none at the start. */
  faults?: Faults;
}

export interface PubsubServer extends RunningService {
  faults: Faults;
}

/** Resolves once the port is open; rejects with the system's error where it cannot be had. */
export async function startPubsubServer(options: PubsubServerOptions): Promise<PubsubServer> {
  const { model, port, host, faults = createFaults() } = options;
  const service = await startProtoService({
    protos,
    services: {
      'google.pubsub.v1.Publisher': publisherHandlers(model),
      'google.pubsub.v1.Subscriber': subscriberHandlers(model),
      'google.pubsub.v1.SchemaService': {},
    },
    streams: { 'google.pubsub.v1.Subscriber': { StreamingPull: streamingPull(model) } },
    extraHttp: answerRoot,
    faults,
    port,
    host,
  });
  const stopAlarm = startAlarm(model);
  const push = startPush(model);
  return {
    ...service,
    faults,
    close() {
      stopAlarm();
      push.close();
      return service.close();
    },
  };
}

/** As Google's own emulator answers, so that the same readiness checks work. */
function answerRoot(req: IncomingMessage, res: ServerResponse): boolean {
  if (req.url !== '/' || req.method !== 'GET') return false;
  res.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end('Ok');
  return true;
}
