/** The model's part for handing messages out and taking them back. */
import type { Delivery } from './delivery';
import { MAX_REQUEST_BYTES } from './message';
import { checkBounds, invalidArgument } from './refusals';
import { notify, type PubsubState, type SubscriptionState, subscriptionOf } from './state';

export interface PullOptions {
  maxMessages: number;
  /** Default: the subscription's own deadline. */
  ackDeadlineSeconds?: number;
  maxBytes?: number;
  /** Called once for each delivery, when it is acknowledged, given back or out of time. */
  onLeaseEnd?: (ackId: string) => void;
}

export interface Deliveries {
  /** Leases what can be had now, of push subscriptions too; the wire decides who may ask. */
  pull(subscription: string, options: PullOptions): Delivery[];
  acknowledge(subscription: string, ackIds: readonly string[]): void;
  /** 0 seconds gives the messages back. */
  modifyAckDeadline(subscription: string, ackIds: readonly string[], seconds: number): void;
  seek(subscription: string, timeMs: number): void;
  /** Lets everything run out that is due by now, in all subscriptions. Every other method does so first. */
  advance(): void;
  /** When `advance` will have something to do; null = never, as things are. */
  nextDueMs(): number | null;
  /** Tells of every subscription about which something changed. Gives the function that ends it. */
  watch(listener: (subscription: string) => void): () => void;
}

export function createDeliveries(state: PubsubState): Deliveries {
  return {
    pull(name, options) {
      const { backlog, config } = current(state, name);
      checkCount('max_messages', options.maxMessages);
      const { maxMessages, maxBytes = MAX_REQUEST_BYTES, onLeaseEnd } = options;
      const ackDeadlineSeconds = options.ackDeadlineSeconds ?? config.ackDeadlineSeconds;
      const order = { maxMessages, maxBytes, ackDeadlineSeconds, onLeaseEnd };
      const deliveries = backlog.pull(order, state.clock.now());
      if (deliveries.length > 0) notify(state, name);
      return deliveries;
    },
    acknowledge(name, ackIds) {
      const subscription = current(state, name);
      checkAckIds(subscription, ackIds);
      for (const ackId of ackIds) subscription.backlog.acknowledge(ackId);
      notify(state, name);
    },
    modifyAckDeadline(name, ackIds, seconds) {
      const subscription = current(state, name);
      checkBounds('ack_deadline_seconds', seconds, { least: 0, most: 600, unit: 's' });
      checkAckIds(subscription, ackIds);
      for (const ackId of ackIds) subscription.backlog.modifyDeadline(ackId, seconds, state.clock.now());
      notify(state, name);
    },
    seek(name, timeMs) {
      const { backlog, config, filter } = current(state, name);
      const retained = state.topics.get(config.topic)?.retained ?? [];
      backlog.seek(
        timeMs,
        retained.filter((message) => filter(message.attributes)),
      );
      notify(state, name);
    },
    advance: () => advance(state),
    nextDueMs() {
      const due = [...state.subscriptions.values()].map(
        ({ backlog }) => backlog.nextDueMs() ?? Number.POSITIVE_INFINITY,
      );
      const first = Math.min(...due);
      return Number.isFinite(first) ? first : null;
    },
    watch(listener) {
      state.listeners.add(listener);
      return () => void state.listeners.delete(listener);
    },
  };
}

function current(state: PubsubState, name: string): SubscriptionState {
  advance(state);
  return subscriptionOf(state, name);
}

function advance(state: PubsubState): void {
  for (const { backlog, config } of state.subscriptions.values()) {
    if (backlog.settle(state.clock.now())) notify(state, config.name);
  }
}

function checkCount(field: string, value: number): void {
  if (value >= 1) return;
  throw invalidArgument(
    `The value for ${field} is too small. You passed ${value} in the request, but the minimum value is 1.`,
  );
}

function checkAckIds({ serial }: SubscriptionState, ackIds: readonly string[]): void {
  if (ackIds.length === 0) throw invalidArgument('No ack ids specified.');
  for (const ackId of ackIds) {
    if (new RegExp(`^${serial}-\\d+$`).test(ackId)) continue;
    throw invalidArgument(`You have passed an invalid ack ID to the service (ack_id=${ackId}).`);
  }
}
