/** Reading a file of ours line by line, whatever its size. */
import type { Readable } from 'node:stream';
import { formatGsUri } from '../core/names';
import type { ObjectName } from '../ports';
import type { StepContext } from './step';

/**
 * The lines of the live object, without their ends. Throws where it is missing: a file of ours is never taken for empty.
 * Only LF ends a line, since a display name may hold any other separator of lines.
 */
export async function* textLines(context: StepContext, object: ObjectName): AsyncGenerator<string> {
  const { objects } = context.ports;
  const stored = await objects.stat(object);
  const content = stored === null ? null : await objects.openRead(object, stored.generation);
  if (content === null) throw new Error(`${formatGsUri(object)} is missing`);
  yield* splitLines(content, { beforeEach: () => context.keepLease() });
}

/**
 * The lines of a stream of UTF-8, without their LF; the stream is destroyed at the end. A line that is longer than
 * `longest` characters is cut there, and nothing comes after it. `beforeEach` is called before each chunk is cut.
 */
export async function* splitLines(
  content: Readable,
  options: { longest?: number; beforeEach?: () => Promise<void> } = {},
): AsyncGenerator<string> {
  const { longest = Number.POSITIVE_INFINITY, beforeEach } = options;
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let rest = '';
  try {
    for await (const chunk of content as AsyncIterable<Buffer>) {
      await beforeEach?.();
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
      if (rest.length > longest) {
        yield rest.slice(0, longest);
        return;
      }
    }
    if (rest !== '') yield rest;
  } finally {
    content.destroy();
  }
}
