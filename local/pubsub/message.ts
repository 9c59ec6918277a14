/** A Pub/Sub message and what a publish request may hold (https://cloud.google.com/pubsub/quotas#resource_limits). */
import { invalidArgument } from './refusals';

export interface NewMessage {
  data: Buffer;
  attributes: Record<string, string>;
  /** Empty = none. */
  orderingKey: string;
}

export interface Message extends NewMessage {
  /** Decimal digits, unique in the model. */
  id: string;
  publishTimeMs: number;
}

const MAX_MESSAGES = 1_000;
/** Of a message and of a publish request: 10 MB, which the service counts as 10 MiB. */
export const MAX_REQUEST_BYTES = 10 * 1024 * 1024;
const MAX_ATTRIBUTES = 100;
const MAX_ATTRIBUTE_KEY_BYTES = 256;
const MAX_ATTRIBUTE_VALUE_BYTES = 1_024;
const MAX_ORDERING_KEY_BYTES = 1_024;

/** Refuses a publish request as a whole, before any of its messages is accepted. */
export function checkMessages(messages: readonly NewMessage[]): void {
  if (messages.length === 0) {
    throw invalidArgument(
      'The value for message_count is too small. You passed 0 in the request, but the minimum value is 1.',
    );
  }
  checkMost('message_count', messages.length, MAX_MESSAGES);
  for (const message of messages) checkMessage(message);
  const size = messages.reduce((sum, message) => sum + sizeOf(message), 0);
  if (size > MAX_REQUEST_BYTES) {
    throw invalidArgument(`Request payload size exceeds the limit: ${MAX_REQUEST_BYTES} bytes.`);
  }
}

/** Bytes of data, attributes and ordering key. */
export function sizeOf(message: NewMessage): number {
  const attributes = Object.entries(message.attributes).reduce(
    (sum, [key, value]) => sum + bytes(key) + bytes(value),
    0,
  );
  return message.data.length + attributes + bytes(message.orderingKey);
}

function checkMessage(message: NewMessage): void {
  const attributes = Object.entries(message.attributes);
  if (message.data.length === 0 && attributes.length === 0) {
    throw invalidArgument(
      'One or more messages in the publish request is empty. ' +
        'Each message must contain either non-empty data, or at least one attribute.',
    );
  }
  checkMost('attribute_count', attributes.length, MAX_ATTRIBUTES);
  for (const [key, value] of attributes) {
    if (key === '') throw invalidArgument('An attribute key in the publish request is empty.');
    if (isReserved(key))
      throw invalidArgument(`The attribute key ${key} is reserved: a key must not begin with "goog".`);
    checkMost('attribute_key_size', bytes(key), MAX_ATTRIBUTE_KEY_BYTES);
    checkMost('attribute_value_size', bytes(value), MAX_ATTRIBUTE_VALUE_BYTES);
  }
  checkMost('ordering_key_size', bytes(message.orderingKey), MAX_ORDERING_KEY_BYTES);
}

/** The client libraries themselves add `googclient_…` when they trace. */
function isReserved(key: string): boolean {
  return key.startsWith('goog') && !key.startsWith('googclient_');
}

function checkMost(field: string, value: number, most: number): void {
  if (value <= most) return;
  throw invalidArgument(
    `The value for ${field} is too large. You passed ${value} in the request, but the maximum value is ${most}.`,
  );
}

function bytes(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}
