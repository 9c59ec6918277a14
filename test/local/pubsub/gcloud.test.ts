import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createPubsubModel } from '../../../local/pubsub/model';
import { type PubsubServer, startPubsubServer } from '../../../local/pubsub/server';

const run = promisify(execFile);
const clock = { now: () => Date.now(), sleep: () => Promise.reject(new Error('nobody sleeps here')) };

function hasGcloud(): boolean {
  try {
    execFileSync('which', ['gcloud'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function testGcloud(): void {
  let server: PubsubServer;
  const model = createPubsubModel({ clock });
  const config = mkdtempSync(join(tmpdir(), 'gcloud-'));

  beforeAll(async () => {
    server = await startPubsubServer({ model, port: 0, host: '127.0.0.1' });
  });

  afterAll(async () => {
    await server.close();
    rmSync(config, { recursive: true, force: true });
  });

  async function gcloud(...args: string[]): Promise<string> {
    const env = {
      ...process.env,
      CLOUDSDK_API_ENDPOINT_OVERRIDES_PUBSUB: `${server.url}/`,
      CLOUDSDK_AUTH_DISABLE_CREDENTIALS: 'true',
      CLOUDSDK_CORE_PROJECT: 'local-project',
      CLOUDSDK_CONFIG: config,
      CLOUDSDK_CORE_DISABLE_USAGE_REPORTING: 'true',
      CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK: 'true',
    };
    const { stdout } = await run('gcloud', ['pubsub', ...args], { env });
    return stdout;
  }

  test('creates, lists, publishes and pulls', async () => {
    await gcloud('topics', 'create', 'commands');
    await gcloud('subscriptions', 'create', 'commands-pull', '--topic=commands', '--ack-deadline=20');
    const message = '{"command":"deleteProduct","productId":"p1"}';
    await gcloud('topics', 'publish', 'commands', `--message=${message}`, '--attribute=k=v');

    const topics = await gcloud('topics', 'list', '--format=value(name)');
    const pulled = await gcloud('subscriptions', 'pull', 'commands-pull', '--auto-ack', '--format=json');

    expect(topics.trim()).toBe('projects/local-project/topics/commands');
    const [received] = JSON.parse(pulled);
    expect(Buffer.from(received.message.data, 'base64').toString()).toBe(message);
    expect(received.message.attributes).toEqual({ k: 'v' });
    expect(model.nextDueMs()).toBeNull();
  }, 60_000);
}

if (hasGcloud()) describe('gcloud pubsub against the local service', testGcloud);
else console.info('gcloud is not installed: its cases against the local Pub/Sub service are left out.');

test('the local service is found at the address that gcloud is given, slash included', async () => {
  const server = await startPubsubServer({ model: createPubsubModel({ clock }), port: 0, host: '127.0.0.1' });

  const response = await fetch(`${server.url}/v1/projects/local-project/topics?alt=json`);
  await server.close();

  expect(response.status).toBe(200);
});
