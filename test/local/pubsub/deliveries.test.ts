import type { SubscriptionConfig } from '../../../local/pubsub/subscriptionConfig';
import { createVirtualModel, newMessage, SUBSCRIPTION, subscriptionConfig, TOPIC, topicConfig } from './pubsubFixture';

function prepared(config: Partial<SubscriptionConfig> = {}) {
  const model = createVirtualModel();
  model.createTopic(topicConfig());
  model.createTopic(topicConfig({ name: 'projects/p/topics/dead' }));
  model.createSubscription(subscriptionConfig(config));
  return {
    ...model,
    nack: (ackIds: string[]) => model.modifyAckDeadline(SUBSCRIPTION, ackIds, 0),
    ack: (ackIds: string[]) => model.acknowledge(SUBSCRIPTION, ackIds),
    sendKeyed: (...texts: string[]) =>
      // 'a1' has the ordering key 'a'.
      model.publish(
        TOPIC,
        texts.map((text) => newMessage(text, { orderingKey: text.slice(0, 1) })),
      ),
  };
}

const ackIds = (taken: { ackId: string }[]) => taken.map(({ ackId }) => ackId);

describe('leases', () => {
  test('hide a message until the ack deadline, then it comes again with another ack id', () => {
    const model = prepared({ ackDeadlineSeconds: 20 });
    model.send('one');

    const first = model.take();
    model.pass(19);
    const within = model.take();
    model.pass(1);
    const after = model.take();

    expect([first, within, after].map((taken) => taken.map(({ text, attempt }) => [text, attempt]))).toEqual([
      [['one', 1]],
      [],
      [['one', 2]],
    ]);
    expect(after[0]?.ackId).not.toBe(first[0]?.ackId);
  });

  test('end for good with the acknowledgement, repeated ones included', () => {
    const model = prepared();
    model.send('one');
    const ids = ackIds(model.take());

    model.ack(ids);
    model.ack(ids);
    model.pass(3_600);

    expect(model.take()).toEqual([]);
  });

  test('are over late, but an acknowledgement still counts until the message is handed out again', () => {
    const model = prepared();
    model.send('one');
    const ids = ackIds(model.take());
    model.pass(11);
    model.ack(ids);

    expect(model.take()).toEqual([]);
  });

  test('do not fall to the acknowledgement of an earlier lease', () => {
    const model = prepared();
    model.send('one');
    const stale = ackIds(model.take());
    model.pass(11);
    model.take();
    model.ack(stale);
    model.pass(11);

    expect(model.texts()).toEqual(['one']);
  });

  test('are renewed, counted from now', () => {
    const model = prepared();
    model.send('one');
    const ids = ackIds(model.take());
    model.pass(9);
    model.modifyAckDeadline(SUBSCRIPTION, ids, 60);
    model.pass(59);

    expect(model.texts()).toEqual([]);
    model.pass(1);
    expect(model.texts()).toEqual(['one']);
  });

  test('end at once with a deadline of 0', () => {
    const model = prepared();
    model.send('one');
    model.nack(ackIds(model.take()));

    expect(model.take()).toMatchObject([{ text: 'one', attempt: 2 }]);
  });

  test('tell once when they end, in whichever way', () => {
    const model = prepared();
    model.send('acked', 'nacked', 'expired');
    const ended: string[] = [];
    const onLeaseEnd = (ackId: string) => ended.push(ackId);
    const [acked, nacked, expired] = model.pull(SUBSCRIPTION, { maxMessages: 3, onLeaseEnd }).map(({ ackId }) => ackId);

    model.ack([acked ?? '']);
    model.nack([nacked ?? '']);
    model.pass(11);
    model.advance();
    model.deleteSubscription(SUBSCRIPTION);

    expect(ended).toEqual([acked, nacked, expired]);
  });

  test('refuse ack ids that are none of this subscription, and deadlines out of bounds', () => {
    const model = prepared();
    model.createSubscription(subscriptionConfig({ name: 'projects/p/subscriptions/sub-two' }));
    model.send('one');
    const foreign = ackIds(model.take('projects/p/subscriptions/sub-two'));

    for (const ids of [foreign, ['nonsense']]) {
      expect(() => model.ack(ids)).toThrow(
        expect.objectContaining({ code: 3, message: expect.stringContaining('invalid ack ID') }),
      );
    }
    expect(() => model.ack([])).toThrow('No ack ids specified.');
    expect(() => model.modifyAckDeadline(SUBSCRIPTION, foreign, 601)).toThrow('between 0s and 600s');
    expect(() => model.pull(SUBSCRIPTION, { maxMessages: 0 })).toThrow('max_messages is too small');
  });
});

describe('redelivery', () => {
  test('waits by the retry policy, longer each time and never longer than its maximum', () => {
    const model = prepared({ retryPolicy: { minimumBackoffSeconds: 10, maximumBackoffSeconds: 30 } });
    model.send('one');
    const waits: number[] = [];

    for (let round = 0; round < 4; round += 1) {
      model.nack(ackIds(model.take()));
      const dueMs = model.nextDueMs() ?? 0;
      waits.push((dueMs - model.clock.now()) / 1000);
      model.pass(waits.at(-1) ?? 0);
    }

    expect(waits).toEqual([10, 20, 30, 30]);
  });

  test('moves a message to the dead letter topic after its last attempt, with where it came from', () => {
    const policy = { deadLetterTopic: 'projects/p/topics/dead', maxDeliveryAttempts: 5 };
    const model = prepared({ deadLetterPolicy: policy });
    const dead = 'projects/p/subscriptions/dead-pull';
    model.createSubscription(subscriptionConfig({ name: dead, topic: 'projects/p/topics/dead' }));
    model.publish(TOPIC, [newMessage('bad', { attributes: { k: 'v' } })]);

    const attempts: (number | undefined)[] = [];
    for (let round = 0; round < 4; round += 1) {
      const taken = model.take();
      attempts.push(taken[0]?.attempt);
      model.nack(ackIds(taken));
    }
    attempts.push(model.take()[0]?.attempt);
    expect(model.take(dead)).toEqual([]);
    model.pass(10);

    const [forwarded] = model.pull(dead, { maxMessages: 1 });
    expect(attempts).toEqual([1, 2, 3, 4, 5]);
    expect(forwarded?.message.data.toString()).toBe('bad');
    expect(forwarded?.message.attributes).toEqual({
      k: 'v',
      CloudPubSubDeadLetterSourceDeliveryCount: '5',
      CloudPubSubDeadLetterSourceSubscription: 'sub-one',
      CloudPubSubDeadLetterSourceSubscriptionProject: 'p',
      CloudPubSubDeadLetterSourceTopicPublishTime: '2026-01-01T00:00:00.000Z',
    });
    expect(model.take()).toEqual([]);
  });

  test('goes on where the dead letter topic is gone', () => {
    const policy = { deadLetterTopic: 'projects/p/topics/dead', maxDeliveryAttempts: 5 };
    const model = prepared({ deadLetterPolicy: policy });
    model.send('bad');
    model.deleteTopic('projects/p/topics/dead');

    for (let round = 0; round < 6; round += 1) model.nack(ackIds(model.take()));

    expect(model.take()).toMatchObject([{ text: 'bad', attempt: 7 }]);
  });

  test('ends with the retention', () => {
    const model = prepared({ messageRetentionSeconds: 600 });
    model.send('old');
    model.pass(300);
    model.send('young');
    model.pass(300);

    expect(model.texts()).toEqual(['young']);
  });
});

describe('ordering', () => {
  test('gives the next message of a key only after the one before is acknowledged', () => {
    const model = prepared({ enableMessageOrdering: true });
    model.sendKeyed('a1', 'a2', 'b1', 'a3');

    const first = model.take();
    model.nack(ackIds(first.slice(0, 1)));
    const again = model.take();
    model.ack(ackIds(again));
    const next = model.take();

    expect([first, again, next].map((taken) => taken.map(({ text }) => text))).toEqual([['a1', 'b1'], ['a1'], ['a2']]);
  });

  test('holds while the first of a key waits for its back-off', () => {
    const retryPolicy = { minimumBackoffSeconds: 10, maximumBackoffSeconds: 10 };
    const model = prepared({ enableMessageOrdering: true, retryPolicy });
    model.sendKeyed('a1', 'a2');
    model.nack(ackIds(model.take()));

    expect(model.texts()).toEqual([]);
    model.pass(10);
    expect(model.texts()).toEqual(['a1']);
  });

  test('is none where the subscription did not ask for it', () => {
    const model = prepared();
    model.sendKeyed('a1', 'a2');

    expect(model.texts()).toEqual(['a1', 'a2']);
  });
});

describe('size', () => {
  test('a pull holds at most 10 MB, and one message however big', () => {
    const model = prepared();
    for (let count = 0; count < 3; count += 1) model.send('x'.repeat(5_000_000));

    expect(model.take()).toHaveLength(2);
    expect(model.pull(SUBSCRIPTION, { maxMessages: 10, maxBytes: 1 })).toHaveLength(1);
  });

  test('20,000 messages go through in order, leased, given back and acknowledged', () => {
    const model = prepared();
    const sent = Array.from({ length: 20_000 }, (_, index) => String(index));
    for (let at = 0; at < sent.length; at += 1_000) model.send(...sent.slice(at, at + 1_000));

    const seen: string[] = [];
    for (let taken = model.take(); taken.length > 0; taken = model.take()) {
      const isFirst = taken[0]?.attempt === 1;
      if (isFirst) model.nack(ackIds(taken));
      else {
        seen.push(...taken.map(({ text }) => text));
        model.ack(ackIds(taken));
      }
    }

    expect(seen).toEqual(sent);
    expect(model.nextDueMs()).toBeNull();
  });
});
