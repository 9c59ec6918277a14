import type { SubscriptionConfig } from '../../../local/pubsub/subscriptionConfig';
import { createVirtualModel, newMessage, SUBSCRIPTION, subscriptionConfig, TOPIC, topicConfig } from './pubsubFixture';

function prepared(config: Partial<SubscriptionConfig> = {}) {
  const model = createVirtualModel();
  model.createTopic(topicConfig());
  model.createSubscription(subscriptionConfig(config));
  return {
    ...model,
    ack: (ackIds: string[]) => model.acknowledge(SUBSCRIPTION, ackIds),
    sendKeyed: (...texts: string[]) =>
      model.publish(
        TOPIC,
        texts.map((text) => newMessage(text, { orderingKey: 'key' })),
      ),
  };
}

const ackIds = (taken: { ackId: string }[]) => taken.map(({ ackId }) => ackId);

describe('seek', () => {
  test('to a later time acknowledges what was published before', () => {
    const model = prepared();
    model.send('old');
    model.pass(10);
    model.send('new');

    model.seek(SUBSCRIPTION, model.startMs + 10_000);

    expect(model.texts()).toEqual(['new']);
  });

  test('to an earlier time brings back what was acknowledged, if it is retained', () => {
    const model = prepared({ retainAckedMessages: true });
    model.send('one', 'two');
    model.ack(ackIds(model.take()));
    model.pass(10);
    model.seek(SUBSCRIPTION, model.startMs);

    expect(model.take()).toMatchObject([
      { text: 'one', attempt: 1 },
      { text: 'two', attempt: 1 },
    ]);
  });

  test('replays what the topic retains to a subscription that is younger', () => {
    const model = createVirtualModel();
    model.createTopic(topicConfig({ messageRetentionSeconds: 600 }));
    model.send('one');
    model.pass(601);
    model.send('two');
    model.createSubscription(subscriptionConfig());
    model.send('three');

    model.seek(SUBSCRIPTION, model.startMs);

    expect(model.texts()).toEqual(['two', 'three']);
  });

  test('keeps the order of keys', () => {
    const model = prepared({ enableMessageOrdering: true, retainAckedMessages: true });
    model.sendKeyed('a1', 'a2', 'a3');
    model.ack(ackIds(model.take()));
    model.seek(SUBSCRIPTION, model.startMs);

    expect(model.texts()).toEqual(['a1']);
  });
});
