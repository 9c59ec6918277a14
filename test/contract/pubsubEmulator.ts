import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PubsubUnderTest } from './pubsub';

/** The jar of Google's own Pub/Sub emulator, if it and Java are on this machine: `PUBSUB_EMULATOR_JAR`, else the SDK's. */
export function findEmulatorJar(): string | null {
  try {
    execFileSync('java', ['-version'], { stdio: 'ignore' });
    return process.env.PUBSUB_EMULATOR_JAR ?? findSdkJar();
  } catch {
    return null;
  }
}

function findSdkJar(): string | null {
  const env = { ...process.env, CLOUDSDK_CONFIG: mkdtempSync(join(tmpdir(), 'gcloud-')) };
  const root = execFileSync('gcloud', ['info', '--format=value(installation.sdk_root)'], {
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
  const folder = join(root, 'platform', 'pubsub-emulator', 'lib');
  const jar = readdirSync(folder).find((file) => file.endsWith('-all.jar'));
  return jar ? join(folder, jar) : null;
}

/** Starts the jar itself: the `gcloud` wrapper would leave it running. */
export async function startEmulator(jar: string): Promise<PubsubUnderTest> {
  const port = await freePort();
  const child = spawn('java', ['-jar', jar, '--host=127.0.0.1', `--port=${port}`], { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const host = `127.0.0.1:${port}`;
  for (let attempt = 0; attempt < 150 && !(await answers(host)); attempt += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    host,
    close() {
      child.kill('SIGKILL');
      return ended;
    },
  };
}

async function answers(host: string): Promise<boolean> {
  try {
    return (await fetch(`http://${host}/`)).ok;
  } catch {
    return false;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
