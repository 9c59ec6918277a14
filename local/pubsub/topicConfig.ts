/** A topic's settings: which there are, their bounds, and which an update may change. */
import { checkBounds, invalidArgument, unimplemented } from './refusals';
import { checkResourceName } from './resourceNames';

export interface TopicConfig {
  name: string;
  labels: Record<string, string>;
  /** How long the topic keeps published messages for a seek; null = it keeps none. */
  messageRetentionSeconds: number | null;
  kmsKeyName: string;
  /** Settings of the real service that were given and that this one does not have. */
  unsupported: string[];
}

const RETENTION = { least: 600, most: 31 * 86_400, unit: 's' };

export function checkTopicConfig(config: TopicConfig): void {
  checkResourceName('topics', config.name);
  refuseUnsupported('topic', config.unsupported);
  checkLabels(config.labels);
  if (config.messageRetentionSeconds !== null) {
    checkBounds('message_retention_duration', config.messageRetentionSeconds, RETENTION);
  }
}

export function updatedTopic(current: TopicConfig, given: TopicConfig, paths: readonly string[]): TopicConfig {
  requirePaths('UpdateTopicRequest', paths);
  const updated = { ...current };
  for (const path of paths) {
    if (path === 'labels') updated.labels = given.labels;
    else if (path === 'message_retention_duration') updated.messageRetentionSeconds = given.messageRetentionSeconds;
    else if (path === 'kms_key_name') updated.kmsKeyName = given.kmsKeyName;
    else throw notMutable('UpdateTopicRequest', 'Topic', path, ['name']);
  }
  const result = { ...updated, unsupported: given.unsupported };
  checkTopicConfig(result);
  return result;
}

export function refuseUnsupported(kind: string, unsupported: readonly string[]): void {
  if (unsupported.length === 0) return;
  throw unimplemented(`This local service does not have these settings of a ${kind}: ${unsupported.join(', ')}.`);
}

export function requirePaths(request: string, paths: readonly string[]): void {
  if (paths.length > 0) return;
  throw invalidArgument(`The update_mask in the ${request} must be set, and must contain a non-empty paths list.`);
}

export function notMutable(request: string, kind: string, path: string, immutable: readonly string[]): Error {
  const reason = immutable.includes(path)
    ? `the ${path} field in the ${kind} is not mutable.`
    : `${path} is not a known ${kind} field. ` +
      "Note that field paths must be of the form 'push_config' rather than 'pushConfig'.";
  return invalidArgument(`Invalid update_mask provided in the ${request}: ${reason}`);
}

/** https://cloud.google.com/pubsub/docs/create-topic-labels: at most 64, lower-case keys and values of 63 characters. */
export function checkLabels(labels: Record<string, string>): void {
  const entries = Object.entries(labels);
  checkBounds('label_count', entries.length, { least: 0, most: 64 });
  for (const [key, value] of entries) {
    if (/^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u.test(key) && /^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u.test(value))
      continue;
    throw invalidArgument(
      `Invalid label (${key}: ${value}). Keys begin with a lower-case letter; keys and values have at most ` +
        '63 lower-case letters, digits, underscores and dashes.',
    );
  }
}
