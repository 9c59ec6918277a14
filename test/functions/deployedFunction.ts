/** A function as it is deployed: its folder of `dist/` alone, with the node_modules of its own lock, under the framework's command line. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { collectOutput } from '../system/processOutput';

const ROOT = join(__dirname, '../..');
const START_LIMIT_MS = 30_000;

export interface Lock {
  packages: Record<string, { version: string; dependencies?: Record<string, string> }>;
}

/** What `npm start` and the deployment run; changes nothing where it is up to date. */
export function buildBundles(): void {
  execFileSync(process.execPath, ['local/build.mjs'], { cwd: ROOT });
}

export function readBundleFile<T>(name: string, file: string): T {
  return JSON.parse(readFileSync(join(ROOT, 'dist', name, file), 'utf8')) as T;
}

/** Copies the bundle into an empty folder. */
export function copyBundle(name: string, folder: string): string {
  const copied = join(folder, name);
  cpSync(join(ROOT, 'dist', name), copied, { recursive: true });
  return copied;
}

/** As `npm ci` does, but from the packages that are installed here: only what the lock lists, and in its versions. */
export function installLocked({ packages }: Lock, folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const [path, { version }] of Object.entries(packages)) {
    if (path === '') continue;
    const source = join(ROOT, path);
    const installed = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as { version: string };
    if (installed.version !== version) throw new Error(`${path} is ${installed.version}, the lock says ${version}`);
    const isOwn = (from: string) => !from.slice(source.length).includes('/node_modules');
    cpSync(source, join(folder, path), { recursive: true, dereference: true, filter: isOwn });
  }
}

/** Starts the function as Cloud Run does and resolves with its address. Nothing of this process' environment but PATH. */
export async function serveBundle(name: string, folder: string, installed: string, env: Record<string, string>) {
  const copied = copyBundle(name, folder);
  symlinkSync(join(installed, 'node_modules'), join(copied, 'node_modules'));
  const port = await freePort();
  const framework = join('node_modules', '@google-cloud', 'functions-framework', 'build', 'src', 'main.js');
  const child: ChildProcess = spawn(process.execPath, [framework], {
    cwd: copied,
    env: { PATH: process.env.PATH, FUNCTION_TARGET: name, PORT: String(port), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = collectOutput(child);
  await output.until(/^URL: /m, START_LIMIT_MS);
  return {
    url: `http://127.0.0.1:${port}`,
    output,
    async stop(): Promise<void> {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
    },
  };
}

export type ServedBundle = Awaited<ReturnType<typeof serveBundle>>;

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
