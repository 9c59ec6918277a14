import type { SubscriptionConfig } from '../../../local/pubsub/subscriptionConfig';
import { createVirtualModel, SUBSCRIPTION, subscriptionConfig, topicConfig } from './pubsubFixture';

function prepared() {
  const model = createVirtualModel();
  model.createTopic(topicConfig());
  return model;
}

const push = (pushEndpoint: string) => ({ pushEndpoint, attributes: {}, oidcToken: null });
const dead = (maxDeliveryAttempts: number) => ({ deadLetterTopic: 'projects/p/topics/topic-one', maxDeliveryAttempts });

describe('subscriptions', () => {
  test.each<[string, Partial<SubscriptionConfig>, number, string]>([
    ['a topic that is not there', { topic: 'projects/p/topics/none' }, 5, 'Resource not found (resource=none).'],
    ['a bad name', { name: 'projects/p/subscriptions/s1' }, 3, 'Invalid resource name given'],
    ['an ack deadline of 9 s', { ackDeadlineSeconds: 9 }, 3, 'You passed 9s in the request'],
    ['an ack deadline of 601 s', { ackDeadlineSeconds: 601 }, 3, 'between 10s and 600s'],
    ['a retention of 9 minutes', { messageRetentionSeconds: 540 }, 3, 'message_retention_duration is out of bounds'],
    ['a retention of 32 days', { messageRetentionSeconds: 32 * 86_400 }, 3, 'message_retention_duration'],
    [
      'an endpoint that is no URL',
      { pushConfig: push('ftp://x/') },
      3,
      'Invalid push endpoint given (endpoint=ftp://x/)',
    ],
    ['4 delivery attempts', { deadLetterPolicy: dead(4) }, 3, 'between 5 and 100'],
    ['101 delivery attempts', { deadLetterPolicy: dead(101) }, 3, 'You passed 101 in the request'],
    [
      'a dead letter topic that is not there',
      { deadLetterPolicy: { deadLetterTopic: 'projects/p/topics/none', maxDeliveryAttempts: 5 } },
      5,
      'resource=none',
    ],
    [
      'a back-off of 601 s',
      { retryPolicy: { minimumBackoffSeconds: 1, maximumBackoffSeconds: 601 } },
      3,
      'maximum_backoff is out of bounds',
    ],
    [
      'a minimum above the maximum',
      { retryPolicy: { minimumBackoffSeconds: 20, maximumBackoffSeconds: 10 } },
      3,
      'must not be greater than the maximum_backoff (10s)',
    ],
    ['a label in capitals', { labels: { Team: 'x' } }, 3, 'Invalid label (Team: x)'],
    ['a filter that is none', { filter: 'colour = "red"' }, 3, 'Invalid filter'],
    ['what is not there', { unsupported: ['bigquery_config'] }, 12, 'bigquery_config'],
  ])('refuse %s', (_case, config, code, message) => {
    const model = prepared();

    expect(() => model.createSubscription(subscriptionConfig(config))).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
    expect(model.subscriptionNames()).toEqual([]);
  });

  test('exist once, and begin with what is published after them', () => {
    const model = prepared();
    model.send('before');
    model.createSubscription(subscriptionConfig());
    model.send('after');

    expect(model.texts()).toEqual(['after']);
    expect(() => model.createSubscription(subscriptionConfig())).toThrow(expect.objectContaining({ code: 6 }));
  });

  test('lose their messages when deleted', () => {
    const model = prepared();
    model.createSubscription(subscriptionConfig());
    model.send('one');
    const [taken] = model.take();
    model.deleteSubscription(SUBSCRIPTION);

    expect(() => model.take()).toThrow(expect.objectContaining({ code: 5 }));
    model.createSubscription(subscriptionConfig());
    expect(model.texts()).toEqual([]);
    expect(() => model.acknowledge(SUBSCRIPTION, [taken?.ackId ?? ''])).toThrow('invalid ack ID');
  });

  test('deliver by their filter', () => {
    const model = prepared();
    model.createSubscription(subscriptionConfig({ filter: 'attributes.colour = "red"' }));
    for (const colour of ['red', 'blue']) {
      const message = { data: Buffer.from(colour), attributes: { colour }, orderingKey: '' };
      model.publish('projects/p/topics/topic-one', [message]);
    }

    expect(model.texts()).toEqual(['red']);
  });

  test('change what the mask names, and nothing else', () => {
    const model = prepared();
    model.createSubscription(subscriptionConfig({ labels: { a: 'b' }, retryPolicy: null }));

    const given = subscriptionConfig({
      ackDeadlineSeconds: 60,
      retryPolicy: { minimumBackoffSeconds: 1, maximumBackoffSeconds: 600 },
      pushConfig: push('http://127.0.0.1:1/'),
    });
    model.updateSubscription(given, ['ack_deadline_seconds', 'retry_policy.minimum_backoff', 'push_config']);

    expect(model.getSubscription(SUBSCRIPTION)).toMatchObject({
      ackDeadlineSeconds: 60,
      labels: { a: 'b' },
      retryPolicy: { minimumBackoffSeconds: 1, maximumBackoffSeconds: 600 },
      pushConfig: { pushEndpoint: 'http://127.0.0.1:1/' },
    });
  });

  test.each([
    [[], 'must contain a non-empty paths list'],
    [['filter'], 'the filter field in the Subscription is not mutable'],
    [['topic'], 'the topic field in the Subscription is not mutable'],
    [['ackDeadlineSeconds'], 'ackDeadlineSeconds is not a known Subscription field'],
  ])('refuse the update mask %j', (paths, message) => {
    const model = prepared();
    model.createSubscription(subscriptionConfig());

    expect(() => model.updateSubscription(subscriptionConfig(), paths)).toThrow(
      expect.objectContaining({ code: 3, message: expect.stringContaining(message) }),
    );
  });

  test('keep their settings when an update is refused', () => {
    const model = prepared();
    model.createSubscription(subscriptionConfig());

    expect(() =>
      model.updateSubscription(subscriptionConfig({ ackDeadlineSeconds: 5 }), ['ack_deadline_seconds']),
    ).toThrow('out of bounds');
    expect(model.getSubscription(SUBSCRIPTION).ackDeadlineSeconds).toBe(10);
  });
});
