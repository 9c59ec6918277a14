import { createPubsubModel, type PubsubModel } from '../../../local/pubsub/model';
import { SUBSCRIPTION_DEFAULTS, type SubscriptionConfig } from '../../../local/pubsub/subscriptionConfig';
import type { TopicConfig } from '../../../local/pubsub/topicConfig';

/** 2026-01-01T00:00:00Z */
const START_MS = 1_767_225_600_000;

export const TOPIC = 'projects/p/topics/topic-one';
export const SUBSCRIPTION = 'projects/p/subscriptions/sub-one';

export interface VirtualModel extends PubsubModel {
  startMs: number;
  /** Moves the clock. */
  pass(seconds: number): void;
  /** Publishes to `TOPIC` and gives the ids. */
  send(...texts: string[]): string[];
  /** Pulls all there is from a subscription (default: `SUBSCRIPTION`) and gives texts and ack ids. */
  take(subscription?: string): { text: string; ackId: string; attempt: number }[];
  texts(subscription?: string): string[];
}

/** A model on a clock that only the test moves. */
export function createVirtualModel(): VirtualModel {
  let nowMs = START_MS;
  const clock = { now: () => nowMs, sleep: () => Promise.reject(new Error('no model sleeps')) };
  const model = createPubsubModel({ clock });
  const take = (subscription = SUBSCRIPTION) =>
    model
      .pull(subscription, { maxMessages: 1_000 })
      .map(({ ackId, message, attempt }) => ({ text: message.data.toString(), ackId, attempt }));
  return {
    ...model,
    startMs: START_MS,
    pass(seconds) {
      nowMs += seconds * 1000;
    },
    send: (...texts) =>
      model.publish(
        TOPIC,
        texts.map((text) => newMessage(text)),
      ),
    take,
    texts: (subscription) => take(subscription).map(({ text }) => text),
  };
}

export function newMessage(text: string, more: { attributes?: Record<string, string>; orderingKey?: string } = {}) {
  return { data: Buffer.from(text), attributes: {}, orderingKey: '', ...more };
}

export function topicConfig(more: Partial<TopicConfig> = {}): TopicConfig {
  return { name: TOPIC, labels: {}, messageRetentionSeconds: null, kmsKeyName: '', unsupported: [], ...more };
}

export function subscriptionConfig(more: Partial<SubscriptionConfig> = {}): SubscriptionConfig {
  return {
    name: SUBSCRIPTION,
    topic: TOPIC,
    pushConfig: { pushEndpoint: '', attributes: {}, oidcToken: null },
    ackDeadlineSeconds: SUBSCRIPTION_DEFAULTS.ackDeadlineSeconds,
    retainAckedMessages: false,
    messageRetentionSeconds: SUBSCRIPTION_DEFAULTS.messageRetentionSeconds,
    labels: {},
    enableMessageOrdering: false,
    expirationTtlSeconds: null,
    filter: '',
    deadLetterPolicy: null,
    retryPolicy: null,
    unsupported: [],
    ...more,
  };
}
