/**
 * 10,000 delete messages and 1,000 small CSVs at once on the local system, under its own quota of 2,400 management calls
 * a minute: is anything lost, does memory stay flat, does the tick stay under its time, and does one see what waits?
 *
 *   node bench/load.mjs
 *   node bench/load.mjs --deletes 500 --files 50
 *
 * Ends with 1 where anything is not as `loadJudgement.mjs` says that it has to be, with 2 for an option that it cannot use.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { PubSub } from '@google-cloud/pubsub';
import { Storage } from '@google-cloud/storage';
import { PassThroughClient } from 'google-auth-library';
import { readOptions } from '../test/options.mjs';
import { importRequestId, judge, quarters } from './loadJudgement.mjs';

const { deletes, files, lines, minutes } = readOptions({
  deletes: { default: '10000', least: 1 },
  files: { default: '1000', least: 1 },
  lines: { default: '5', least: 1 },
  /** How long the end is waited for. */
  minutes: { default: '40', least: 1 },
});
const limitMs = minutes * 60_000;
const PROJECT = 'local-project';
const IMAGE = 'gs://product-search-images/one.png';
const SAMPLE_MS = 2_000;
const AT_ONCE = 64;

async function startSystem(folder) {
  const ports = ['CONSOLE_PORT', 'PUBSUB_PORT', 'STORAGE_PORT', 'VISION_PORT', 'CLOUDINARY_PORT'];
  const child = spawn(process.execPath, ['local/start.mjs', '--empty'], {
    env: { ...process.env, ...Object.fromEntries(ports.map((name) => [name, '0'])), LOCAL_DIR: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  await new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error(text)));
    child.stdout.on('data', (chunk) => {
      text += chunk;
      if (/^ready/m.test(text)) resolve();
    });
  });
  const env = readFileSync(join(folder, 'env'), 'utf8');
  return {
    child,
    of: (name) => new RegExp(`^export ${name}='(.*)'$`, 'm').exec(env)[1],
    functions: () => JSON.parse(readFileSync(join(folder, 'functions.json'), 'utf8')),
    died: () => text.match(/^\w+ ended \(.*$/gm) ?? [],
    ticks: () =>
      readFileSync(join(folder, 'log.jsonl'), 'utf8')
        .split('\n')
        .filter((line) => line.includes('"message":"tick"'))
        .map((line) => JSON.parse(line)),
  };
}

/** Runs `act` for 0 … count - 1, a few at a time. */
async function forEachOf(count, act) {
  let next = 0;
  const worker = async () => {
    while (next < count) await act(next++);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

/** Resident memory in MB, as Linux tells it; 0 where the process is gone. */
function residentMb(pid) {
  try {
    return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1_024;
  } catch {
    return 0;
  }
}

function quantile(numbers, part) {
  return [...numbers].sort((a, b) => a - b)[Math.floor((numbers.length - 1) * part)] ?? 0;
}

function csvOf(products, line) {
  return Array.from({ length: products }, (_, index) => line(index)).join('');
}

const folder = mkdtempSync(join(tmpdir(), 'load-'));
const system = await startSystem(folder);
try {
  const storage = new Storage({ projectId: PROJECT, apiEndpoint: system.of('STORAGE_EMULATOR_HOST') });
  const apiEndpoint = system.of('PUBSUB_EMULATOR_HOST');
  const pubsub = new PubSub({
    projectId: PROJECT,
    apiEndpoint,
    emulatorMode: true,
    authClient: new PassThroughClient(),
  });
  const intake = storage.bucket('product-search-intake');
  /** Everything that was sent, by the id of the request that it becomes. */
  const requests = [];
  async function drop(name, csv) {
    const file = intake.file(name);
    await file.save(csv, { resumable: false });
    requests.push({ requestId: importRequestId(intake.name, name, file.metadata.generation) });
  }
  await storage.bucket('product-search-images').file('one.png').save('png', { resumable: false });

  /** Every terminal event, repeats included. */
  const events = [];
  const ended = new Set();
  const outcomes = {};
  const waiting = new Set();
  const subscription = pubsub.subscription('product-search-events-pull');
  subscription.on('message', (message) => {
    message.ack();
    const { 'ce-id': id, 'ce-type': type } = message.attributes;
    const content = message.data.toString();
    const { requestId, outcome } = JSON.parse(content);
    if (type === 'product-search.request.waiting.v1') waiting.add(requestId);
    if (!type.endsWith('.completed.v1')) return;
    if (!ended.has(requestId)) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    ended.add(requestId);
    events.push({ requestId, id, outcome, content });
  });
  const until = async (count, everyMs, look) => {
    const end = Date.now() + limitMs;
    while (ended.size < count && Date.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, everyMs));
      await look?.();
    }
  };

  console.log(`${deletes} products are imported first …`);
  const seed = csvOf(deletes, (index) => `${IMAGE},i,load,p-${index},apparel-v2,,,\n`);
  await drop('seed.csv', seed);
  await until(1, 500);
  const idle = Object.entries(system.functions()).map(([name, { pid }]) => [name, residentMb(pid)]);

  const samples = { open: [], resident: new Map(idle.map(([name]) => [name, []])) };
  async function sample() {
    for (const [name, { pid }] of Object.entries(system.functions())) samples.resident.get(name).push(residentMb(pid));
    const answer = await fetch(`${system.of('CONSOLE_URL')}/api/overview`, { signal: AbortSignal.timeout(20_000) })
      .then((response) => response.json())
      .catch(() => null);
    if (answer?.requests?.value !== undefined) samples.open.push(answer.requests.value.open);
    const seconds = Math.round((performance.now() - begun) / 1_000);
    const told = `${seconds} s: ${ended.size - 1} ended, console shows ${samples.open.at(-1) ?? '–'} open`;
    process.stdout.write(process.stdout.isTTY ? `\r${told}   ` : seconds % 30 < SAMPLE_MS / 1_000 ? `${told}\n` : '');
  }

  const begun = performance.now();
  const commands = pubsub.topic('product-search-commands');
  const sent = Promise.all([
    forEachOf(deletes, async (index) => {
      const requestId = `load-${index}`;
      await commands.publishMessage({ json: { command: 'deleteProduct', productId: `p-${index}`, requestId } });
      requests.push({ requestId: `cmd-${requestId}` });
    }),
    forEachOf(files, (index) => {
      const csv = csvOf(lines, (line) => `${IMAGE},i-${line},set-${index % 50},f-${index}-${line},apparel-v2,,,\n`);
      return drop(`small-${index}.csv`, csv);
    }),
  ]);
  await sent;
  const sentSeconds = (performance.now() - begun) / 1_000;
  await until(1 + deletes + files, SAMPLE_MS, sample);
  const seconds = (performance.now() - begun) / 1_000;
  process.stdout.write('\n');

  // A moment, in case that something comes twice.
  await new Promise((resolve) => setTimeout(resolve, 5_000));
  const open = Math.max(0, ...samples.open);
  const took = system.ticks().map(({ tookMs }) => tookMs);
  console.log(
    `${deletes} deletes and ${files} files of ${lines} lines; ${cpus().length} cores, Node ${process.version}`,
  );
  console.log(
    `sent in ${sentSeconds.toFixed(0)} s, all ended after ${seconds.toFixed(0)} s (${((deletes + files) / seconds).toFixed(1)} a second)`,
  );
  const lost = requests.filter(({ requestId }) => !ended.has(requestId)).length;
  console.log(`lost ${lost}; ${JSON.stringify(outcomes)}`);
  console.log(
    `tick: ${took.length} times, median ${quantile(took, 0.5)} ms, 99th ${quantile(took, 0.99)} ms, longest ${Math.max(...took)} ms`,
  );
  console.log(`the console showed up to ${open} open requests; ${waiting.size} requests said what they wait for`);
  console.log('resident memory, MB        idle   second quarter   last quarter   peak');
  for (const [name, before] of idle) {
    const all = samples.resident.get(name);
    const { second, last } = quarters(all) ?? {};
    const row = [before, second, last, Math.max(...all)].map((mb) => mb?.toFixed(0) ?? '–');
    console.log(
      `  ${name.padEnd(20)} ${row[0].padStart(8)} ${row[1].padStart(16)} ${row[2].padStart(14)} ${row[3].padStart(6)}`,
    );
  }
  const died = system.died();
  const memory = Object.fromEntries(samples.resident);
  const size = { deletes, files };
  const faults = judge({ sent: requests, events, died, ticks: took, memory, size, open, waiting: waiting.size });
  for (const fault of faults) console.log(`  ${fault}`);
  console.log(faults.length === 0 ? 'nothing lost, nothing doubled, all as it should be' : `${faults.length} faults`);
  process.exitCode = faults.length === 0 ? 0 : 1;
  await subscription.close();
  await pubsub.close();
} finally {
  system.child.kill('SIGINT');
  rmSync(folder, { recursive: true, force: true });
}
