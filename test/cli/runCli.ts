/** `product-search-cleanup` in this process, or as a user starts it, in a process of its own. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { main } from '../../cli/main';
import { collectOutput } from '../system/processOutput';

const RUN = join(__dirname, '../../cli/run.mjs');

export function startCli(args: string[], env: Record<string, string>) {
  const child = spawn(process.execPath, [RUN, ...args], { env: { PATH: process.env.PATH, ...env } });
  const output = collectOutput(child);
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, output, ended };
}

export async function runCli(args: string[], env: Record<string, string>, input = '') {
  const [out, err] = [collector(), collector()];
  const stdin = Readable.from([Buffer.from(input)]);
  const status = await main(args, { stdin, stdout: out.stream, stderr: err.stream, env });
  return { status, out: out.text(), err: err.text() };
}

function collector() {
  let text = '';
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      done();
    },
  });
  return { stream, text: () => text };
}
