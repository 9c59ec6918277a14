/** The unary methods of google.pubsub.v1.Subscriber on the model. */
import type { CallContext, UnaryHandler } from '../wire/call';
import type { Delivery } from './delivery';
import type { PubsubModel } from './model';
import type { PageRequest } from './page';
import { failedPrecondition, invalidArgument, unimplemented } from './refusals';
import {
  pushConfigFromWire,
  subscriptionFromWire,
  subscriptionToWire,
  type WirePushConfig,
  type WireSubscription,
} from './wireSubscription';
import { millisecondsOf, type WireTime } from './wireTime';
import { messageToWire } from './wireTopic';

/** How long a pull without `return_immediately` waits for a first message. */
const PULL_WAIT_MS = 4_000;

interface PullRequest {
  subscription: string;
  returnImmediately: boolean;
  maxMessages: number;
}

export function subscriberHandlers(model: PubsubModel): Record<string, UnaryHandler> {
  return {
    CreateSubscription: (subscription: WireSubscription) =>
      subscriptionToWire(model.createSubscription(subscriptionFromWire(subscription))),
    GetSubscription: ({ subscription }: { subscription: string }) =>
      subscriptionToWire(model.getSubscription(subscription)),
    UpdateSubscription: (request: {
      subscription: WireSubscription | null;
      updateMask: { paths: string[] } | null;
    }) => {
      if (!request.subscription)
        throw invalidArgument('The subscription in the UpdateSubscriptionRequest must be set.');
      const config = subscriptionFromWire(request.subscription);
      return subscriptionToWire(model.updateSubscription(config, request.updateMask?.paths ?? []));
    },
    ListSubscriptions: (request: PageRequest & { project: string }) => {
      const { subscriptions, nextPageToken } = model.listSubscriptions(request.project, request);
      return { subscriptions: subscriptions.map(subscriptionToWire), nextPageToken };
    },
    DeleteSubscription: ({ subscription }: { subscription: string }) =>
      effect(() => model.deleteSubscription(subscription)),
    ModifyPushConfig: (request: { subscription: string; pushConfig: WirePushConfig | null }) => {
      if (request.pushConfig?.noWrapper) throw unimplemented('This local service does not have no_wrapper.');
      return effect(() => model.modifyPushConfig(request.subscription, pushConfigFromWire(request.pushConfig)));
    },
    Pull: (request: PullRequest, context) => pull(model, request, context),
    Acknowledge: ({ subscription, ackIds }: { subscription: string; ackIds: string[] }) =>
      effect(() => model.acknowledge(subscription, ackIds)),
    ModifyAckDeadline: (request: { subscription: string; ackIds: string[]; ackDeadlineSeconds: number }) =>
      effect(() => model.modifyAckDeadline(request.subscription, request.ackIds, request.ackDeadlineSeconds)),
    Seek: ({ subscription, time, snapshot }: { subscription: string; time?: WireTime | null; snapshot?: string }) => {
      if (snapshot) throw unimplemented('This local service has no snapshots; seek to a time.');
      if (!time) {
        throw invalidArgument('No target was specified in the SeekRequest. Must specify either a time or a snapshot');
      }
      return effect(() => model.seek(subscription, millisecondsOf(time)));
    },
  };
}

/** Runs what has no answer; the answer is google.protobuf.Empty. */
function effect(run: () => void): object {
  run();
  return {};
}

async function pull(model: PubsubModel, request: PullRequest, { signal }: CallContext): Promise<object> {
  refusePush(model, request.subscription);
  const take = () => model.pull(request.subscription, { maxMessages: Math.min(request.maxMessages, 1_000) });
  let deliveries = take();
  if (deliveries.length === 0 && !request.returnImmediately) {
    const waited = AbortSignal.any([signal, AbortSignal.timeout(PULL_WAIT_MS)]);
    while (deliveries.length === 0 && !waited.aborted) {
      await nextChange(model, request.subscription, waited);
      // Whoever hung up gets no message: its lease would run out in vain.
      if (!signal.aborted) deliveries = take();
    }
  }
  return { receivedMessages: receivedMessages(model, request.subscription, deliveries) };
}

/** Resolves when something about the subscription changed, or the signal ends the wait. */
function nextChange(model: PubsubModel, subscription: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const unwatch = model.watch((changed) => changed === subscription && finish());
    function finish(): void {
      unwatch();
      signal.removeEventListener('abort', finish);
      resolve();
    }
    if (signal.aborted) finish();
    else signal.addEventListener('abort', finish);
  });
}

/** Messages of a push subscription are not to be pulled. */
export function refusePush(model: PubsubModel, subscription: string): void {
  if (model.getSubscription(subscription).pushConfig.pushEndpoint === '') return;
  throw failedPrecondition('This method is not supported for this subscription type.');
}

/** The attempt is told only where a dead letter policy counts it, as the service does. */
export function receivedMessages(model: PubsubModel, subscription: string, deliveries: Delivery[]): object[] {
  const isCounted = deliveries.length > 0 && model.getSubscription(subscription).deadLetterPolicy !== null;
  return deliveries.map(({ ackId, message, attempt }) => ({
    ackId,
    message: messageToWire(message),
    deliveryAttempt: isCounted ? attempt : 0,
  }));
}
