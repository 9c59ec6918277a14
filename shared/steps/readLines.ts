/** The bytes of a staged file: unpacked where they are gzip, never more than is allowed. */
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { StoredObject } from '../ports';
import type { StepContext } from './step';

const UNPACKED_CHUNK_BYTES = 128 * 1024;

/** The file cannot be read as a whole: too large, too much of it of no use, or no gzip although it says so. */
export class UnreadableFileError extends Error {
  readonly code: 'file-size' | 'encoding';

  constructor(code: 'file-size' | 'encoding', message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'UnreadableFileError';
    this.code = code;
  }
}

/** Whether the stored bytes are gzip: by the object's name, or by its content encoding. */
function isGzip(droppedName: string, staged: StoredObject): boolean {
  return droppedName.endsWith('.gz') || staged.contentEncoding === 'gzip';
}

/** The file's content in chunks. Throws `UnreadableFileError` where it is no content of a CSV. */
export async function* contentOf(
  context: StepContext,
  staged: StoredObject,
  droppedName: string,
): AsyncGenerator<Buffer> {
  const raw = await context.ports.objects.openRead(staged, staged.generation);
  if (raw === null) throw new Error(`the staged copy gs://${staged.bucket}/${staged.name} is gone`);
  // Nothing at all is no damaged gzip: it is an empty file.
  if (!isGzip(droppedName, staged) || staged.size === 0) {
    yield* raw as AsyncIterable<Buffer>;
    return;
  }
  yield* unpacked(raw, context.config.maxGzBytes);
}

/** What the stream unpacks to, which may not be more than `maxBytes`. Throws `UnreadableFileError`, and its own faults. */
export async function* unpacked(raw: Readable, maxBytes: number): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: UNPACKED_CHUNK_BYTES });
  let readFault: unknown;
  raw.on('error', (error) => {
    readFault = error;
    gunzip.destroy(error);
  });
  raw.pipe(gunzip);
  let bytes = 0;
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > maxBytes) {
        throw new UnreadableFileError(
          'file-size',
          `The file unpacks to more than ${maxBytes} bytes (MAX_GZ_BYTES); split it`,
        );
      }
      yield chunk;
    }
  } catch (error) {
    if (error instanceof UnreadableFileError || readFault !== undefined) throw error;
    const message = `The file is no complete gzip (${error instanceof Error ? error.message : error}); pack it again or drop it as .csv`;
    throw new UnreadableFileError('encoding', message, { cause: error });
  } finally {
    raw.destroy();
    gunzip.destroy();
  }
}
