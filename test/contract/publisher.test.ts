import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createPubsubModel } from '../../local/pubsub/model';
import { modelPublisher } from '../../local/pubsub/publisher';
import { startPubsubServer } from '../../local/pubsub/server';
import { createPublisher } from '../../shared/clients/publisher';
import { subscriptionConfig, topicConfig } from '../local/pubsub/pubsubFixture';
import { testPublisher } from './publisher';

const PROJECT = 'local-project';
const TOPIC = `projects/${PROJECT}/topics/events`;
const SUBSCRIPTION = `projects/${PROJECT}/subscriptions/events-pull`;

const clock = { now: () => Date.now(), sleep: () => Promise.reject(new Error('nobody sleeps here')) };

function preparedModel() {
  const model = createPubsubModel({ clock });
  model.createTopic(topicConfig({ name: TOPIC }));
  model.createSubscription(subscriptionConfig({ name: SUBSCRIPTION, topic: TOPIC }));
  return model;
}

function acceptedBy(model: ReturnType<typeof preparedModel>) {
  return () =>
    model
      .pull(SUBSCRIPTION, { maxMessages: 1_000 })
      .map(({ message: { id, data, attributes } }) => ({ id, data, attributes }));
}

async function servedModel() {
  const model = preparedModel();
  const server = await startPubsubServer({ model, port: 0, host: '127.0.0.1' });
  const publisher = createPublisher({ projectId: PROJECT, emulatorHost: `127.0.0.1:${server.port}` });
  async function close(): Promise<void> {
    await publisher.close();
    await server.close();
  }
  return { model, server, publisher, close };
}

testPublisher('the model', async () => {
  const model = preparedModel();
  return { publisher: modelPublisher(model, PROJECT), accepted: acceptedBy(model), close: async () => undefined };
});

testPublisher('the client on the local service', async () => {
  const { model, publisher, close } = await servedModel();
  return { publisher, accepted: acceptedBy(model), close };
});

test('the client asks no metadata server where it is given a host', async () => {
  const asked: (string | undefined)[] = [];
  const metadata = createServer((req, res) => {
    asked.push(req.url);
    res.writeHead(404).end();
  });
  await new Promise<void>((resolve) => metadata.listen(0, '127.0.0.1', resolve));
  const before = process.env.GCE_METADATA_HOST;
  process.env.GCE_METADATA_HOST = `127.0.0.1:${(metadata.address() as AddressInfo).port}`;
  const { publisher, close } = await servedModel();

  await publisher.publish('events', { data: Buffer.from('x'), attributes: {} });

  if (before === undefined) delete process.env.GCE_METADATA_HOST;
  else process.env.GCE_METADATA_HOST = before;
  await close();
  metadata.closeAllConnections();
  metadata.close();
  expect(asked).toEqual([]);
});

describe('publisher: faults of the service', () => {
  let served: Awaited<ReturnType<typeof servedModel>>;
  const message = { data: Buffer.from('x'), attributes: {} };

  beforeAll(async () => {
    served = await servedModel();
  });

  afterAll(() => served.close());

  test('are tried again where they may pass', async () => {
    served.server.faults.add({ method: 'Publish', code: 14, count: 2 });

    expect(await served.publisher.publish('events', message)).toMatch(/^\d+$/);
    expect(served.server.faults.list()).toEqual([]);
  });

  test('are thrown at once where they will not', async () => {
    served.server.faults.add({ method: 'Publish', code: 7, count: 2 });

    await expect(served.publisher.publish('events', message)).rejects.toMatchObject({
      status: 'PERMISSION_DENIED',
      faultClass: 'configuration',
    });
    expect(served.server.faults.list()).toMatchObject([{ count: 1 }]);
    served.server.faults.clear();
  });
});
