import { createPubsubModel } from '../../../local/pubsub/model';
import { type PubsubServer, startPubsubServer } from '../../../local/pubsub/server';

const clock = { now: () => Date.now(), sleep: () => Promise.reject(new Error('nobody sleeps here')) };

let server: PubsubServer;
let serial = 0;

beforeAll(async () => {
  server = await startPubsubServer({ model: createPubsubModel({ clock }), port: 0, host: '127.0.0.1' });
});

afterAll(() => server.close());

async function call(method: string, path: string, body?: object): Promise<{ status: number; body: unknown }> {
  const url = `${server.url}/v1/projects/p/${path}`;
  const response = await fetch(url, { method, body: body && JSON.stringify(body) });
  return { status: response.status, body: await response.json() };
}

async function newSubscription(settings: object = {}): Promise<{ topic: string; subscription: string }> {
  serial += 1;
  const topic = `topics/topic-${serial}`;
  const subscription = `subscriptions/subscription-${serial}`;
  await call('PUT', topic, {});
  const created = await call('PUT', subscription, { topic: `projects/p/${topic}`, ...settings });
  if (created.status !== 200) throw new Error(JSON.stringify(created.body));
  return { topic, subscription };
}

const data = (text: string) => Buffer.from(text).toString('base64');

interface Pulled {
  receivedMessages?: { ackId: string; deliveryAttempt?: number; message: { data: string; messageId: string } }[];
}

async function pull(subscription: string, more: object = {}): Promise<NonNullable<Pulled['receivedMessages']>> {
  const { body } = await call('POST', `${subscription}:pull`, { maxMessages: 10, ...more });
  return (body as Pulled).receivedMessages ?? [];
}

describe('over REST', () => {
  test('answers Ok at its root, as the emulator does', async () => {
    expect(await (await fetch(`${server.url}/`)).text()).toBe('Ok');
  });

  test('shows a subscription with its defaults, and leaves out what is empty', async () => {
    const { topic, subscription } = await newSubscription({ retryPolicy: {} });

    const { body } = await call('GET', subscription);

    expect(body).toEqual({
      name: `projects/p/${subscription}`,
      topic: `projects/p/${topic}`,
      pushConfig: {},
      ackDeadlineSeconds: 10,
      messageRetentionDuration: '604800s',
      expirationPolicy: { ttl: '2678400s' },
      retryPolicy: { minimumBackoff: '10s', maximumBackoff: '600s' },
      state: 'ACTIVE',
    });
  });

  test('publishes, pulls, gives back, acknowledges', async () => {
    const { topic, subscription } = await newSubscription();
    const published = await call('POST', `${topic}:publish`, {
      messages: [{ data: data('one'), attributes: { k: 'v' }, orderingKey: 'o' }],
    });

    const [first] = await pull(subscription);
    await call('POST', `${subscription}:modifyAckDeadline`, { ackIds: [first?.ackId], ackDeadlineSeconds: 0 });
    const [second] = await pull(subscription);
    await call('POST', `${subscription}:acknowledge`, { ackIds: [second?.ackId] });

    expect(published.body).toEqual({ messageIds: [first?.message.messageId] });
    expect(first?.message).toMatchObject({ data: data('one'), attributes: { k: 'v' }, orderingKey: 'o' });
    expect(second?.message.messageId).toBe(first?.message.messageId);
    expect(await pull(subscription, { returnImmediately: true })).toEqual([]);
  });

  test('a pull waits for a message that comes a little later', async () => {
    const { topic, subscription } = await newSubscription();

    const pulling = pull(subscription);
    setTimeout(() => call('POST', `${topic}:publish`, { messages: [{ data: data('late') }] }), 100);

    expect(await pulling).toMatchObject([{ message: { data: data('late') } }]);
  });

  test('tells the delivery attempt where there is a dead letter policy, and only there', async () => {
    const plain = await newSubscription();
    const policy = { deadLetterPolicy: { deadLetterTopic: `projects/p/${plain.topic}` } };
    const counted = await newSubscription(policy);
    for (const { topic } of [plain, counted])
      await call('POST', `${topic}:publish`, { messages: [{ data: data('x') }] });

    const [first] = await pull(counted.subscription);
    const [second] = await pull(plain.subscription);

    expect([first?.deliveryAttempt, second?.deliveryAttempt]).toEqual([1, undefined]);
  });

  test('updates by mask in either spelling', async () => {
    const { subscription } = await newSubscription();

    const { body } = await call('PATCH', subscription, {
      subscription: { ackDeadlineSeconds: 30, labels: { a: 'b' }, filter: 'attributes:x' },
      updateMask: 'ackDeadlineSeconds,labels',
    });

    expect(body).toMatchObject({ ackDeadlineSeconds: 30, labels: { a: 'b' } });
    expect(body).not.toHaveProperty('filter');
  });

  test('seeks to a time', async () => {
    const { topic, subscription } = await newSubscription();
    await call('POST', `${topic}:publish`, { messages: [{ data: data('x') }] });

    await call('POST', `${subscription}:seek`, { time: '2100-01-01T00:00:00Z' });

    expect(await pull(subscription, { returnImmediately: true })).toEqual([]);
  });

  test.each([
    ['a subscription to BigQuery', 'PUT', 'subscriptions/to-bigquery', { bigqueryConfig: {} }, 501, 'bigquery_config'],
    [
      'exactly-once',
      'PUT',
      'subscriptions/once',
      { enableExactlyOnceDelivery: true },
      501,
      'enable_exactly_once_delivery',
    ],
    ['no_wrapper', 'PUT', 'subscriptions/raw', { pushConfig: { noWrapper: {} } }, 501, 'push_config.no_wrapper'],
    ['a topic with a schema', 'PUT', 'topics/typed', { schemaSettings: {} }, 501, 'schema_settings'],
    ['snapshots', 'PUT', 'snapshots/snap', {}, 501, 'CreateSnapshot is not part of this local service'],
    ['schemas', 'GET', 'schemas', undefined, 501, 'ListSchemas is not part of this local service'],
    ['a seek to nowhere', 'POST', 'subscriptions/none:seek', {}, 400, 'Must specify either a time or a snapshot'],
    [
      'a subscription that is not there',
      'GET',
      'subscriptions/none',
      undefined,
      404,
      'Resource not found (resource=none).',
    ],
  ])('refuses %s with a sentence', async (_case, method, path, body, status, message) => {
    const answer = await call(method, path, body);

    expect(answer.status).toBe(status);
    expect((answer.body as { error: { message: string } }).error.message).toContain(message);
  });

  test('refuses to pull from a push subscription', async () => {
    const { subscription } = await newSubscription({ pushConfig: { pushEndpoint: 'http://127.0.0.1:9/' } });

    const { status, body } = await call('POST', `${subscription}:pull`, { maxMessages: 1 });

    expect([status, body]).toMatchObject([400, { error: { status: 'FAILED_PRECONDITION' } }]);
  });

  test('fails on demand', async () => {
    const { topic } = await newSubscription();
    server.faults.add({ method: 'Publish', code: 8 });

    const { status } = await call('POST', `${topic}:publish`, { messages: [{ data: data('x') }] });

    expect(status).toBe(429);
  });
});
