/** Deliveries as Google's services make them, straight to a function's URL. */
import type { FileMetadata } from '@google-cloud/storage';

export interface PushedMessage {
  messageId: string;
  publishTime: string;
  data: string;
}

/** POSTs the finalize event of an object in binary mode and gives the HTTP status. `changed` replaces attributes. */
export async function postFinalized(
  url: string,
  object: FileMetadata,
  changed: Record<string, string> = {},
): Promise<number> {
  const headers = {
    'content-type': 'application/json',
    'ce-specversion': '1.0',
    'ce-id': String(object.generation),
    'ce-type': 'google.cloud.storage.object.v1.finalized',
    'ce-source': `//storage.googleapis.com/projects/_/buckets/${object.bucket}`,
    'ce-subject': `objects/${object.name}`,
    'ce-bucket': String(object.bucket),
    'ce-time': String(object.timeCreated),
    ...changed,
  };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(object) });
  await response.arrayBuffer();
  return response.status;
}

/** A message as Pub/Sub would give it: always the same id, however often it is delivered. */
export function messageOf(messageId: string, command: unknown): PushedMessage {
  const data = Buffer.from(JSON.stringify(command)).toString('base64');
  return { messageId, publishTime: new Date().toISOString(), data };
}

/** POSTs the push of a message, as the subscription with this bare id, and gives the HTTP status. */
export async function postPush(url: string, message: PushedMessage, subscription: string): Promise<number> {
  const { messageId, publishTime, data } = message;
  const body = JSON.stringify({
    message: { data, messageId, message_id: messageId, publishTime, publish_time: publishTime },
    subscription: `projects/local-project/subscriptions/${subscription}`,
    deliveryAttempt: 1,
  });
  const headers = { 'content-type': 'application/json', from: 'noreply@google.com' };
  const response = await fetch(url, { method: 'POST', headers, body });
  await response.arrayBuffer();
  return response.status;
}
