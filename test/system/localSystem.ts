/** The whole system as `npm start` runs it, on free ports and in a folder of its own, with the official clients on it. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { PubSub } from '@google-cloud/pubsub';
import { type SaveOptions, Storage } from '@google-cloud/storage';
import { importRequestId } from '../../shared/core/names';
import { collectEvents } from './collectedEvents';
import { collectOutput } from './processOutput';
import { connectSearch, searchContent } from './searchContent';
import { until } from './until';

export const PROJECT = 'local-project';
export const INTAKE = 'product-search-intake';
export const STATE = 'product-search-state';
export const IMAGES = 'product-search-images';

const START_LIMIT_MS = 60_000;
const FREE_PORTS = { CONSOLE_PORT: '0', PUBSUB_PORT: '0', STORAGE_PORT: '0', VISION_PORT: '0', CLOUDINARY_PORT: '0' };

/** What `npm start` runs, and what that runs once it has built everything. */
export const START = 'local/start.mjs';
export const BUILT = 'dist/local/main.js';

/** Starts the process without waiting for anything. Nothing of this process' own environment but PATH reaches it. */
export function spawnLocalSystem(environment: Record<string, string>, argv: string[], program = START) {
  const folder = mkdtempSync(join(tmpdir(), 'product-search-cleanup-'));
  const child = spawn(process.execPath, [resolve(__dirname, '../..', program), ...argv], {
    cwd: resolve(__dirname, '../..'),
    env: { PATH: process.env.PATH, HOME: folder, ...FREE_PORTS, LOCAL_DIR: folder, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((done) => child.once('exit', done));
  const output = collectOutput(child);
  return {
    child,
    folder,
    output,
    /** The exit code, once it has ended. */
    ended,
    /** Resolves when it has printed its `ready` line. */
    ready: () => output.until(/^ready/m, START_LIMIT_MS),
    functions: () =>
      JSON.parse(readFileSync(join(folder, 'functions.json'), 'utf8')) as Record<string, { url: string; pid: number }>,

    /** Ends it as Ctrl-C does, however far it has come. */
    async stop(): Promise<void> {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGINT');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Starts it and resolves when it is ready, with the clients connected. */
export async function startLocalSystem(
  environment: Record<string, string> = {},
  argv: string[] = ['--empty'],
  program = START,
) {
  const started = spawnLocalSystem(environment, argv, program);
  try {
    await started.ready();
  } catch (error) {
    await started.stop();
    throw error;
  }
  const env = readEnvironment(started.folder);
  // The clients as they are, after `source .local/env`; jest gives each test file an environment of its own.
  Object.assign(process.env, env);
  const pubsub = new PubSub();
  const storage = new Storage();
  const search = connectSearch(env.VISION_EMULATOR_HOST ?? '', PROJECT);
  const events = collectEvents(pubsub.subscription('product-search-events-pull'));

  async function publish(command: unknown): Promise<string> {
    const data = Buffer.from(typeof command === 'string' ? command : JSON.stringify(command));
    return pubsub.topic('product-search-commands').publishMessage({ data });
  }

  return {
    ...started,
    env,
    pubsub,
    storage,
    events,
    content: (location?: string) => searchContent(search, PROJECT, location),
    publish,

    /** Puts a file into intake and gives the id of the request that it makes. */
    async drop(name: string, body: string | Buffer, options: SaveOptions = {}): Promise<string> {
      const file = storage.bucket(INTAKE).file(name);
      await file.save(body, { resumable: false, ...options });
      return importRequestId(INTAKE, name, String(file.metadata.generation));
    },

    /** Puts an image file into the images bucket and gives its URI. */
    async image(name: string): Promise<string> {
      await storage.bucket(IMAGES).file(name).save(Buffer.from(name), { resumable: false });
      return `gs://${IMAGES}/${name}`;
    },

    /** Publishes a command under a request id of its own and gives its terminal event. */
    async command(command: { requestId: string } & Record<string, unknown>) {
      await publish(command);
      return events.ended(`cmd-${command.requestId}`);
    },

    /** Makes the next calls of a method of the local Product Search misbehave. */
    async fault(fault: { method: string; code: number; count?: number; delayMs?: number; afterEffect?: boolean }) {
      const url = `http://${env.VISION_EMULATOR_HOST}/_faults`;
      const response = await fetch(url, { method: 'POST', body: JSON.stringify(fault) });
      if (!response.ok) throw new Error(await response.text());
    },

    async text(uri: string | undefined): Promise<string> {
      const [, bucket = '', name = ''] = /^gs:\/\/([^/]+)\/(.*)$/.exec(uri ?? '') ?? [];
      const [content] = await storage.bucket(bucket).file(name).download();
      return content.toString('utf8');
    },

    async names(bucket: string, prefix = ''): Promise<string[]> {
      const [files] = await storage.bucket(bucket).getFiles({ prefix });
      return files.map((file) => file.name);
    },

    /** Resolves when no request is open: the terminal event comes a moment before its request is closed. */
    async allClosed(): Promise<void> {
      const open = { prefix: 'requests/open/' };
      await until('all requests are closed', async () => (await storage.bucket(STATE).getFiles(open))[0].length === 0);
    },

    async stop(): Promise<void> {
      await events.close();
      await Promise.all([pubsub.close(), search.close()]);
      await started.stop();
    },
  };
}

export type LocalSystem = Awaited<ReturnType<typeof startLocalSystem>>;

/** What `source .local/env` would set, read as the contract writes it. */
function readEnvironment(folder: string): Record<string, string> {
  const lines = readFileSync(join(folder, 'env'), 'utf8').trimEnd().split('\n');
  return Object.fromEntries(
    lines.map((line) => {
      const [, name = '', value = ''] = /^export ([A-Z_]+)='(.*)'$/.exec(line) ?? [];
      if (name === '') throw new Error(`no line of the contract: ${line}`);
      return [name, value];
    }),
  );
}
