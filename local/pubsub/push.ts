/** Push delivery: every subscription with an endpoint gets its messages POSTed, with back-off and bounded concurrency. */
import http from 'node:http';
import https from 'node:https';
import type { Delivery } from './delivery';
import type { PubsubModel } from './model';
import { pushBody } from './pushBody';
import { type PushAgents, pushOnce } from './pushRequest';
import type { SubscriptionConfig } from './subscriptionConfig';

export interface PushDelivery {
  /** Ends requests in flight at once; their messages stay undelivered. */
  close(): void;
}

/** Requests in flight for one subscription: grows by one with each success, halves with each failure. */
const FIRST_WINDOW = 32;
const MAX_WINDOW = 128;

/** Without a retry policy the whole subscription pauses (https://cloud.google.com/pubsub/docs/push#push_backoff). */
const MIN_PAUSE_MS = 100;
const MAX_PAUSE_MS = 60_000;

interface Pusher {
  name: string;
  window: number;
  inFlight: number;
  failuresInARow: number;
  pause: NodeJS.Timeout | null;
  isPumpPlanned: boolean;
}

interface Pushing {
  model: PubsubModel;
  agents: PushAgents;
  closing: AbortController;
  pushers: Map<string, Pusher>;
}

export function startPush(model: PubsubModel): PushDelivery {
  const pushing: Pushing = {
    model,
    agents: { http: new http.Agent({ keepAlive: true }), https: new https.Agent({ keepAlive: true }) },
    closing: new AbortController(),
    pushers: new Map(),
  };
  const onChange = (subscription: string) => planPump(pushing, pusherOf(pushing, subscription));
  const unwatch = model.watch(onChange);
  for (const subscription of model.subscriptionNames()) onChange(subscription);
  return {
    close() {
      unwatch();
      pushing.closing.abort();
      for (const { pause } of pushing.pushers.values()) if (pause) clearTimeout(pause);
      pushing.agents.http.destroy();
      pushing.agents.https.destroy();
    },
  };
}

function pusherOf({ pushers }: Pushing, name: string): Pusher {
  const known = pushers.get(name);
  if (known) return known;
  const pusher = { name, window: FIRST_WINDOW, inFlight: 0, failuresInARow: 0, pause: null, isPumpPlanned: false };
  pushers.set(name, pusher);
  return pusher;
}

/** The model tells of a change in the middle of it; what is pushed, is taken afterwards. */
function planPump(pushing: Pushing, pusher: Pusher): void {
  if (pusher.isPumpPlanned) return;
  pusher.isPumpPlanned = true;
  setImmediate(() => {
    pusher.isPumpPlanned = false;
    pump(pushing, pusher);
  });
}

function pump(pushing: Pushing, pusher: Pusher): void {
  const room = pusher.window - pusher.inFlight;
  if (room <= 0 || pusher.pause || pushing.closing.signal.aborted) return;
  const config = pushConfigOf(pushing, pusher.name);
  if (!config) return;
  for (const delivery of pushing.model.pull(pusher.name, { maxMessages: room })) {
    pusher.inFlight += 1;
    void deliver(pushing, pusher, { delivery, config });
  }
}

/** The subscription as it is now, if it is one to push to. */
function pushConfigOf({ model, pushers }: Pushing, name: string): SubscriptionConfig | null {
  try {
    const config = model.getSubscription(name);
    return config.pushConfig.pushEndpoint === '' ? null : config;
  } catch {
    pushers.delete(name);
    return null;
  }
}

async function deliver(
  pushing: Pushing,
  pusher: Pusher,
  { delivery, config }: { delivery: Delivery; config: SubscriptionConfig },
): Promise<void> {
  const { model, agents, closing } = pushing;
  const timeout = AbortSignal.timeout(config.ackDeadlineSeconds * 1000);
  const signal = AbortSignal.any([closing.signal, timeout]);
  const { pushEndpoint } = config.pushConfig;
  const isAcknowledged = await pushOnce(pushEndpoint, pushBody(delivery, config), agents, signal);
  pusher.inFlight -= 1;
  if (closing.signal.aborted) return;
  note(pushing, pusher, isAcknowledged, config.retryPolicy !== null);
  settle(model, pusher.name, { ackId: delivery.ackId, isAcknowledged });
}

function settle(model: PubsubModel, name: string, answer: { ackId: string; isAcknowledged: boolean }): void {
  try {
    if (answer.isAcknowledged) model.acknowledge(name, [answer.ackId]);
    else model.modifyAckDeadline(name, [answer.ackId], 0);
  } catch {
    // The subscription was deleted while the request was under way, and its leases with it.
  }
}

function note(pushing: Pushing, pusher: Pusher, isAcknowledged: boolean, hasRetryPolicy: boolean): void {
  if (isAcknowledged) {
    pusher.window = Math.min(MAX_WINDOW, pusher.window + 1);
    pusher.failuresInARow = 0;
    return;
  }
  pusher.window = Math.max(1, Math.floor(pusher.window / 2));
  pusher.failuresInARow += 1;
  if (hasRetryPolicy || pusher.pause) return;
  const pauseMs = Math.min(MAX_PAUSE_MS, MIN_PAUSE_MS * 2 ** Math.min(pusher.failuresInARow - 1, 20));
  pusher.pause = setTimeout(() => {
    pusher.pause = null;
    planPump(pushing, pusher);
  }, pauseMs);
}
