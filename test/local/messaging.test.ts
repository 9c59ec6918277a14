import { createMessaging } from '../../local/messaging';
import { createPubsubModel } from '../../local/pubsub/model';
import { startPubsubServer } from '../../local/pubsub/server';
import { readSettings } from '../../local/settings';
import { findEmulatorJar, startEmulator } from '../contract/pubsubEmulator';

const clock = {
  now: () => Date.now(),
  sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
};

async function startLocal() {
  const { port, close } = await startPubsubServer({ model: createPubsubModel({ clock }), port: 0, host: '127.0.0.1' });
  return { host: `127.0.0.1:${port}`, close };
}

const jar = findEmulatorJar();
const services = [{ name: 'the local service', start: startLocal }];
if (jar !== null) services.push({ name: "Google's emulator", start: () => startEmulator(jar) });

describe.each(services)('the topics and subscriptions on $name', ({ start }) => {
  let service: Awaited<ReturnType<typeof start>>;

  beforeAll(async () => {
    service = await start();
  });

  afterAll(() => service.close());

  async function read(path: string) {
    const response = await fetch(`http://${service.host}/v1/projects/local-project/${path}`);
    return (await response.json()) as Record<string, unknown>;
  }

  it('are those of the contract; a second start keeps them and pushes to its own functions', async () => {
    const messaging = createMessaging(service.host, readSettings({}, []));
    await messaging.createTopics();
    await messaging.pushTo('product-search-commands', 'http://127.0.0.1:1111');
    await messaging.createTopics();
    await messaging.pushTo('product-search-commands', 'http://127.0.0.1:2222');

    const { topics } = (await read('topics')) as { topics: { name: string }[] };
    expect(topics.map(({ name }) => name.split('/').at(-1)).sort()).toEqual([
      'product-search-commands',
      'product-search-continuations',
      'product-search-dead-letters',
      'product-search-events',
    ]);
    expect(await read('subscriptions/product-search-events-pull')).toMatchObject({ ackDeadlineSeconds: 60 });
    expect(await read('subscriptions/product-search-commands-push')).toMatchObject({
      pushConfig: { pushEndpoint: 'http://127.0.0.1:2222' },
      ackDeadlineSeconds: 600,
      retryPolicy: { minimumBackoff: '1s', maximumBackoff: '60s' },
      deadLetterPolicy: { maxDeliveryAttempts: 100 },
    });
  });

  it('are told of with the service and the answer where they are refused', async () => {
    const messaging = createMessaging(service.host, readSettings({}, []));

    await expect(messaging.pushTo('product-search-nowhere', 'http://127.0.0.1:1')).rejects.toThrow(
      new RegExp(`Pub/Sub on ${service.host} refused PUT .*product-search-nowhere-push with 404`),
    );
  });
});
