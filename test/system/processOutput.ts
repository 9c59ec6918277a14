/** What a child process prints, whole, and a promise for a line that it is expected to print. */
import type { ChildProcess } from 'node:child_process';

export function collectOutput(child: ChildProcess) {
  let text = '';
  let errors = '';
  const listeners = new Set<() => void>();
  const changed = () => {
    for (const listener of listeners) listener();
  };
  child.stdout?.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    changed();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
    changed();
  });
  child.once('exit', changed);
  return {
    text: () => text,
    errors: () => errors,
    /** Resolves when standard output has the pattern; rejects when the process has ended, or the time is over. */
    until(pattern: RegExp, limitMs: number): Promise<void> {
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => finish(new Error(`no ${pattern} in:\n${text}\n${errors}`)), limitMs);
        const look = () => {
          if (pattern.test(text)) finish();
          else if (child.exitCode !== null) finish(new Error(`ended with ${child.exitCode}:\n${text}\n${errors}`));
        };
        function finish(error?: Error): void {
          clearTimeout(timer);
          listeners.delete(look);
          if (error === undefined) resolve();
          else reject(error);
        }
        listeners.add(look);
        look();
      });
    },
  };
}
