/** The rules for Pub/Sub resource names (https://cloud.google.com/pubsub/docs/pubsub-basics#resource_names). */
import { invalidArgument } from './refusals';

export type Collection = 'topics' | 'subscriptions';

/** What a subscription's topic is called once the topic is gone. */
export const DELETED_TOPIC = '_deleted-topic_';

const ID = /^(?!goog)[A-Za-z][A-Za-z0-9\-_.~+%]{2,254}$/;
const PROJECT = /^projects\/[^/]+$/;

/** Refuses what is no `projects/P/topics/ID` (or subscriptions) with an id of 3 to 255 legal characters. */
export function checkResourceName(collection: Collection, name: string): void {
  const [projects, project, kind, id, ...rest] = name.split('/');
  const isWhole = projects === 'projects' && project !== '' && kind === collection && rest.length === 0;
  if (isWhole && ID.test(id ?? '')) return;
  throw invalidArgument(
    `Invalid resource name given (name=${name}). Refer to ` +
      'https://cloud.google.com/pubsub/docs/pubsub-basics#resource_names for more information.',
  );
}

export function checkProjectName(name: string): void {
  if (!PROJECT.test(name)) throw invalidArgument(`Invalid project name given (name=${name}).`);
}

/** `projects/P` of a resource in it. */
export function projectOf(name: string): string {
  return name.split('/').slice(0, 2).join('/');
}

export function idOf(name: string): string {
  return name.split('/')[3] ?? name;
}
