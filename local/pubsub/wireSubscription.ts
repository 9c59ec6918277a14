/** google.pubsub.v1.Subscription between the wire and the model; what is left out gets the service's defaults. */
import { SUBSCRIPTION_DEFAULTS as DEFAULTS, type PushConfig, type SubscriptionConfig } from './subscriptionConfig';
import { durationOf, secondsOf, type WireTime } from './wireTime';

export interface WirePushConfig {
  pushEndpoint: string;
  attributes: Record<string, string>;
  oidcToken?: { serviceAccountEmail: string; audience: string } | null;
  noWrapper?: object | null;
}

export interface WireSubscription {
  name: string;
  topic: string;
  pushConfig: WirePushConfig | null;
  ackDeadlineSeconds: number;
  retainAckedMessages: boolean;
  messageRetentionDuration: WireTime | null;
  labels: Record<string, string>;
  enableMessageOrdering: boolean;
  expirationPolicy: { ttl: WireTime | null } | null;
  filter: string;
  deadLetterPolicy: { deadLetterTopic: string; maxDeliveryAttempts: number } | null;
  retryPolicy: { minimumBackoff: WireTime | null; maximumBackoff: WireTime | null } | null;
  enableExactlyOnceDelivery: boolean;
  bigqueryConfig: object | null;
  bigtableConfig: object | null;
  cloudStorageConfig: object | null;
  messageTransforms: object[];
}

export function subscriptionFromWire(wire: WireSubscription): SubscriptionConfig {
  const { expirationPolicy: expiration, deadLetterPolicy: dead, retryPolicy: retry } = wire;
  return {
    name: wire.name,
    topic: wire.topic,
    pushConfig: pushConfigFromWire(wire.pushConfig),
    ackDeadlineSeconds: wire.ackDeadlineSeconds || DEFAULTS.ackDeadlineSeconds,
    retainAckedMessages: wire.retainAckedMessages,
    messageRetentionSeconds: secondsOr(wire.messageRetentionDuration, DEFAULTS.messageRetentionSeconds),
    labels: wire.labels,
    enableMessageOrdering: wire.enableMessageOrdering,
    // A policy without a ttl means never; no policy means the default (pubsub.proto, ExpirationPolicy).
    expirationTtlSeconds: expiration ? expiration.ttl && secondsOf(expiration.ttl) : DEFAULTS.expirationTtlSeconds,
    filter: wire.filter,
    deadLetterPolicy: dead && {
      deadLetterTopic: dead.deadLetterTopic,
      maxDeliveryAttempts: dead.maxDeliveryAttempts || DEFAULTS.maxDeliveryAttempts,
    },
    retryPolicy: retry && {
      minimumBackoffSeconds: secondsOr(retry.minimumBackoff, DEFAULTS.minimumBackoffSeconds),
      maximumBackoffSeconds: secondsOr(retry.maximumBackoff, DEFAULTS.maximumBackoffSeconds),
    },
    unsupported: unsupportedOf(wire),
  };
}

export function pushConfigFromWire(wire: WirePushConfig | null): PushConfig {
  return {
    pushEndpoint: wire?.pushEndpoint ?? '',
    attributes: wire?.attributes ?? {},
    oidcToken: wire?.oidcToken ?? null,
  };
}

/** Settings that were given and that the model does not have; the model refuses them. */
function unsupportedOf(wire: WireSubscription): string[] {
  return [
    wire.pushConfig?.noWrapper && 'push_config.no_wrapper',
    wire.enableExactlyOnceDelivery && 'enable_exactly_once_delivery',
    wire.bigqueryConfig && 'bigquery_config',
    wire.bigtableConfig && 'bigtable_config',
    wire.cloudStorageConfig && 'cloud_storage_config',
    wire.messageTransforms.length > 0 && 'message_transforms',
  ].filter((name) => typeof name === 'string');
}

function secondsOr(duration: WireTime | null, otherwise: number): number {
  return duration ? secondsOf(duration) : otherwise;
}

export function subscriptionToWire(config: SubscriptionConfig): object {
  const { pushConfig, retryPolicy, expirationTtlSeconds: ttl } = config;
  return {
    name: config.name,
    topic: config.topic,
    pushConfig: {
      pushEndpoint: pushConfig.pushEndpoint,
      attributes: pushConfig.attributes,
      ...(pushConfig.oidcToken ? { oidcToken: pushConfig.oidcToken } : {}),
    },
    ackDeadlineSeconds: config.ackDeadlineSeconds,
    retainAckedMessages: config.retainAckedMessages,
    messageRetentionDuration: durationOf(config.messageRetentionSeconds),
    labels: config.labels,
    enableMessageOrdering: config.enableMessageOrdering,
    expirationPolicy: ttl === null ? {} : { ttl: durationOf(ttl) },
    filter: config.filter,
    state: 'ACTIVE',
    ...(config.deadLetterPolicy ? { deadLetterPolicy: config.deadLetterPolicy } : {}),
    ...(retryPolicy
      ? {
          retryPolicy: {
            minimumBackoff: durationOf(retryPolicy.minimumBackoffSeconds),
            maximumBackoff: durationOf(retryPolicy.maximumBackoffSeconds),
          },
        }
      : {}),
  };
}
