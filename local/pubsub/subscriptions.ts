/** The model's part for the settings of subscriptions. */
import { createBacklog } from './backlog';
import { deadLetterOf } from './deadLetter';
import { parseFilter } from './filter';
import { type PageRequest, pageOf } from './page';
import { alreadyExists, notFound } from './refusals';
import { checkProjectName, projectOf } from './resourceNames';
import { accept, notify, type PubsubState, type SubscriptionState, subscriptionOf, topicOf } from './state';
import {
  checkPushConfig,
  checkSubscriptionConfig,
  type PushConfig,
  type SubscriptionConfig,
  updatedSubscription,
} from './subscriptionConfig';

export interface SubscriptionPage {
  subscriptions: SubscriptionConfig[];
  nextPageToken: string;
}

export interface Subscriptions {
  /** Messages published from now on are delivered to it. */
  createSubscription(config: SubscriptionConfig): SubscriptionConfig;
  getSubscription(name: string): SubscriptionConfig;
  /** `paths` are snake_case field paths of google.pubsub.v1.Subscription. */
  updateSubscription(config: SubscriptionConfig, paths: readonly string[]): SubscriptionConfig;
  modifyPushConfig(name: string, pushConfig: PushConfig): void;
  listSubscriptions(project: string, page: PageRequest): SubscriptionPage;
  deleteSubscription(name: string): void;
  /** Of all projects. */
  subscriptionNames(): string[];
}

export function createSubscriptions(state: PubsubState): Subscriptions {
  function change(name: string, config: SubscriptionConfig): SubscriptionConfig {
    subscriptionOf(state, name).config = config;
    notify(state, name);
    return config;
  }
  return {
    createSubscription(config) {
      checkSubscriptionConfig(config);
      topicOf(state, config.topic);
      requireDeadLetterTopic(state, config);
      if (state.subscriptions.has(config.name)) throw alreadyExists(config.name);
      state.subscriptions.set(config.name, newSubscription(state, config));
      notify(state, config.name);
      return config;
    },
    getSubscription: (name) => subscriptionOf(state, name).config,
    updateSubscription(config, paths) {
      const updated = updatedSubscription(subscriptionOf(state, config.name).config, config, paths);
      requireDeadLetterTopic(state, updated);
      return change(config.name, updated);
    },
    modifyPushConfig(name, pushConfig) {
      const { config } = subscriptionOf(state, name);
      checkPushConfig(pushConfig);
      change(name, { ...config, pushConfig });
    },
    listSubscriptions(project, page) {
      checkProjectName(project);
      const names = [...state.subscriptions.keys()].filter((name) => projectOf(name) === project);
      const { names: chosen, nextPageToken } = pageOf(names, page);
      return { subscriptions: chosen.map((name) => subscriptionOf(state, name).config), nextPageToken };
    },
    deleteSubscription(name) {
      const { backlog } = subscriptionOf(state, name);
      state.subscriptions.delete(name);
      backlog.clear();
      notify(state, name);
    },
    subscriptionNames: () => [...state.subscriptions.keys()],
  };
}

/** "The operation will fail if the topic does not exist" (pubsub.proto, DeadLetterPolicy). */
function requireDeadLetterTopic(state: PubsubState, { deadLetterPolicy }: SubscriptionConfig): void {
  if (deadLetterPolicy && !state.topics.has(deadLetterPolicy.deadLetterTopic)) {
    throw notFound(deadLetterPolicy.deadLetterTopic);
  }
}

function newSubscription(state: PubsubState, config: SubscriptionConfig): SubscriptionState {
  state.lastSerial += 1;
  const subscription: SubscriptionState = {
    config,
    serial: state.lastSerial,
    filter: parseFilter(config.filter),
    backlog: createBacklog({
      config: () => subscription.config,
      newAckId() {
        state.lastAckId += 1;
        return `${subscription.serial}-${state.lastAckId}`;
      },
      forwardDeadLetter(message, attempts) {
        const topic = state.topics.get(subscription.config.deadLetterPolicy?.deadLetterTopic ?? '');
        if (topic) accept(state, topic, deadLetterOf(subscription.config.name, message, attempts));
        return topic !== undefined;
      },
    }),
  };
  return subscription;
}
