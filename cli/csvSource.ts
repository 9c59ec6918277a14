/** The bytes of a file or of standard input in chunks, unpacked where they are gzip, with memory for two chunks. */
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { unpacked } from '../shared/steps/readLines';

const CHUNK_BYTES = 256 * 1024;

/** A chunk's memory is used again for the next one. Throws what the file system throws, and `UnreadableFileError`. */
export async function* csvChunks(file: string, stdin: Readable, maxGzBytes: number): AsyncGenerator<Uint8Array> {
  if (file === '-') yield* inputChunks(stdin, maxGzBytes);
  else if (file.endsWith('.gz')) yield* unpacked(createReadStream(file), maxGzBytes);
  else yield* fileChunks(file);
}

/** The size of a file that is read as it is; undefined of what is unpacked, or comes as it comes. */
export async function knownBytes(file: string): Promise<number | undefined> {
  if (file === '-' || file.endsWith('.gz')) return undefined;
  const { size } = await stat(file);
  return size;
}

/** While one chunk is looked at, the next one is read. */
async function* fileChunks(file: string): AsyncGenerator<Uint8Array> {
  const handle = await open(file);
  try {
    let [buffer, other] = [Buffer.allocUnsafeSlow(CHUNK_BYTES), Buffer.allocUnsafeSlow(CHUNK_BYTES)];
    for (let read = await handle.read(buffer); read.bytesRead > 0; ) {
      const next = handle.read(other);
      // Whoever stops listening must not leave a fault behind that nobody hears of.
      next.catch(() => undefined);
      yield buffer.subarray(0, read.bytesRead);
      read = await next;
      [buffer, other] = [other, buffer];
    }
  } finally {
    await handle.close();
  }
}

/** Standard input has no name, so that its first bytes say what it is: no text begins with those of gzip (RFC 1952). */
async function* inputChunks(stdin: Readable, maxGzBytes: number): AsyncGenerator<Uint8Array> {
  const chunks = stdin[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let head = Buffer.alloc(0);
  let isEnded = false;
  while (head.length < 2 && !isEnded) {
    const { done, value } = await chunks.next();
    isEnded = done === true;
    if (!isEnded) head = Buffer.concat([head, value]);
  }
  async function* whole(): AsyncGenerator<Buffer> {
    yield head;
    if (!isEnded) yield* { [Symbol.asyncIterator]: () => chunks };
  }
  const isGzip = head[0] === 0x1f && head[1] === 0x8b;
  yield* isGzip ? unpacked(Readable.from(whole()), maxGzBytes) : whole();
}
