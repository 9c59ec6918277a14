import { createVirtualModel, newMessage, SUBSCRIPTION, subscriptionConfig, TOPIC, topicConfig } from './pubsubFixture';

const FIRST_PAGE = { pageSize: 0, pageToken: '' };

describe('topics', () => {
  test('are created once, listed by project and sorted', () => {
    const model = createVirtualModel();
    for (const name of ['projects/p/topics/bbb', 'projects/q/topics/ccc', 'projects/p/topics/aaa']) {
      model.createTopic(topicConfig({ name }));
    }

    const listed = model.listTopics('projects/p', FIRST_PAGE);

    expect(listed.topics.map(({ name }) => name)).toEqual(['projects/p/topics/aaa', 'projects/p/topics/bbb']);
    expect(() => model.createTopic(topicConfig({ name: 'projects/p/topics/aaa' }))).toThrow(
      expect.objectContaining({ code: 6, message: 'Resource already exists in the project (resource=aaa).' }),
    );
  });

  test('come in pages that hold when the list changes', () => {
    const model = createVirtualModel();
    for (const id of ['aaa', 'bbb', 'ccc']) model.createTopic(topicConfig({ name: `projects/p/topics/${id}` }));

    const first = model.listTopics('projects/p', { pageSize: 2, pageToken: '' });
    model.deleteTopic('projects/p/topics/bbb');
    const second = model.listTopics('projects/p', { pageSize: 2, pageToken: first.nextPageToken });

    expect(first.topics).toHaveLength(2);
    expect([second.topics.map(({ name }) => name), second.nextPageToken]).toEqual([['projects/p/topics/ccc'], '']);
    expect(() => model.listTopics('projects/p', { pageSize: 2, pageToken: 'x' })).toThrow('page token is invalid');
  });

  test.each([
    'projects/p/topics/t1',
    'projects/p/topics/1topic',
    'projects/p/topics/google-one',
    'projects/p/topics/with space',
    `projects/p/topics/${'a'.repeat(256)}`,
    'projects/p/subscriptions/topic-one',
    'projects/p/topics/topic-one/more',
    'topic-one',
  ])('refuse the name %s', (name) => {
    expect(() => createVirtualModel().createTopic(topicConfig({ name }))).toThrow(
      expect.objectContaining({
        code: 3,
        message: expect.stringContaining(`Invalid resource name given (name=${name})`),
      }),
    );
  });

  test.each(['abc', 'a'.repeat(255), 'a-b_c.d~e+f%41'])('accept the id %s', (id) => {
    const name = `projects/p/topics/${id}`;

    expect(createVirtualModel().createTopic(topicConfig({ name })).name).toBe(name);
  });

  test('change only what the mask names', () => {
    const model = createVirtualModel();
    model.createTopic(topicConfig({ labels: { a: 'b' } }));

    model.updateTopic(topicConfig({ messageRetentionSeconds: 600 }), ['message_retention_duration']);

    expect(model.getTopic(TOPIC)).toMatchObject({ labels: { a: 'b' }, messageRetentionSeconds: 600 });
    expect(() => model.updateTopic(topicConfig(), [])).toThrow('must contain a non-empty paths list');
    expect(() => model.updateTopic(topicConfig(), ['name'])).toThrow('the name field in the Topic is not mutable');
    expect(() => model.updateTopic(topicConfig(), ['wings'])).toThrow('wings is not a known Topic field');
  });

  test('refuse settings that this service does not have, by name', () => {
    expect(() => createVirtualModel().createTopic(topicConfig({ unsupported: ['schema_settings'] }))).toThrow(
      expect.objectContaining({ code: 12, message: expect.stringContaining('schema_settings') }),
    );
  });

  test('leave their subscriptions behind, with what they hold', () => {
    const model = createVirtualModel();
    model.createTopic(topicConfig());
    model.createSubscription(subscriptionConfig());
    model.send('one');

    model.deleteTopic(TOPIC);
    model.createTopic(topicConfig());
    model.send('two');

    expect(model.getSubscription(SUBSCRIPTION).topic).toBe('_deleted-topic_');
    expect(model.texts()).toEqual(['one']);
    expect(model.listTopicSubscriptions(TOPIC, FIRST_PAGE).names).toEqual([]);
  });
});

describe('publish', () => {
  function prepared() {
    const model = createVirtualModel();
    model.createTopic(topicConfig());
    model.createSubscription(subscriptionConfig());
    return model;
  }

  test('gives every message an id of its own and the time of the clock', () => {
    const model = prepared();
    model.pass(5);

    const ids = model.send('one', 'two');
    const pulled = model.pull(SUBSCRIPTION, { maxMessages: 10 });

    expect(new Set(ids).size).toBe(2);
    expect(ids.every((id) => /^\d+$/.test(id))).toBe(true);
    expect(pulled.map(({ message }) => message.publishTimeMs)).toEqual([model.startMs + 5_000, model.startMs + 5_000]);
  });

  test('delivers to every subscription of the topic, and to none of another', () => {
    const model = prepared();
    model.createTopic(topicConfig({ name: 'projects/p/topics/other' }));
    const names = ['two', 'other'].map((id) => `projects/p/subscriptions/sub-${id}`);
    model.createSubscription(subscriptionConfig({ name: names[0] }));
    model.createSubscription(subscriptionConfig({ name: names[1], topic: 'projects/p/topics/other' }));

    model.send('x');

    expect([model.texts(), model.texts(names[0]), model.texts(names[1])]).toEqual([['x'], ['x'], []]);
  });

  test('refuses a topic that does not exist', () => {
    expect(() => createVirtualModel().send('x')).toThrow(
      expect.objectContaining({ code: 5, message: 'Resource not found (resource=topic-one).' }),
    );
  });

  const attributes = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, 'v']));
  const limits: [string, ReturnType<typeof newMessage>[], string | null][] = [
    ['no message', [], 'message_count is too small'],
    ['1,000 messages', Array.from({ length: 1_000 }, () => newMessage('x')), null],
    ['1,001 messages', Array.from({ length: 1_001 }, () => newMessage('x')), 'You passed 1001 in the request'],
    ['an empty message', [newMessage('')], 'must contain either non-empty data, or at least one attribute'],
    ['attributes alone', [newMessage('', { attributes: { k: '' } })], null],
    ['100 attributes', [newMessage('x', { attributes: attributes(100) })], null],
    ['101 attributes', [newMessage('x', { attributes: attributes(101) })], 'attribute_count is too large'],
    ['a key of 256 bytes', [newMessage('x', { attributes: { ['k'.repeat(256)]: 'v' } })], null],
    ['a key of 257 bytes', [newMessage('x', { attributes: { ['k'.repeat(257)]: 'v' } })], 'attribute_key_size'],
    ['a value of 1,024 bytes', [newMessage('x', { attributes: { k: 'v'.repeat(1_024) } })], null],
    ['a value of 1,026 bytes', [newMessage('x', { attributes: { k: 'é'.repeat(513) } })], 'attribute_value_size'],
    ['an empty key', [newMessage('x', { attributes: { '': 'v' } })], 'attribute key in the publish request is empty'],
    ['a reserved key', [newMessage('x', { attributes: { google: 'v' } })], 'must not begin with "goog"'],
    ['10 MB', [newMessage('x'.repeat(10_485_760))], null],
    ['more than 10 MB', [newMessage('x'.repeat(10_485_761))], 'exceeds the limit: 10485760 bytes'],
  ];

  test.each(limits)('judges %s by the limits of the service', (_case, messages, refusal) => {
    const model = prepared();

    if (refusal === null) expect(model.publish(TOPIC, messages)).toHaveLength(messages.length);
    else {
      expect(() => model.publish(TOPIC, messages)).toThrow(
        expect.objectContaining({ code: 3, message: expect.stringContaining(refusal) }),
      );
      expect(model.texts()).toEqual([]);
    }
  });
});
