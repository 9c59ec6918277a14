/** What the model holds, and the small ways in which its parts reach it. */
import type { Clock } from '../../shared/ports';
import type { Backlog } from './backlog';
import type { Filter } from './filter';
import type { Message, NewMessage } from './message';
import { notFound } from './refusals';
import { checkResourceName } from './resourceNames';
import type { SubscriptionConfig } from './subscriptionConfig';
import type { TopicConfig } from './topicConfig';

export interface TopicState {
  config: TopicConfig;
  /** Published messages that are kept for a seek, oldest first; empty without a retention. */
  retained: Message[];
}

export interface SubscriptionState {
  config: SubscriptionConfig;
  /** First part of the subscription's ack ids. */
  serial: number;
  backlog: Backlog;
  filter: Filter;
}

export interface PubsubState {
  clock: Clock;
  topics: Map<string, TopicState>;
  subscriptions: Map<string, SubscriptionState>;
  listeners: Set<(subscription: string) => void>;
  lastSerial: number;
  lastAckId: number;
  lastMessageId: number;
}

/** Message ids begin at the clock's microseconds, so that two runs do not give the same ids. */
export function createState(clock: Clock): PubsubState {
  return {
    clock,
    topics: new Map(),
    subscriptions: new Map(),
    listeners: new Set(),
    lastSerial: 0,
    lastAckId: 0,
    lastMessageId: clock.now() * 1_000,
  };
}

export function topicOf(state: PubsubState, name: string): TopicState {
  checkResourceName('topics', name);
  const topic = state.topics.get(name);
  if (!topic) throw notFound(name);
  return topic;
}

export function subscriptionOf(state: PubsubState, name: string): SubscriptionState {
  checkResourceName('subscriptions', name);
  const subscription = state.subscriptions.get(name);
  if (!subscription) throw notFound(name);
  return subscription;
}

/** Something about the subscription changed: messages to be had, its settings, or that it exists. */
export function notify(state: PubsubState, subscription: string): void {
  for (const listener of state.listeners) listener(subscription);
}

/** Accepts a message that was checked: it has an id from here on and is in the backlog of every subscription. */
export function accept(state: PubsubState, topic: TopicState, { data, attributes, orderingKey }: NewMessage): Message {
  state.lastMessageId += 1;
  const message: Message = {
    id: String(state.lastMessageId),
    publishTimeMs: state.clock.now(),
    data,
    attributes: { ...attributes },
    orderingKey,
  };
  retain(topic, message);
  for (const subscription of state.subscriptions.values()) {
    if (subscription.config.topic !== topic.config.name || !subscription.filter(message.attributes)) continue;
    subscription.backlog.add(message);
    notify(state, subscription.config.name);
  }
  return message;
}

function retain(topic: TopicState, message: Message): void {
  const seconds = topic.config.messageRetentionSeconds;
  if (seconds === null) return;
  const oldestMs = message.publishTimeMs - seconds * 1_000;
  const firstKept = topic.retained.findIndex((each) => each.publishTimeMs > oldestMs);
  topic.retained.splice(0, firstKept < 0 ? topic.retained.length : firstKept);
  topic.retained.push(message);
}
