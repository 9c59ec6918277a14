import { type Message, PubSub, type Subscription, type Topic } from '@google-cloud/pubsub';
import { PassThroughClient } from 'google-auth-library';
import { type PushEndpoint, startPushEndpoint } from './pubsubEndpoint';

/** A Pub/Sub service that speaks the wire: the local one, or Google's emulator. */
export interface PubsubUnderTest {
  /** `host:port` */
  host: string;
  close(): Promise<void>;
}

/** What the official client may expect of a Pub/Sub service. */
export function testPubsub(name: string, start: () => Promise<PubsubUnderTest>): void {
  describe(`Pub/Sub: ${name}`, () => {
    let service: PubsubUnderTest;
    let pubsub: PubSub;
    let serial = 0;
    const closing: (() => Promise<unknown> | unknown)[] = [];

    beforeAll(async () => {
      service = await start();
      // Without a client of its own the library asks the metadata server for the universe domain.
      const authClient = new PassThroughClient();
      pubsub = new PubSub({ projectId: 'local-project', apiEndpoint: service.host, emulatorMode: true, authClient });
    });

    afterEach(async () => {
      for (const close of closing.splice(0).reverse()) await close();
    });

    afterAll(async () => {
      await pubsub.close();
      await service.close();
    });

    function freshId(kind: string): string {
      serial += 1;
      return `${kind}-${serial}`;
    }

    async function newTopic(): Promise<Topic> {
      const [topic] = await pubsub.createTopic(freshId('topic'));
      return topic;
    }

    async function newSubscription(topic: Topic, options: object = {}): Promise<Subscription> {
      const [subscription] = await topic.createSubscription(freshId('subscription'), options);
      closing.push(() => subscription.close());
      return subscription;
    }

    /** Collects messages until there are so many; what to do with each is up to `handle`. */
    function receive(
      subscription: Subscription,
      count: number,
      handle: (message: Message) => void,
    ): Promise<Message[]> {
      return new Promise((resolve, reject) => {
        const received: Message[] = [];
        subscription.on('error', reject);
        subscription.on('message', (message: Message) => {
          received.push(message);
          handle(message);
          if (received.length === count) resolve(received);
        });
      });
    }

    async function newEndpoint(statuses: number[]): Promise<PushEndpoint> {
      const endpoint = await startPushEndpoint(statuses);
      closing.push(endpoint.close);
      return endpoint;
    }

    const ack = (message: Message) => message.ack();

    test('creates, finds, lists and deletes topics and subscriptions', async () => {
      const topic = await newTopic();
      const subscription = await newSubscription(topic, { ackDeadlineSeconds: 30 });

      const [topics] = await pubsub.getTopics();
      const [subscriptions] = await topic.getSubscriptions();
      const [metadata] = await subscription.getMetadata();
      await subscription.delete();
      await topic.delete();

      expect(topics.map((each) => each.name)).toContain(topic.name);
      expect(subscriptions.map((each) => each.name)).toEqual([subscription.name]);
      expect(metadata).toMatchObject({ topic: topic.name, ackDeadlineSeconds: 30 });
      expect(await topic.exists()).toEqual([false]);
      expect(await subscription.exists()).toEqual([false]);
    });

    test('refuses with the code that says why', async () => {
      const topic = await newTopic();

      await expect(pubsub.createTopic(topic.name)).rejects.toMatchObject({ code: 6 });
      await expect(pubsub.createTopic('t1')).rejects.toMatchObject({ code: 3 });
      await expect(topic.createSubscription('sub-x', { ackDeadlineSeconds: 601 })).rejects.toMatchObject({ code: 3 });
      await expect(pubsub.topic('topic-none').publishMessage({ data: Buffer.from('x') })).rejects.toMatchObject({
        code: 5,
      });
      await expect(pubsub.topic('topic-none').createSubscription('sub-x')).rejects.toMatchObject({ code: 5 });
      await expect(topic.publishMessage({ data: Buffer.alloc(0) })).rejects.toMatchObject({ code: 3 });
    });

    test('changes the settings of a subscription', async () => {
      const subscription = await newSubscription(await newTopic());

      await subscription.setMetadata({ ackDeadlineSeconds: 45, messageRetentionDuration: { seconds: 1_200 } });

      const [metadata] = await subscription.getMetadata();
      expect(metadata).toMatchObject({ ackDeadlineSeconds: 45, messageRetentionDuration: { seconds: '1200' } });
    });

    test('delivers data, attributes, id and time to a streaming pull', async () => {
      const topic = await newTopic();
      const subscription = await newSubscription(topic);
      const before = Date.now();

      const id = await topic.publishMessage({ data: Buffer.from('héllo'), attributes: { 'ce-type': 'x', empty: '' } });
      const [message] = await receive(subscription, 1, ack);

      expect(message?.id).toBe(id);
      expect(message?.data.toString()).toBe('héllo');
      expect(message?.attributes).toEqual({ 'ce-type': 'x', empty: '' });
      expect(Math.abs((message?.publishTime.getTime() ?? 0) - before)).toBeLessThan(60_000);
    });

    test('delivers many messages, each once, to a client that acknowledges', async () => {
      const topic = await newTopic();
      const subscription = await newSubscription(topic);
      const ids = await Promise.all(
        Array.from({ length: 300 }, (_, index) => topic.publishMessage({ data: Buffer.from(String(index)) })),
      );

      const received = await receive(subscription, 300, ack);

      expect(received.map((message) => message.id).sort()).toEqual(ids.sort());
    });

    test('keeps to the flow control of the client', async () => {
      const topic = await newTopic();
      const created = await newSubscription(topic);
      for (let index = 0; index < 6; index += 1) await topic.publishMessage({ data: Buffer.from(String(index)) });
      const subscription = pubsub.subscription(created.name, {
        flowControl: { maxMessages: 2, allowExcessMessages: false },
        streamingOptions: { maxStreams: 1 },
      });
      closing.push(() => subscription.close());
      let held = 0;
      let most = 0;

      await receive(subscription, 6, (message) => {
        held += 1;
        most = Math.max(most, held);
        setTimeout(() => {
          held -= 1;
          message.ack();
        }, 50);
      });

      expect(most).toBeLessThanOrEqual(2);
    });

    test('delivers again what was given back', async () => {
      const topic = await newTopic();
      const subscription = await newSubscription(topic);
      await topic.publishMessage({ data: Buffer.from('again') });
      let attempts = 0;

      const [first, second] = await receive(subscription, 2, (message) => {
        attempts += 1;
        if (attempts === 1) message.nack();
        else message.ack();
      });

      expect(second?.id).toBe(first?.id);
    });

    test('delivers the messages of a key in the order of publishing', async () => {
      const topic = await newTopic();
      const subscription = await newSubscription(topic, { enableMessageOrdering: true });
      topic.setPublishOptions({ messageOrdering: true });
      const sent = Array.from({ length: 5 }, (_, index) => String(index));
      await Promise.all(sent.map((text) => topic.publishMessage({ data: Buffer.from(text), orderingKey: 'key' })));

      const received = await receive(subscription, 5, ack);

      expect(received.map((message) => message.data.toString())).toEqual(sent);
      expect(received[0]?.orderingKey).toBe('key');
    });

    test('moves a message that is given back five times to the dead letter topic', async () => {
      const topic = await newTopic();
      const deadLetterTopic = await newTopic();
      const dead = await newSubscription(deadLetterTopic);
      const subscription = await newSubscription(topic, {
        deadLetterPolicy: { deadLetterTopic: deadLetterTopic.name, maxDeliveryAttempts: 5 },
      });
      const attempts: number[] = [];
      subscription.on('message', (message: Message) => {
        attempts.push(message.deliveryAttempt);
        message.nack();
      });
      await topic.publishMessage({ data: Buffer.from('poison'), attributes: { k: 'v' } });

      const [forwarded] = await receive(dead, 1, ack);

      expect(attempts).toEqual([1, 2, 3, 4, 5]);
      expect(forwarded?.data.toString()).toBe('poison');
      expect(forwarded?.attributes).toMatchObject({
        k: 'v',
        CloudPubSubDeadLetterSourceDeliveryCount: '5',
        CloudPubSubDeadLetterSourceSubscription: subscription.name.split('/').at(-1),
        CloudPubSubDeadLetterSourceSubscriptionProject: 'local-project',
        CloudPubSubDeadLetterSourceTopicPublishTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+/),
      });
    });

    test('ends a streaming pull with NOT_FOUND where the subscription is not there', async () => {
      const subscription = pubsub.subscription('subscription-none');
      closing.push(() => subscription.close());

      const failed = new Promise((resolve) => subscription.on('error', resolve));
      subscription.on('message', ack);

      expect(await failed).toMatchObject({ code: 5 });
    });

    test('pushes to an endpoint until it acknowledges', async () => {
      const topic = await newTopic();
      const { url, pushed, until } = await newEndpoint([500, 404]);
      const subscription = await newSubscription(topic, { pushEndpoint: url });

      const id = await topic.publishMessage({ data: Buffer.from('pushed'), attributes: { k: 'v' } });
      await until(3);

      expect(pushed.map(({ message }) => message.messageId)).toEqual([id, id, id]);
      expect(pushed[0]).toMatchObject({
        message: {
          data: Buffer.from('pushed').toString('base64'),
          attributes: { k: 'v' },
          message_id: id,
          publishTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
          publish_time: pushed[0]?.message.publishTime,
        },
        subscription: subscription.name,
        contentType: 'application/json',
      });
    });

    test('pushes a message of attributes alone without data', async () => {
      const topic = await newTopic();
      const { url, pushed, until } = await newEndpoint([]);
      await newSubscription(topic, { pushEndpoint: url });

      await topic.publishMessage({ attributes: { k: 'v' } });
      await until(1);

      expect(pushed[0]?.message.attributes).toEqual({ k: 'v' });
      expect(pushed[0]?.message.data ?? '').toBe('');
    });

    test('turns a pull subscription into a push subscription and delivers what it holds', async () => {
      const topic = await newTopic();
      const subscription = await newSubscription(topic);
      const { url, until, pushed } = await newEndpoint([]);
      await topic.publishMessage({ data: Buffer.from('held') });

      await subscription.modifyPushConfig({ pushEndpoint: url });
      await until(1);

      expect(pushed).toHaveLength(1);
    });

    test('keeps the messages of a subscription whose topic is deleted', async () => {
      const topic = await newTopic();
      const subscription = await newSubscription(topic);
      await topic.publishMessage({ data: Buffer.from('kept') });
      await topic.delete();

      const [metadata] = await subscription.getMetadata();
      const [message] = await receive(subscription, 1, ack);

      expect(metadata.topic).toBe('_deleted-topic_');
      expect(message?.data.toString()).toBe('kept');
    });
  });
}
