/** A subscription's settings: which there are, their defaults and bounds, and which an update may change. */
import { parseFilter } from './filter';
import { checkBounds, invalidArgument } from './refusals';
import { checkResourceName } from './resourceNames';
import { checkLabels, notMutable, refuseUnsupported, requirePaths } from './topicConfig';

export interface PushConfig {
  /** Empty = pull. */
  pushEndpoint: string;
  attributes: Record<string, string>;
  oidcToken: { serviceAccountEmail: string; audience: string } | null;
}

export interface DeadLetterPolicy {
  deadLetterTopic: string;
  maxDeliveryAttempts: number;
}

export interface RetryPolicy {
  minimumBackoffSeconds: number;
  maximumBackoffSeconds: number;
}

export interface SubscriptionConfig {
  name: string;
  topic: string;
  pushConfig: PushConfig;
  ackDeadlineSeconds: number;
  retainAckedMessages: boolean;
  messageRetentionSeconds: number;
  labels: Record<string, string>;
  enableMessageOrdering: boolean;
  /** Kept and shown, not acted on: here no subscription ends for want of use. null = never. */
  expirationTtlSeconds: number | null;
  filter: string;
  deadLetterPolicy: DeadLetterPolicy | null;
  retryPolicy: RetryPolicy | null;
  /** Settings of the real service that were given and that this one does not have. */
  unsupported: string[];
}

/** google/pubsub/v1/pubsub.proto, message Subscription. */
export const SUBSCRIPTION_DEFAULTS = {
  ackDeadlineSeconds: 10,
  messageRetentionSeconds: 7 * 86_400,
  expirationTtlSeconds: 31 * 86_400,
  maxDeliveryAttempts: 5,
  minimumBackoffSeconds: 10,
  maximumBackoffSeconds: 600,
} as const;

export const ACK_DEADLINE = { least: 10, most: 600, unit: 's' };
const RETENTION = { least: 600, most: 31 * 86_400, unit: 's' };
const BACKOFF = { least: 0, most: 600, unit: 's' };

export function checkSubscriptionConfig(config: SubscriptionConfig): void {
  checkResourceName('subscriptions', config.name);
  refuseUnsupported('subscription', config.unsupported);
  checkLabels(config.labels);
  checkPushConfig(config.pushConfig);
  checkBounds('ack_deadline_seconds', config.ackDeadlineSeconds, ACK_DEADLINE);
  checkBounds('message_retention_duration', config.messageRetentionSeconds, RETENTION);
  if (config.expirationTtlSeconds !== null) {
    const most = Number.MAX_SAFE_INTEGER;
    checkBounds('expiration_policy.ttl', config.expirationTtlSeconds, { least: 86_400, most, unit: 's' });
  }
  parseFilter(config.filter);
  if (config.deadLetterPolicy) checkDeadLetterPolicy(config.deadLetterPolicy);
  if (config.retryPolicy) checkRetryPolicy(config.retryPolicy);
}

export function checkPushConfig({ pushEndpoint, attributes }: PushConfig): void {
  for (const [key, value] of Object.entries(attributes)) {
    if (key === 'x-goog-version' && (value === 'v1' || value === 'v1beta1')) continue;
    throw invalidArgument(`Invalid push_config attribute given (${key}=${value}).`);
  }
  if (pushEndpoint === '') return;
  const url = URL.canParse(pushEndpoint) ? new URL(pushEndpoint) : null;
  if (url && (url.protocol === 'http:' || url.protocol === 'https:')) return;
  throw invalidArgument(`Invalid push endpoint given (endpoint=${pushEndpoint}). An http or https URL is expected.`);
}

function checkDeadLetterPolicy(policy: DeadLetterPolicy): void {
  checkResourceName('topics', policy.deadLetterTopic);
  const field = 'dead_letter_policy.max_delivery_attempts';
  checkBounds(field, policy.maxDeliveryAttempts, { least: 5, most: 100 });
}

function checkRetryPolicy({ minimumBackoffSeconds, maximumBackoffSeconds }: RetryPolicy): void {
  checkBounds('minimum_backoff', minimumBackoffSeconds, BACKOFF);
  checkBounds('maximum_backoff', maximumBackoffSeconds, BACKOFF);
  if (minimumBackoffSeconds <= maximumBackoffSeconds) return;
  throw invalidArgument(
    `The minimum_backoff (${minimumBackoffSeconds}s) must not be greater than the maximum_backoff (${maximumBackoffSeconds}s).`,
  );
}

/** How long a message waits after so many deliveries that failed. */
export function backoffSeconds(policy: RetryPolicy, attempts: number): number {
  // The exponent is bounded so that thousands of attempts do not overflow; 600 s is the most there can be.
  const exponential = policy.minimumBackoffSeconds * 2 ** Math.min(attempts - 1, 30);
  return Math.min(policy.maximumBackoffSeconds, exponential);
}

type Change = (target: SubscriptionConfig, given: SubscriptionConfig) => void;

const CHANGES: Record<string, Change> = {
  push_config: (target, given) => {
    target.pushConfig = given.pushConfig;
  },
  'push_config.push_endpoint': (target, given) => {
    target.pushConfig = { ...target.pushConfig, pushEndpoint: given.pushConfig.pushEndpoint };
  },
  'push_config.attributes': (target, given) => {
    target.pushConfig = { ...target.pushConfig, attributes: given.pushConfig.attributes };
  },
  'push_config.oidc_token': (target, given) => {
    target.pushConfig = { ...target.pushConfig, oidcToken: given.pushConfig.oidcToken };
  },
  ack_deadline_seconds: (target, given) => {
    target.ackDeadlineSeconds = given.ackDeadlineSeconds;
  },
  retain_acked_messages: (target, given) => {
    target.retainAckedMessages = given.retainAckedMessages;
  },
  message_retention_duration: (target, given) => {
    target.messageRetentionSeconds = given.messageRetentionSeconds;
  },
  labels: (target, given) => {
    target.labels = given.labels;
  },
  expiration_policy: (target, given) => {
    target.expirationTtlSeconds = given.expirationTtlSeconds;
  },
  dead_letter_policy: (target, given) => {
    target.deadLetterPolicy = given.deadLetterPolicy;
  },
  'dead_letter_policy.dead_letter_topic': changePart('deadLetterPolicy', 'deadLetterTopic'),
  'dead_letter_policy.max_delivery_attempts': changePart('deadLetterPolicy', 'maxDeliveryAttempts'),
  retry_policy: (target, given) => {
    target.retryPolicy = given.retryPolicy;
  },
  'retry_policy.minimum_backoff': changePart('retryPolicy', 'minimumBackoffSeconds'),
  'retry_policy.maximum_backoff': changePart('retryPolicy', 'maximumBackoffSeconds'),
  // Only `true` asks for something that is not here, and that is refused as unsupported.
  enable_exactly_once_delivery: () => undefined,
};

/** One field of a policy; a policy that is not there yet is taken whole, with the defaults of its other fields. */
function changePart(
  policy: 'deadLetterPolicy' | 'retryPolicy',
  part: keyof DeadLetterPolicy | keyof RetryPolicy,
): Change {
  return (target, given) => {
    const from = given[policy] as Record<string, unknown> | null;
    if (!from) return;
    Object.assign(target, { [policy]: target[policy] ? { ...target[policy], [part]: from[part] } : from });
  };
}

const IMMUTABLE = ['name', 'topic', 'enable_message_ordering', 'filter'];

/** The settings after an update with this mask; refuses paths that cannot be changed, and values out of bounds. */
export function updatedSubscription(
  current: SubscriptionConfig,
  given: SubscriptionConfig,
  paths: readonly string[],
): SubscriptionConfig {
  requirePaths('UpdateSubscriptionRequest', paths);
  const updated = { ...current, unsupported: given.unsupported };
  for (const path of paths) {
    const change = CHANGES[path] ?? CHANGES[path === 'expiration_policy.ttl' ? 'expiration_policy' : ''];
    if (!change) throw notMutable('UpdateSubscriptionRequest', 'Subscription', path, IMMUTABLE);
    change(updated, given);
  }
  checkSubscriptionConfig(updated);
  return updated;
}
