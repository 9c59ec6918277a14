/** The process that `bench/sweep.mjs` measures: runs the steps of a sweep on ports that make everything up. */
import { mkdirSync } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [folder, filesText] = process.argv.slice(2);
const files = Number(filesText);
const IMAGES_OF_PRODUCT = 10;
const [PRODUCTS, USED] = [files / IMAGES_OF_PRODUCT, files * 0.9];
const INVOCATION_MS = 5_000;
const CREATED = '2026-01-01T00:00:00.000Z';

const steps = createRequire(import.meta.url)(join(folder, 'steps.cjs'));
const state = join(folder, 'state');
mkdirSync(state);

const nameOf = (index) => `shoes/2026/some-longer-folder-name/${String(index).padStart(9, '0')}-front.png`;
const pathOf = ({ name }) => join(state, name.replaceAll('/', '_'));
let removed = 0;

const stored = (object, size) => ({ ...object, generation: '1', size, timeCreated: CREATED, metadata: {} });

const objects = {
  stat: (object) =>
    stat(pathOf(object)).then(
      ({ size }) => stored(object, size),
      () => null,
    ),
  read: (object) =>
    readFile(pathOf(object)).then(
      (body) => ({ object: stored(object, body.length), body }),
      () => null,
    ),
  async write(object, body) {
    await writeFile(pathOf(object), body);
    return stored(object, 0);
  },
  async delete() {
    removed += 1;
    return 'deleted';
  },
  async list({ bucket, pageToken = '0', maxResults = 1_000 }) {
    if (bucket !== 'product-search-images') return { objects: [] };
    const from = Number(pageToken);
    const count = Math.min(maxResults, files - from);
    const page = Array.from({ length: count }, (_, index) => stored({ bucket, name: nameOf(from + index) }, 1));
    return { objects: page, ...(from + count < files && { nextPageToken: String(from + count) }) };
  },
};

const productSearch = {
  async listProducts(location, { pageToken = '0' } = {}) {
    if (location !== 'us-west1') return { items: [] };
    const from = Number(pageToken);
    const items = Array.from({ length: Math.min(100, PRODUCTS - from) }, (_, index) => ({ id: `p-${from + index}` }));
    return { items, ...(from + 100 < PRODUCTS && { nextPageToken: String(from + 100) }) };
  },
  async listReferenceImages(_location, productId) {
    const first = Number(productId.slice(2)) * IMAGES_OF_PRODUCT;
    const items = Array.from({ length: IMAGES_OF_PRODUCT }, (_, index) => {
      // What lies beyond the used files is an image elsewhere.
      const file =
        first + index < USED ? `product-search-images/${nameOf(first + index)}` : `elsewhere/${first + index}`;
      return { id: `i-${index}`, uri: `gs://${file}`, boundingPolys: [] };
    });
    return { items };
  },
};

const config = steps.loadConfig({
  GOOGLE_CLOUD_PROJECT: 'local-project',
  INTAKE_BUCKET: 'product-search-intake',
  STATE_BUCKET: 'product-search-state',
  REMOVABLE_IMAGES: 'gs://product-search-images/',
});
const record = steps.commandRequest({
  id: 'cmd-sweep',
  request: 'sweepImageFiles',
  location: 'us-west1',
  dryRun: false,
  digest: '',
  messageId: '1',
  publishTime: CREATED,
  input: { prefix: 'gs://product-search-images/', olderThanDays: 30, maxFiles: files },
  now: CREATED,
});
const clock = { now: () => Date.now(), sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) };
let nonces = 0;
const entropy = { nonce: () => String(nonces++).padStart(32, '0') };
let deadline = 0;
const context = {
  record,
  config,
  ports: { objects, productSearch, clock, entropy, log: steps.SILENT_LOG },
  outOfTime: () => Date.now() >= deadline,
  async checkpoint(cursor) {
    record.cursor = structuredClone(cursor);
  },
  progress: () => undefined,
};

let invocations = 0;
for (const name of ['listCandidates', 'markUsed', 'markSnapshots', 'removeUnused', 'reportSweep']) {
  const began = performance.now();
  let cursor;
  for (let more = true; more; ) {
    deadline = Date.now() + INVOCATION_MS;
    invocations += 1;
    const result = await steps[name](context, structuredClone(cursor));
    if (result.kind === 'end') throw new Error(result.problems[0].message);
    more = result.kind === 'more';
    cursor = result.cursor;
  }
  const rss = Math.round(process.memoryUsage.rss() / 1e6);
  console.log(`${name}: ${((performance.now() - began) / 1_000).toFixed(1)} s, ${rss} MB`);
}
const most = Math.round(process.resourceUsage().maxRSS / 1_000);
console.log(JSON.stringify({ counts: record.counts, invocations, mostMB: most }));
const isRight = record.counts.removed === files - USED && removed === files - USED && record.counts.referenced === USED;
if (!isRight || most > 256) process.exitCode = 1;
