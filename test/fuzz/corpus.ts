/** The corpora: inputs that once were wrong, or that somebody will try, each in a file with a sentence and what is right. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface CorpusEntry<Input, Expected> {
  /** One sentence: what is special about it. */
  why: string;
  input: Input;
  expected: Expected;
}

/** The entries of one corpus as rows for `it.each`: file name, sentence, entry. */
export function corpus<Input, Expected>(name: string): [string, string, CorpusEntry<Input, Expected>][] {
  const folder = join(__dirname, 'corpus', name);
  const files = readdirSync(folder).sort();
  if (files.length === 0) throw new Error(`${folder} is empty`);
  return files.map((file) => {
    const entry = JSON.parse(readFileSync(join(folder, file), 'utf8')) as CorpusEntry<Input, Expected>;
    return [file.replace(/\.json$/, ''), entry.why, entry];
  });
}

/** Text, or bytes that are no text. A long run of one piece is written as `{ "repeat": "x", "times": 9 }`. */
export type Bytes = string | { base64: string } | { repeat: string; times: number } | Bytes[];

export function bytesOf(input: Bytes): Buffer {
  if (typeof input === 'string') return Buffer.from(input);
  if (Array.isArray(input)) return Buffer.concat(input.map(bytesOf));
  return 'base64' in input ? Buffer.from(input.base64, 'base64') : Buffer.from(input.repeat.repeat(input.times));
}
