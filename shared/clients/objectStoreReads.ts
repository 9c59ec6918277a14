/** Reading objects with Google's client: what is asked for by generation is of that generation, whatever happens meanwhile. */
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { File, FileMetadata } from '@google-cloud/storage';
import { ServiceError } from '../core/errors';
import type { ObjectName, StoredObject } from '../ports';
import { CALL_LIMIT_MS, callEnd, httpStatusOf, runCall } from './objectStoreCalls';

/** How often a live object may be replaced while it is read before that counts as a fault. */
const MAX_READS = 5;

export function stat(file: File, endMs = callEnd()): Promise<StoredObject | null> {
  return runCall({ name: 'Storage.ObjectsGet', isRepeatable: true, endMs }, async () => {
    try {
      const [metadata] = await file.getMetadata();
      return toStored(metadata);
    } catch (error) {
      if (httpStatusOf(error) === 404) return null;
      throw error;
    }
  });
}

/** Two requests, for the metadata and for the content of that generation: where it is gone between them, both again. */
export function read(
  name: ObjectName,
  generation: string | undefined,
  fileOf: (object: ObjectName, generation?: string) => File,
): Promise<{ object: StoredObject; body: Buffer } | null> {
  const call = { name: 'Storage.ObjectsGet', isRepeatable: true, tryLimitMs: CALL_LIMIT_MS };
  return runCall(call, async (signal) => {
    for (let count = 0; count < MAX_READS; count += 1) {
      const object = await stat(fileOf(name, generation));
      if (object === null) return null;
      const stream = download(fileOf(name, object.generation));
      signal.addEventListener('abort', () => stream.destroy(), { once: true });
      try {
        return { object, body: await buffer(stream) };
      } catch (error) {
        if (httpStatusOf(error) !== 404) throw error;
      }
    }
    throw new ServiceError(call.name, 'ABORTED', `replaced ${MAX_READS} times while it was read`);
  });
}

export function openRead(file: File): Promise<Readable | null> {
  const call = { name: 'Storage.ObjectsGet', isRepeatable: true };
  return runCall(call, async (signal) => {
    const stream = download(file);
    signal.addEventListener('abort', () => stream.destroy(), { once: true });
    try {
      await responseOf(stream);
    } catch (error) {
      if (httpStatusOf(error) === 404) return null;
      throw error;
    }
    return Readable.from(chunksOf(stream, call.name), { objectMode: false });
  });
}

/** Resolves once the service has said that content comes; rejects with its refusal. */
function responseOf(stream: Readable): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.once('error', reject);
    stream.once('response', ({ statusCode }: { statusCode: number }) => {
      if (statusCode < 300) resolve();
    });
    stream.read(0);
  });
}

/** What comes of the stream, each piece bounded like a call, so that a connection that went silent is found out. */
async function* chunksOf(stream: Readable, name: string): AsyncGenerator<Buffer> {
  const chunks: AsyncIterator<Buffer> = stream[Symbol.asyncIterator]();
  const call = { name, isRepeatable: false, tryLimitMs: CALL_LIMIT_MS };
  let isOver = false;
  try {
    for (;;) {
      const next = await runCall(call, () => chunks.next());
      isOver = next.done === true;
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    if (!isOver) void drain(stream, chunks);
  }
}

/** The client leaves the connection of a download that is cut short open for ever, so the rest is read, for a while. */
async function drain(stream: Readable, chunks: AsyncIterator<Buffer>): Promise<void> {
  const end = setTimeout(() => stream.destroy(), CALL_LIMIT_MS);
  end.unref();
  try {
    while ((await chunks.next()).done !== true);
  } catch {
    // Nobody waits for the rest.
  } finally {
    clearTimeout(end);
    stream.destroy();
  }
}

function download(file: File): Readable {
  // A download that fails makes the client destroy the agent of its connection, and with it every other call that
  // shares the agent (file.js of @google-cloud/storage 7.22, onComplete). So a download does not use the shared one.
  file.interceptors.push({ request: (request) => ({ uri: '', ...request, forever: false }) });
  return file.createReadStream({ decompress: false });
}

export function toStored(object: FileMetadata): StoredObject {
  const { contentType, contentEncoding } = object;
  const custom = Object.entries(object.metadata ?? {}).flatMap(([key, value]) =>
    value === null || value === undefined ? [] : [[key, String(value)]],
  );
  return {
    bucket: object.bucket ?? '',
    name: object.name ?? '',
    generation: String(object.generation),
    metageneration: String(object.metageneration),
    size: Number(object.size),
    ...(contentType === undefined ? {} : { contentType }),
    ...(contentEncoding === undefined ? {} : { contentEncoding }),
    timeCreated: object.timeCreated ?? '',
    updated: object.updated ?? '',
    metadata: Object.fromEntries(custom),
  };
}
