/** The pull subscription of the dead letter topic: messages under a lease of ours, and the topics that they came from. */
import type { protos, v1 } from '@google-cloud/pubsub';

/** https://cloud.google.com/pubsub/docs/handling-failures: the attributes that forwarding adds. */
const ADDED = 'CloudPubSubDeadLetterSource';
/** How long a message is ours; shown, published and acknowledged well within. */
const LEASE_SECONDS = 600;
const PAGE = 100;

export interface DeadLetter {
  ackId: string;
  messageId: string;
  /** Milliseconds; when it was forwarded. */
  publishedAt: number;
  data: Buffer;
  /** As they were before it was forwarded. */
  attributes: Record<string, string>;
  orderingKey: string;
  /** Full name of the subscription that gave up; null where the message was published here directly. */
  source: string | null;
  attempts: number;
  firstPublishedAt: string;
}

/**
 * All that were forwarded before `now`; those that fail again meanwhile are left for another time. It ends when nothing
 * new has come for `waitMs`.
 */
export async function pullDeadLetters(
  client: v1.SubscriberClient,
  subscription: string,
  { now, waitMs }: { now: number; waitMs: number },
): Promise<DeadLetter[]> {
  const letters = new Map<string, DeadLetter>();
  for (let isNew = true; isNew; ) {
    const [{ receivedMessages }] = await client
      .pull({ subscription, maxMessages: PAGE }, { timeout: waitMs, retry: null })
      .catch(emptyAfterTimeout);
    const pulled = (receivedMessages ?? []).map(letterOf);
    if (pulled.length > 0) await lease(client, subscription, pulled, LEASE_SECONDS);
    const fresh = pulled.filter(({ messageId, publishedAt }) => !letters.has(messageId) && publishedAt <= now);
    for (const letter of fresh) letters.set(letter.messageId, letter);
    isNew = fresh.length > 0;
  }
  return [...letters.values()].sort((one, other) => one.publishedAt - other.publishedAt);
}

/** For so long nobody else gets them; 0 gives them back at once. */
export async function lease(
  client: v1.SubscriberClient,
  subscription: string,
  letters: readonly DeadLetter[],
  seconds: number,
): Promise<void> {
  if (letters.length === 0) return;
  const ackIds = letters.map(({ ackId }) => ackId);
  await client.modifyAckDeadline({ subscription, ackIds, ackDeadlineSeconds: seconds });
}

export async function acknowledge(
  client: v1.SubscriberClient,
  subscription: string,
  { ackId }: DeadLetter,
): Promise<void> {
  await client.acknowledge({ subscription, ackIds: [ackId] });
}

/** The full name of the topic of a subscription; null where either is gone. */
export async function topicOf(client: v1.SubscriberClient, subscription: string): Promise<string | null> {
  try {
    const [{ topic }] = await client.getSubscription({ subscription });
    return topic == null || topic === '_deleted-topic_' ? null : topic;
  } catch (error) {
    if ((error as { code?: unknown }).code === 5) return null;
    throw error;
  }
}

function emptyAfterTimeout(error: unknown): [protos.google.pubsub.v1.IPullResponse] {
  if ((error as { code?: unknown }).code === 4) return [{ receivedMessages: [] }];
  throw error;
}

function letterOf({ ackId, message }: protos.google.pubsub.v1.IReceivedMessage): DeadLetter {
  const attributes = message?.attributes ?? {};
  const added = (name: string) => attributes[`${ADDED}${name}`] ?? '';
  const [project, id] = [added('SubscriptionProject'), added('Subscription')];
  const { seconds = 0, nanos = 0 } = message?.publishTime ?? {};
  return {
    ackId: ackId ?? '',
    messageId: message?.messageId ?? '',
    publishedAt: Number(seconds) * 1_000 + Number(nanos) / 1e6,
    data: Buffer.from((message?.data as Uint8Array | undefined) ?? []),
    attributes: Object.fromEntries(Object.entries(attributes).filter(([name]) => !name.startsWith(ADDED))),
    orderingKey: message?.orderingKey ?? '',
    source: id === '' ? null : `projects/${project}/subscriptions/${id}`,
    attempts: Number(added('DeliveryCount')) || 0,
    firstPublishedAt: added('TopicPublishTime'),
  };
}
