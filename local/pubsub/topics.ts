/** The model's part for topics: settings and publishing. */
import { checkMessages, type NewMessage } from './message';
import { type NamePage, type PageRequest, pageOf } from './page';
import { alreadyExists } from './refusals';
import { checkProjectName, DELETED_TOPIC, projectOf } from './resourceNames';
import { accept, notify, type PubsubState, topicOf } from './state';
import { checkTopicConfig, type TopicConfig, updatedTopic } from './topicConfig';

export interface TopicPage {
  topics: TopicConfig[];
  nextPageToken: string;
}

export interface Topics {
  createTopic(config: TopicConfig): TopicConfig;
  getTopic(name: string): TopicConfig;
  /** `paths` are snake_case field paths of google.pubsub.v1.Topic. */
  updateTopic(config: TopicConfig, paths: readonly string[]): TopicConfig;
  listTopics(project: string, page: PageRequest): TopicPage;
  /** The names of a topic's subscriptions. */
  listTopicSubscriptions(topic: string, page: PageRequest): NamePage;
  /** Its subscriptions stay, with what they hold, and belong to `_deleted-topic_`. */
  deleteTopic(name: string): void;
  /** All messages or none; gives their ids in order. */
  publish(topic: string, messages: readonly NewMessage[]): string[];
}

export function createTopics(state: PubsubState): Topics {
  return {
    createTopic(config) {
      checkTopicConfig(config);
      if (state.topics.has(config.name)) throw alreadyExists(config.name);
      state.topics.set(config.name, { config, retained: [] });
      return config;
    },
    getTopic: (name) => topicOf(state, name).config,
    updateTopic(config, paths) {
      const topic = topicOf(state, config.name);
      topic.config = updatedTopic(topic.config, config, paths);
      return topic.config;
    },
    listTopics(project, page) {
      checkProjectName(project);
      const names = [...state.topics.keys()].filter((name) => projectOf(name) === project);
      const { names: chosen, nextPageToken } = pageOf(names, page);
      return { topics: chosen.map((name) => topicOf(state, name).config), nextPageToken };
    },
    listTopicSubscriptions(name, page) {
      topicOf(state, name);
      const attached = [...state.subscriptions.values()].filter(({ config }) => config.topic === name);
      return pageOf(
        attached.map(({ config }) => config.name),
        page,
      );
    },
    deleteTopic(name) {
      topicOf(state, name);
      state.topics.delete(name);
      for (const subscription of state.subscriptions.values()) {
        if (subscription.config.topic !== name) continue;
        subscription.config = { ...subscription.config, topic: DELETED_TOPIC };
        notify(state, subscription.config.name);
      }
    },
    publish(name, messages) {
      const topic = topicOf(state, name);
      checkMessages(messages);
      return messages.map((message) => accept(state, topic, message).id);
    },
  };
}
