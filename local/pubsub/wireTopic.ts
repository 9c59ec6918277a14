/** google.pubsub.v1.Topic and PubsubMessage between the wire and the model. */
import type { Message, NewMessage } from './message';
import type { TopicConfig } from './topicConfig';
import { durationOf, secondsOf, timestampOf, type WireTime } from './wireTime';

export interface WireTopic {
  name: string;
  labels: Record<string, string>;
  messageStoragePolicy: object | null;
  kmsKeyName: string;
  schemaSettings: object | null;
  messageRetentionDuration: WireTime | null;
  ingestionDataSourceSettings: object | null;
  messageTransforms: object[];
}

export interface WireMessage {
  data: Buffer;
  attributes: Record<string, string>;
  messageId: string;
  publishTime: WireTime | null;
  orderingKey: string;
}

export function topicFromWire(topic: WireTopic): TopicConfig {
  const unsupported = [
    topic.messageStoragePolicy && 'message_storage_policy',
    topic.schemaSettings && 'schema_settings',
    topic.ingestionDataSourceSettings && 'ingestion_data_source_settings',
    topic.messageTransforms.length > 0 && 'message_transforms',
  ].filter((name) => typeof name === 'string');
  return {
    name: topic.name,
    labels: topic.labels,
    kmsKeyName: topic.kmsKeyName,
    messageRetentionSeconds: topic.messageRetentionDuration ? secondsOf(topic.messageRetentionDuration) : null,
    unsupported,
  };
}

export function topicToWire(config: TopicConfig): object {
  const retention = config.messageRetentionSeconds;
  return {
    name: config.name,
    labels: config.labels,
    kmsKeyName: config.kmsKeyName,
    state: 'ACTIVE',
    ...(retention === null ? {} : { messageRetentionDuration: durationOf(retention) }),
  };
}

/** Id and time are the service's to give; what a publisher puts there is ignored, as pubsub.proto says. */
export function messageFromWire({ data, attributes, orderingKey }: WireMessage): NewMessage {
  return { data, attributes, orderingKey };
}

export function messageToWire(message: Message): WireMessage {
  return {
    data: message.data,
    attributes: message.attributes,
    messageId: message.id,
    publishTime: timestampOf(message.publishTimeMs),
    orderingKey: message.orderingKey,
  };
}
