/** google.pubsub.v1.Publisher on the model. */
import type { UnaryHandler } from '../wire/call';
import type { PubsubModel } from './model';
import type { PageRequest } from './page';
import { invalidArgument } from './refusals';
import { messageFromWire, topicFromWire, topicToWire, type WireMessage, type WireTopic } from './wireTopic';

export function publisherHandlers(model: PubsubModel): Record<string, UnaryHandler> {
  return {
    CreateTopic: (topic: WireTopic) => topicToWire(model.createTopic(topicFromWire(topic))),
    UpdateTopic: (request: { topic: WireTopic | null; updateMask: { paths: string[] } | null }) => {
      if (!request.topic) throw invalidArgument('The topic in the UpdateTopicRequest must be set.');
      return topicToWire(model.updateTopic(topicFromWire(request.topic), request.updateMask?.paths ?? []));
    },
    GetTopic: ({ topic }: { topic: string }) => topicToWire(model.getTopic(topic)),
    ListTopics: (request: PageRequest & { project: string }) => {
      const { topics, nextPageToken } = model.listTopics(request.project, request);
      return { topics: topics.map(topicToWire), nextPageToken };
    },
    ListTopicSubscriptions: (request: PageRequest & { topic: string }) => {
      const { names, nextPageToken } = model.listTopicSubscriptions(request.topic, request);
      return { subscriptions: names, nextPageToken };
    },
    DeleteTopic: ({ topic }: { topic: string }) => {
      model.deleteTopic(topic);
      return {};
    },
    Publish: ({ topic, messages }: { topic: string; messages: WireMessage[] }) => ({
      messageIds: model.publish(topic, messages.map(messageFromWire)),
    }),
  };
}
