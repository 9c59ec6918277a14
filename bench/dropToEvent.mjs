/**
 * How long from a dropped CSV to its terminal event, beside the same import driven by hand with Google's own client
 * (call, then poll until done), in one run on one local system. The two take turns, so that the machine's mood is shared.
 *
 *   npm run bench                     20 files of 100 lines
 *   npm run bench -- --files 50 --lines 1000
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PubSub } from '@google-cloud/pubsub';
import { Storage } from '@google-cloud/storage';
import vision from '@google-cloud/vision/build/src/v1/product_search_client.js';
import { credentials } from '@grpc/grpc-js';
import { PassThroughClient } from 'google-auth-library';

const { values } = parseArgs({
  options: { files: { type: 'string', default: '20' }, lines: { type: 'string', default: '100' } },
});
const files = Number(values.files);
const lines = Number(values.lines);
const OPERATION_SECONDS = 1;
const TICK_SECONDS = 0.2;

async function startSystem(folder) {
  const child = spawn(process.execPath, ['local/start.mjs', '--empty'], {
    env: {
      ...process.env,
      CONSOLE_PORT: '0',
      PUBSUB_PORT: '0',
      STORAGE_PORT: '0',
      VISION_PORT: '0',
      CLOUDINARY_PORT: '0',
      LOCAL_DIR: folder,
      LOCAL_OPERATION_SECONDS: String(OPERATION_SECONDS),
      LOCAL_TICK_SECONDS: String(TICK_SECONDS),
    },
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
  return { child, of: (name) => new RegExp(`^export ${name}='(.*)'$`, 'm').exec(env)[1] };
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

const folder = mkdtempSync(join(tmpdir(), 'bench-'));
const { child, of } = await startSystem(folder);
try {
  const authClient = new PassThroughClient();
  const storage = new Storage({ projectId: 'local-project', apiEndpoint: of('STORAGE_EMULATOR_HOST') });
  const pubsub = new PubSub({ projectId: 'local-project', apiEndpoint: of('PUBSUB_EMULATOR_HOST'), authClient });
  const [host, port] = of('VISION_EMULATOR_HOST').split(':');
  const search = new vision.ProductSearchClient({
    apiEndpoint: host,
    port: Number(port),
    projectId: 'local-project',
    sslCreds: credentials.createInsecure(),
    authClient,
  });
  await storage.bucket('product-search-images').file('one.png').save(Buffer.from('png'), { resumable: false });
  const waiting = new Map();
  const subscription = pubsub.subscription('product-search-events-pull');
  subscription.on('message', (message) => {
    message.ack();
    const { files: written } = JSON.parse(message.data.toString());
    waiting.get(/[^/]+$/.exec(written?.archive ?? '')?.[0])?.();
  });

  const csvOf = (name) =>
    Array.from(
      { length: lines },
      (_, n) => `gs://product-search-images/one.png,i-${n},${name},${name}-p-${n},apparel-v2,,"size=${n}",\n`,
    ).join('');

  async function dropped(index) {
    const name = `ours-${index}.csv`;
    const ended = new Promise((resolve) => waiting.set(name, resolve));
    const begun = performance.now();
    await storage
      .bucket('product-search-intake')
      .file(name)
      .save(csvOf(`ours-${index}`), { resumable: false });
    await ended;
    return performance.now() - begun;
  }

  async function byHand(index) {
    const name = `hand-${index}.csv`;
    const begun = performance.now();
    await storage
      .bucket('product-search-state')
      .file(name)
      .save(csvOf(`hand-${index}`), { resumable: false });
    const parent = search.locationPath('local-project', 'us-west1');
    const inputConfig = { gcsSource: { csvFileUri: `gs://product-search-state/${name}` } };
    const [operation] = await search.importProductSets({ parent, inputConfig });
    for (;;) {
      const { done } = await search.checkImportProductSetsProgress(operation.name);
      if (done) return performance.now() - begun;
      await new Promise((resolve) => setTimeout(resolve, TICK_SECONDS * 1_000));
    }
  }

  const ours = [];
  const hand = [];
  await dropped('warm-up');
  await byHand('warm-up');
  for (let index = 0; index < files; index += 1) {
    ours.push(await dropped(index));
    hand.push(await byHand(index));
  }
  const ratios = ours.map((ms, index) => ms / hand[index]);
  console.log(
    `${files} files of ${lines} lines; operation ${OPERATION_SECONDS} s, tick ${TICK_SECONDS} s; ${cpus().length} cores, Node ${process.version}`,
  );
  console.log(`drop → terminal event   median ${Math.round(median(ours))} ms`);
  console.log(`by hand, call → done    median ${Math.round(median(hand))} ms`);
  console.log(
    `ratio, pair by pair     median ${median(ratios).toFixed(2)} (min ${Math.min(...ratios).toFixed(2)}, max ${Math.max(...ratios).toFixed(2)})`,
  );
  await subscription.close();
  await Promise.all([pubsub.close(), search.close()]);
} finally {
  child.kill('SIGINT');
  rmSync(folder, { recursive: true, force: true });
}
