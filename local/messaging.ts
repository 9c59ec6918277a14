/** The topics and subscriptions of the contract, as Terraform makes them in a project. */
import type { PubsubModel } from './pubsub/model';
import { SUBSCRIPTION_DEFAULTS, type SubscriptionConfig } from './pubsub/subscriptionConfig';
import { DEAD_LETTERS } from './services';
import type { Settings } from './settings';

/** As many as Pub/Sub allows: with back-off, ten would be over in minutes. */
const DELIVERY_ATTEMPTS = 100;

export function createMessaging(pubsub: PubsubModel, settings: Settings) {
  const project = `projects/${settings.GOOGLE_CLOUD_PROJECT}`;
  const topicName = (id: string) => `${project}/topics/${id}`;

  function subscription(id: string, topic: string, settingsOfIt: Partial<SubscriptionConfig>): void {
    pubsub.createSubscription({
      name: `${project}/subscriptions/${id}`,
      topic: topicName(topic),
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
      ...settingsOfIt,
    });
  }

  return {
    /** The topics, and the pull subscriptions on events and dead letters. */
    createTopics(): void {
      const { COMMANDS_TOPIC, EVENTS_TOPIC, CONTINUATIONS_TOPIC } = settings;
      for (const id of [COMMANDS_TOPIC, EVENTS_TOPIC, CONTINUATIONS_TOPIC, DEAD_LETTERS]) {
        pubsub.createTopic({
          name: topicName(id),
          labels: {},
          messageRetentionSeconds: null,
          kmsKeyName: '',
          unsupported: [],
        });
      }
      subscription(`${EVENTS_TOPIC}-pull`, EVENTS_TOPIC, { ackDeadlineSeconds: 60 });
      subscription(`${DEAD_LETTERS}-pull`, DEAD_LETTERS, { ackDeadlineSeconds: 60 });
    },

    /** A push subscription named after its topic. */
    pushTo(topic: string, url: string): void {
      subscription(`${topic}-push`, topic, {
        pushConfig: { pushEndpoint: url, attributes: {}, oidcToken: null },
        ackDeadlineSeconds: 600,
        retryPolicy: { minimumBackoffSeconds: 1, maximumBackoffSeconds: 60 },
        deadLetterPolicy: { deadLetterTopic: topicName(DEAD_LETTERS), maxDeliveryAttempts: DELIVERY_ATTEMPTS },
      });
    },
  };
}
