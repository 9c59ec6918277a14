/** What goes to a dead letter topic (https://cloud.google.com/pubsub/docs/handling-failures#track-delivery-attempts). */
import type { Message, NewMessage } from './message';
import { idOf, projectOf } from './resourceNames';

/** The message as it was, with attributes that say where it came from. */
export function deadLetterOf(subscription: string, message: Message, attempts: number): NewMessage {
  return {
    data: message.data,
    orderingKey: message.orderingKey,
    attributes: {
      ...message.attributes,
      CloudPubSubDeadLetterSourceDeliveryCount: String(attempts),
      CloudPubSubDeadLetterSourceSubscription: idOf(subscription),
      CloudPubSubDeadLetterSourceSubscriptionProject: projectOf(subscription).slice('projects/'.length),
      CloudPubSubDeadLetterSourceTopicPublishTime: new Date(message.publishTimeMs).toISOString(),
    },
  };
}
