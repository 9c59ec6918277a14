/** The body of a push request (https://cloud.google.com/pubsub/docs/push#receive_push). */
import type { Delivery } from './delivery';
import type { SubscriptionConfig } from './subscriptionConfig';

/** Names in both spellings, as the service writes them; a message without data has no `data`. */
export function pushBody({ message, attempt }: Delivery, subscription: SubscriptionConfig): string {
  const publishTime = new Date(message.publishTimeMs).toISOString();
  return JSON.stringify({
    message: {
      ...(Object.keys(message.attributes).length > 0 ? { attributes: message.attributes } : {}),
      ...(message.data.length > 0 ? { data: message.data.toString('base64') } : {}),
      messageId: message.id,
      message_id: message.id,
      ...(message.orderingKey === '' ? {} : { orderingKey: message.orderingKey }),
      publishTime,
      publish_time: publishTime,
    },
    subscription: subscription.name,
    ...(subscription.deadLetterPolicy ? { deliveryAttempt: attempt } : {}),
  });
}
