/**
 * Size and cold start of the bundles: from the start of the process to the first answer, beside a function that does
 * nothing on the same framework, in turn.
 *
 *   npm run build && node bench/coldStart.mjs [--rounds 7]
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '7' } } });
const rounds = Number(values.rounds);
const NAMES = ['importProductSets', 'runCommand', 'continueRequest', 'pollOperations', 'console'];
const FRAMEWORK = resolve('node_modules/@google-cloud/functions-framework/build/src/main.js');
const ENV = {
  PATH: process.env.PATH,
  GOOGLE_CLOUD_PROJECT: 'bench',
  INTAKE_BUCKET: 'bench-intake',
  STATE_BUCKET: 'bench-state',
  STORAGE_EMULATOR_HOST: 'http://127.0.0.1:9',
  VISION_EMULATOR_HOST: '127.0.0.1:9',
  PUBSUB_EMULATOR_HOST: '127.0.0.1:9',
  METADATA_SERVER_DETECTION: 'none',
};

const empty = mkdtempSync(join(tmpdir(), 'cold-start-'));
const entry = `require(${JSON.stringify(resolve('node_modules/@google-cloud/functions-framework'))}).http('nothing', (q, s) => s.end());`;
writeFileSync(join(empty, 'index.js'), entry);

function freePort() {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

/** What is sent is no JSON, which the framework refuses once the function is loaded: the start is measured, and no call. */
async function start(folder, name) {
  const port = await freePort();
  const begun = performance.now();
  const child = spawn(process.execPath, [FRAMEWORK], {
    cwd: folder,
    env: { ...ENV, FUNCTION_TARGET: name, PORT: String(port) },
    stdio: 'ignore',
  });
  try {
    for (;;) {
      try {
        const headers = { 'content-type': 'application/json' };
        const response = await fetch(`http://127.0.0.1:${port}`, { method: 'POST', headers, body: '{' });
        await response.arrayBuffer();
        break;
      } catch {
        await new Promise((done) => setTimeout(done, 2));
      }
    }
    const ms = performance.now() - begun;
    const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
    return { ms, mb: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1_024 };
  } finally {
    child.kill('SIGKILL');
  }
}

function median(numbers) {
  return [...numbers].sort((one, other) => one - other)[Math.floor(numbers.length / 2)];
}

try {
  console.log(`${rounds} rounds, ${cpus().length} cores, Node ${process.version}`);
  for (const name of NAMES) {
    const folder = resolve('dist', name);
    const files = ['function.js', 'function.js.map'].map((file) => join(folder, file));
    const zipped = files.reduce((sum, file) => sum + gzipSync(readFileSync(file)).length, 0);
    const [own, bare] = [[], []];
    for (let round = 0; round < rounds; round += 1) {
      own.push(await start(folder, name));
      bare.push(await start(empty, 'nothing'));
    }
    const ratio = median(own.map(({ ms }, round) => ms / bare[round].ms));
    console.log(
      `${name.padEnd(18)} ${(statSync(files[0]).size / 1e6).toFixed(1)} MB, ${(zipped / 1e6).toFixed(1)} MB zipped with its map` +
        `; first answer after ${Math.round(median(own.map(({ ms }) => ms)))} ms (${ratio.toFixed(2)} times an empty function)` +
        `, ${Math.round(median(own.map(({ mb }) => mb)))} MB (${Math.round(median(bare.map(({ mb }) => mb)))} MB)`,
    );
  }
} finally {
  rmSync(empty, { recursive: true, force: true });
}
