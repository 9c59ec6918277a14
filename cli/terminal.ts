/** What a command may use of the process that it runs in. */
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';

export interface Terminal {
  stdin: Readable;
  stdout: Writable & { isTTY?: boolean };
  stderr: Writable;
  env: Record<string, string | undefined>;
}

/** What the shell is told. */
export const EXIT = { clean: 0, findings: 1, trouble: 2 } as const;

/** Writes, and waits where the reader is slower than we are. */
export async function print(stream: Writable, text: string): Promise<void> {
  if (text !== '' && !stream.write(text)) await once(stream, 'drain');
}

/** The command cannot be run as it was given. The message is for whoever typed it. */
export class UsageError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'UsageError';
  }
}
