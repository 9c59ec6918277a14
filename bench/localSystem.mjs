/** A local system of a measurement's own, its clients, and the memory of its function processes. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PubSub } from '@google-cloud/pubsub';
import { Storage } from '@google-cloud/storage';
import vision from '@google-cloud/vision/build/src/v1/product_search_client.js';
import { credentials } from '@grpc/grpc-js';
import { PassThroughClient } from 'google-auth-library';

const PORTS = { CONSOLE_PORT: '0', PUBSUB_PORT: '0', STORAGE_PORT: '0', VISION_PORT: '0', CLOUDINARY_PORT: '0' };

/** Starts `npm start -- --empty` on free ports; gives clients for it, and what stops it. */
export async function startSystem(environment) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const child = spawn(process.execPath, ['local/start.mjs', '--empty'], {
    env: { ...process.env, ...PORTS, LOCAL_DIR: folder, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve, reject) => {
    let text = '';
    child.once('exit', () => reject(new Error(text)));
    child.stdout.on('data', (chunk) => {
      text += chunk;
      if (/^ready/m.test(text)) resolve();
    });
  });
  const env = readFileSync(join(folder, 'env'), 'utf8');
  const of = (name) => new RegExp(`^export ${name}='(.*)'$`, 'm').exec(env)[1];
  const authClient = new PassThroughClient();
  const [host, port] = of('VISION_EMULATOR_HOST').split(':');
  return {
    storage: new Storage({ projectId: 'local-project', apiEndpoint: of('STORAGE_EMULATOR_HOST') }),
    pubsub: new PubSub({ projectId: 'local-project', apiEndpoint: of('PUBSUB_EMULATOR_HOST'), authClient }),
    search: new vision.ProductSearchClient({
      apiEndpoint: host,
      port: Number(port),
      projectId: 'local-project',
      sslCreds: credentials.createInsecure(),
      authClient,
    }),
    /** The functions with the ids of their processes, as they are now. */
    functions: () => JSON.parse(readFileSync(join(folder, 'functions.json'), 'utf8')),
    log: () => readFileSync(join(folder, 'log.jsonl'), 'utf8'),
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGINT');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The most memory, in MB, that each function process held at any time so far, also those that are gone. */
export function watchMemory(functions) {
  const most = {};
  const timer = setInterval(() => {
    for (const [name, { pid }] of Object.entries(functions())) {
      try {
        const status = readFileSync(`/proc/${pid}/status`, 'utf8');
        const megabytes = Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)[1]) / 1_024);
        most[name] = Math.max(most[name] ?? 0, megabytes);
      } catch {
        // The process has just ended.
      }
    }
  }, 200);
  return {
    most,
    stop: () => clearInterval(timer),
  };
}

/** Publishes a command and gives the data of its terminal event. */
export async function ended({ pubsub }, command) {
  const subscription = pubsub.subscription('product-search-events-pull');
  const requestId = `bench-${Math.random().toString(36).slice(2)}`;
  const event = new Promise((resolve, reject) => {
    subscription.on('error', reject);
    subscription.on('message', (message) => {
      message.ack();
      const data = JSON.parse(message.data.toString());
      const isEnd = message.attributes['ce-type'].includes('.completed.');
      if (isEnd && data.requestId === `cmd-${requestId}`) resolve(data);
    });
  });
  const data = Buffer.from(JSON.stringify({ ...command, requestId }));
  await pubsub.topic('product-search-commands').publishMessage({ data });
  const found = await event;
  await subscription.close();
  return found;
}

/** Imports a CSV that lies in the state bucket by the service's own call, past the functions. */
export async function importCsv({ storage, search }, name, text) {
  await storage.bucket('product-search-state').file(name).save(text, { resumable: false });
  const parent = search.locationPath('local-project', 'us-west1');
  const inputConfig = { gcsSource: { csvFileUri: `gs://product-search-state/${name}` } };
  const [operation] = await search.importProductSets({ parent, inputConfig });
  for (;;) {
    const progress = await search.checkImportProductSetsProgress(operation.name);
    if (progress.done) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
