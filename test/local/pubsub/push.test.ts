import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createPubsubModel, type PubsubModel } from '../../../local/pubsub/model';
import { startPubsubServer } from '../../../local/pubsub/server';
import type { SubscriptionConfig } from '../../../local/pubsub/subscriptionConfig';
import { newMessage, SUBSCRIPTION, subscriptionConfig, TOPIC, topicConfig } from './pubsubFixture';

const clock = { now: () => Date.now(), sleep: () => Promise.reject(new Error('nobody sleeps here')) };

interface Push {
  body: { message: Record<string, unknown>; deliveryAttempt?: number };
  res: ServerResponse;
  atMs: number;
}

interface Endpoint {
  url: string;
  pushes: Push[];
  until(isDone: () => boolean): Promise<void>;
}

const closing: (() => Promise<unknown> | unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** An HTTP server that leaves the answer to the test. */
async function newEndpoint(answer: (push: Push) => void): Promise<Endpoint> {
  const pushes: Push[] = [];
  const onPush = async (req: IncomingMessage, res: ServerResponse) => {
    let text = '';
    for await (const chunk of req) text += chunk;
    const push = { body: JSON.parse(text), res, atMs: performance.now() };
    pushes.push(push);
    answer(push);
  };
  const server: Server = createServer((req, res) => void onPush(req, res));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return { url, pushes, until };
}

async function until(isDone: () => boolean): Promise<void> {
  while (!isDone()) await new Promise((resolve) => setTimeout(resolve, 5));
}

async function pushingTo(url: string, config: Partial<SubscriptionConfig> = {}): Promise<PubsubModel> {
  const model = createPubsubModel({ clock });
  model.createTopic(topicConfig());
  model.createTopic(topicConfig({ name: 'projects/p/topics/dead' }));
  const pushConfig = { pushEndpoint: url, attributes: {}, oidcToken: null };
  model.createSubscription(subscriptionConfig({ pushConfig, ...config }));
  const server = await startPubsubServer({ model, port: 0, host: '127.0.0.1' });
  closing.push(() => server.close());
  return model;
}

const answerWith = (status: number) => (push: Push) => void push.res.writeHead(status).end();

describe('push', () => {
  test('delivers what a subscription held before the service started', async () => {
    const { url, pushes } = await newEndpoint(answerWith(204));
    const model = createPubsubModel({ clock });
    model.createTopic(topicConfig());
    model.createSubscription(
      subscriptionConfig({ pushConfig: { pushEndpoint: url, attributes: {}, oidcToken: null } }),
    );
    model.publish(TOPIC, [newMessage('early')]);

    const server = await startPubsubServer({ model, port: 0, host: '127.0.0.1' });
    closing.push(() => server.close());
    await until(() => pushes.length === 1);

    expect(pushes[0]?.body.message.data).toBe(Buffer.from('early').toString('base64'));
  });

  test.each([200, 201, 202, 204])('takes %i for an acknowledgement', async (status) => {
    const { url, pushes } = await newEndpoint(answerWith(status));
    const model = await pushingTo(url);
    model.publish(TOPIC, [newMessage('x')]);

    await until(() => pushes.length === 1 && model.nextDueMs() === null);

    expect(model.pull(SUBSCRIPTION, { maxMessages: 1 })).toEqual([]);
  });

  test.each([203, 302, 400, 503])('delivers again after a %i', async (status) => {
    const { url, pushes } = await newEndpoint((push) => answerWith(pushes.length === 1 ? status : 200)(push));
    const model = await pushingTo(url);
    model.publish(TOPIC, [newMessage('x')]);

    await until(() => pushes.length === 2);

    expect(pushes[1]?.body).toEqual(pushes[0]?.body);
  });

  test('delivers again after a connection that breaks', async () => {
    const { url, pushes } = await newEndpoint((push) => {
      if (pushes.length === 1) push.res.destroy();
      else answerWith(200)(push);
    });
    const model = await pushingTo(url);
    model.publish(TOPIC, [newMessage('x')]);

    await until(() => pushes.length === 2);
    expect(pushes).toHaveLength(2);
  });

  test('waits by the retry policy between attempts', async () => {
    const { url, pushes } = await newEndpoint((push) => answerWith(pushes.length < 3 ? 500 : 200)(push));
    const retryPolicy = { minimumBackoffSeconds: 0.2, maximumBackoffSeconds: 10 };
    const model = await pushingTo(url, { retryPolicy });
    model.publish(TOPIC, [newMessage('x')]);

    await until(() => pushes.length === 3);

    const [first = 0, second = 0, third = 0] = pushes.map(({ atMs }) => atMs);
    expect(second - first).toBeGreaterThan(180);
    expect(third - second).toBeGreaterThan(380);
  });

  test('counts attempts and ends in the dead letter topic', async () => {
    const { url, pushes } = await newEndpoint(answerWith(500));
    const deadLetterPolicy = { deadLetterTopic: 'projects/p/topics/dead', maxDeliveryAttempts: 5 };
    const retryPolicy = { minimumBackoffSeconds: 0, maximumBackoffSeconds: 0 };
    const model = await pushingTo(url, { deadLetterPolicy, retryPolicy });
    const dead = 'projects/p/subscriptions/dead-pull';
    model.createSubscription(subscriptionConfig({ name: dead, topic: 'projects/p/topics/dead' }));
    model.publish(TOPIC, [newMessage('poison')]);

    await until(() => pushes.length === 5 && model.nextDueMs() === null);

    expect(pushes.map(({ body }) => body.deliveryAttempt)).toEqual([1, 2, 3, 4, 5]);
    expect(model.pull(dead, { maxMessages: 1 })[0]?.message.data.toString()).toBe('poison');
  });

  test('pushes the messages of a key one after the other, with the key', async () => {
    const { url, pushes } = await newEndpoint((push) => void setTimeout(() => answerWith(200)(push), 20));
    const model = await pushingTo(url, { enableMessageOrdering: true });
    model.publish(
      TOPIC,
      ['1', '2', '3'].map((text) => newMessage(text, { orderingKey: 'key' })),
    );

    await until(() => pushes.length === 3);

    const texts = pushes.map(({ body }) => Buffer.from(String(body.message.data), 'base64').toString());
    expect(texts).toEqual(['1', '2', '3']);
    expect(pushes[0]?.body.message.orderingKey).toBe('key');
  });

  test('has a bounded number of requests under way', async () => {
    const { url, pushes } = await newEndpoint(() => undefined);
    const model = await pushingTo(url);
    model.publish(
      TOPIC,
      Array.from({ length: 100 }, () => newMessage('x')),
    );

    await until(() => pushes.length >= 32);
    await new Promise((resolve) => setTimeout(resolve, 50));

    expect(pushes).toHaveLength(32);
  });

  test('close ends the requests under way at once', async () => {
    const { url, pushes } = await newEndpoint(() => undefined);
    const model = await pushingTo(url);
    model.publish(TOPIC, [newMessage('x')]);
    await until(() => pushes.length === 1);
    const broken = new Promise((resolve) => pushes[0]?.res.once('close', resolve));

    await closing.pop()?.();
    await broken;

    expect(pushes).toHaveLength(1);
  });
});
