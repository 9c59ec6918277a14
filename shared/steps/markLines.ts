/** Marks what the lines of a dropped file name, whatever its size. */
import { Readable } from 'node:stream';
import { namedUris } from '../core/csv/imageUris';
import { createLineSplitter, type PhysicalLine } from '../core/csv/physicalLines';
import type { SweepMarks } from '../core/sweepMarks';
import type { StoredObject } from '../ports';
import { UnreadableFileError, unpacked } from './readLines';
import type { StepContext } from './step';

/** The first bytes of a gzip (RFC 1952); no line of text begins with them. */
const GZIP = [0x1f, 0x8b];
/** Reading makes no call that would renew the lease. */
const RENEW_AFTER_MS = 10_000;

/** Gives false where that generation is gone. What cannot be unpacked is never imported and names nothing more. */
export async function markLines(
  context: StepContext,
  marks: SweepMarks,
  object: StoredObject,
  requestId: string,
): Promise<boolean> {
  const raw = await context.ports.objects.openRead(object, object.generation);
  if (raw === null) return false;
  const splitter = createLineSplitter();
  const markAll = (lines: PhysicalLine[]) => {
    for (const line of lines) for (const uri of namedUris(line)) marks.mark(uri, 'import', `import ${requestId}`);
  };
  let renewedAt = context.ports.clock.now();
  try {
    for await (const chunk of bytesOf(raw, context.config.maxGzBytes)) {
      markAll(splitter.push(chunk));
      if (context.ports.clock.now() - renewedAt < RENEW_AFTER_MS) continue;
      await context.checkpoint(context.record.cursor);
      renewedAt = context.ports.clock.now();
    }
  } catch (error) {
    if (!(error instanceof UnreadableFileError)) throw error;
    context.ports.log.write('INFO', 'dropped file is not whole; what could be read of it is in use', {
      of: requestId,
      fault: error.message,
    });
  } finally {
    raw.destroy();
  }
  markAll(splitter.end());
  return true;
}

/** The bytes of the file, unpacked where they are gzip. */
async function* bytesOf(raw: Readable, maxGzBytes: number): AsyncGenerator<Buffer> {
  const chunks = (raw as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  const first = await chunks.next();
  if (first.done === true) return;
  const all = continued(first.value, chunks);
  const isGzip = GZIP.every((byte, at) => at >= first.value.length || first.value[at] === byte);
  if (isGzip) yield* unpacked(Readable.from(all, { objectMode: false }), maxGzBytes);
  else yield* all;
}

async function* continued(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}
