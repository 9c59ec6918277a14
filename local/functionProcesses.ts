/** Runs every function in a process of its own and starts again what dies, on the port that it had. */
import { type ChildProcess, fork } from 'node:child_process';

export interface FunctionProcess {
  url: string;
  pid: number;
}

export interface FunctionProcessesOptions {
  host: string;
  /** The program of a child, and the bundle of each function. */
  program: string;
  bundleOf: (name: string) => string;
  env: NodeJS.ProcessEnv;
  /** One line of a child's output. */
  onLine: (name: string, line: string) => void;
  /** Called whenever a process has started, also again. */
  onStarted: (processes: Record<string, FunctionProcess>) => void;
  onDied: (name: string, how: string) => void;
}

interface HostMessage {
  kind: 'listening' | 'failed';
  port?: number;
  code?: string;
  message?: string;
}

/**
 * The functions need no more heap than this; with it an instance of 256 MB is enough for a file of any size. Source maps
 * stay off, as they are in the cloud: with the first stack Node would read the bundle's whole map, 92 MB of heap for good.
 */
const HEAP = ['--max-old-space-size=150', '--max-semi-space-size=8'];

const RESTART_PAUSE_MS = 250;

/** A function's port cannot be had. */
export class PortError extends Error {
  readonly code: string;

  constructor(name: string, port: number, code: string, message: string) {
    super(`${name} cannot listen on port ${port}: ${message}`);
    this.name = 'PortError';
    this.code = code;
  }
}

export function createFunctionProcesses(options: FunctionProcessesOptions) {
  const children = new Map<string, ChildProcess>();
  const running: Record<string, FunctionProcess> = {};
  let stopping = false;

  async function start(name: string, port: number): Promise<FunctionProcess> {
    const child = fork(options.program, [name, options.bundleOf(name), String(port)], {
      env: options.env,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: HEAP,
    });
    children.set(name, child);
    for (const stream of [child.stdout, child.stderr]) forwardLines(stream, (line) => options.onLine(name, line));
    const listening = await firstMessage(name, port, child);
    const started = { url: `http://${options.host}:${listening}`, pid: child.pid ?? 0 };
    running[name] = started;
    child.once('exit', (code, signal) => void restart(name, listening, signal ?? `exit ${code}`));
    options.onStarted({ ...running });
    return started;
  }

  async function restart(name: string, port: number, how: string): Promise<void> {
    if (stopping) return;
    options.onDied(name, how);
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, RESTART_PAUSE_MS));
      if (stopping) return;
      try {
        await start(name, port);
        return;
      } catch (error) {
        options.onDied(name, error instanceof Error ? error.message : String(error));
      }
    }
  }

  return {
    /** Starts the function; rejects with `PortError` where its port is in use. */
    start,
    urlOf: (name: string): string | null => running[name]?.url ?? null,
    stop(): void {
      stopping = true;
      for (const child of children.values()) child.kill('SIGKILL');
    },
  };
}

export type FunctionProcesses = ReturnType<typeof createFunctionProcesses>;

function firstMessage(name: string, port: number, child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => reject(new Error(`${name} ended before it listened (exit ${code})`));
    child.once('exit', onExit);
    child.once('message', (message: HostMessage) => {
      child.off('exit', onExit);
      if (message.kind === 'listening') resolve(message.port ?? port);
      else {
        child.kill('SIGKILL');
        reject(new PortError(name, port, message.code ?? '', message.message ?? ''));
      }
    });
  });
}

function forwardLines(stream: NodeJS.ReadableStream | null, onLine: (line: string) => void): void {
  let rest = '';
  stream?.setEncoding('utf8');
  stream?.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line !== '') onLine(line);
  });
}
