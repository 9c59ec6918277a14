/** Reads the body of a Pub/Sub push (https://cloud.google.com/pubsub/docs/push#receive_push); throws InvalidEventError. Pure. */
import { z } from 'zod';
import { InvalidEventError } from './errors';

export interface PushMessage {
  messageId: string;
  /** RFC 3339; empty where the body has none. */
  publishTime: string;
  attributes: Record<string, string>;
  /** Empty where the message has none: a message may consist of attributes only. */
  data: Buffer;
  /** `projects/P/subscriptions/S`. */
  subscription: string;
  /** From 1; given only where the subscription has a dead letter topic. */
  deliveryAttempt?: number;
}

/** Pub/Sub's own are decimal numbers of at most 20 digits. Attributes of the events that name them have a limit. */
const MESSAGE_ID_CHARACTERS = 256;
const MessageId = z.string().min(1).max(MESSAGE_ID_CHARACTERS);

// Bytes in proto3 JSON may come in either alphabet of base64, with or without padding.
const Base64 = z.string().regex(/^[A-Za-z0-9+/_-]*={0,2}$/, 'must be base64');

/** Real bodies carry `message_id` and `publish_time` beside the camelCase fields; older senders only those. */
const PushBody = z.object({
  message: z.object({
    data: Base64.nullish(),
    attributes: z.record(z.string(), z.string()).nullish(),
    messageId: MessageId.optional(),
    message_id: MessageId.optional(),
    publishTime: z.string().optional(),
    publish_time: z.string().optional(),
  }),
  subscription: z.string().regex(/^projects\/[^/]+\/subscriptions\/[^/]+$/, 'must be projects/P/subscriptions/S'),
  deliveryAttempt: z.int().min(0).nullish(),
});

/** The message in the body; names the fields that are wrong, never their values. */
export function parsePushMessage(body: unknown): PushMessage {
  const parsed = PushBody.safeParse(body);
  if (!parsed.success) throw new InvalidEventError(`not a Pub/Sub push body: ${issuesShown(parsed.error)}`);
  const { message, subscription, deliveryAttempt } = parsed.data;
  const messageId = message.messageId ?? message.message_id;
  if (messageId === undefined) throw new InvalidEventError('not a Pub/Sub push body: message.messageId is required');
  return {
    messageId,
    publishTime: message.publishTime ?? message.publish_time ?? '',
    attributes: message.attributes ?? {},
    data: Buffer.from(message.data ?? '', 'base64'),
    subscription,
    ...(deliveryAttempt ? { deliveryAttempt } : {}),
  };
}

/** Path and reason of each issue, for an error message. */
export function issuesShown(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join('.') || 'the body'}: ${issue.message}`).join('; ');
}
