/**
 * Runs the README's own first commands as a new user would: `npm start` reaches its ready line, imports the sample and
 * ends at once on Ctrl-C, leaving nothing behind. The set-up command before it and the test command after it are steps
 * of their own in `.ci/run`; here it is only made sure that the README shows them.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const readme = readFileSync('README.md', 'utf8');
for (const command of ['npm ci', 'npm start', 'npm test', 'source .local/env']) {
  if (!readme.includes(command)) throw new Error(`README.md does not show: ${command}`);
}

const folder = mkdtempSync(join(tmpdir(), 'readme-'));
const ports = { CONSOLE_PORT: '0', PUBSUB_PORT: '0', STORAGE_PORT: '0', VISION_PORT: '0', CLOUDINARY_PORT: '0' };
const child = spawn('npm', ['start'], {
  env: { ...process.env, ...ports, LOCAL_DIR: folder },
  stdio: ['ignore', 'pipe', 'pipe'],
  detached: true,
});
let output = '';
for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));

async function until(pattern, limitMs) {
  const end = Date.now() + limitMs;
  while (!pattern.test(output)) {
    if (Date.now() > end || child.exitCode !== null) throw new Error(`no ${pattern} in:\n${output}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Asked on its port: a process that has ended may still have a number until somebody has taken its exit status. */
async function answers(url) {
  try {
    await fetch(url, { signal: AbortSignal.timeout(2_000) });
    return true;
  } catch (error) {
    return error.name === 'TimeoutError';
  }
}

try {
  await until(/^ready/m, 60_000);
  await until(/^succeeded\s+importProductSets/m, 60_000);
  const functions = Object.values(JSON.parse(readFileSync(join(folder, 'functions.json'), 'utf8')));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  process.kill(-child.pid, 'SIGINT');
  const begun = Date.now();
  await ended;
  if (Date.now() - begun > 3_000) throw new Error('Ctrl-C took longer than three seconds');
  await new Promise((resolve) => setTimeout(resolve, 500));
  const answering = await Promise.all(functions.map(({ url }) => answers(url)));
  const left = functions.filter((_, index) => answering[index]);
  if (left.length > 0) throw new Error(`still running: ${JSON.stringify(left)}`);
  if (/credential|metadata server|\n\s+at /i.test(output)) throw new Error(`warnings or stack traces in:\n${output}`);
  console.log(output.match(/^ready.*$/m)[0]);
} finally {
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
  rmSync(folder, { recursive: true, force: true });
}
