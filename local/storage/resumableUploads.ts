/**
 * Resumable uploads: sessions that take an object in pieces and say how far they are
 * (https://cloud.google.com/storage/docs/performing-resumable-uploads).
 */
import { type Content, type ContentBuilder, createContentBuilder } from './content';
import { invalid, StorageModelError } from './modelErrors';
import type { ObjectFields, ObjectGeneration, ObjectRef } from './modelObject';
import type { Preconditions } from './modelPreconditions';

export interface UploadSession {
  readonly id: string;
  readonly to: ObjectRef;
  readonly fields: ObjectFields;
  readonly conditions: Preconditions;
  /** Hashes that the client gave when it began. */
  readonly expected: { crc32c?: string; md5Hash?: string };
  readonly builder: ContentBuilder;
  /** Once the object is there: what the session answers from then on. */
  result: ObjectGeneration | null;
}

export interface UploadSessions {
  start(session: Omit<UploadSession, 'id' | 'builder' | 'result'>): UploadSession;
  /** Throws 404 for a session that never was or was cancelled. */
  get(id: string): UploadSession;
  cancel(id: string): void;
}

/** What a PUT to a session brings. `first` null: nothing, it only asks; `last` or `total` null: not known yet. */
export interface ContentRange {
  first: number | null;
  last: number | null;
  total: number | null;
}

/** All pieces but the last are kept in multiples of this. */
const QUANTUM = 256 * 1024;

export function createUploadSessions(newId: () => string): UploadSessions {
  const sessions = new Map<string, UploadSession>();
  return {
    start(given) {
      const session = { ...given, id: newId(), builder: createContentBuilder(), result: null };
      sessions.set(session.id, session);
      return session;
    },
    get(id) {
      const session = sessions.get(id);
      if (session === undefined) throw new StorageModelError(404, 'notFound', 'No such upload session.');
      return session;
    },
    cancel: (id) => void sessions.delete(id),
  };
}

/** Reads `bytes 0-262143/*` and its like; a missing header means that the body is the whole object. */
export function parseContentRange(header: string | undefined): ContentRange {
  if (header === undefined) return { first: 0, last: null, total: null };
  const match = /^bytes (?:\*|(\d+)-(\d+|\*))\/(\d+|\*)$/.exec(header.trim());
  if (match === null) throw invalid(`Invalid Content-Range header: '${header}'`);
  const [, first, last, total] = match.map((part) => (part === undefined || part === '*' ? null : Number(part)));
  return { first: first ?? null, last: last ?? null, total: total ?? null };
}

/**
 * Adds the bytes of one PUT. Gives the content once it is complete, else null: a piece whose end and total are both
 * unknown is the last one, as is one that reaches the total. Of a PUT that breaks off, whole quanta stay.
 */
export async function appendRange(
  session: UploadSession,
  range: ContentRange,
  body: AsyncIterable<Buffer>,
): Promise<Content | null> {
  const { builder } = session;
  if (range.first !== null && range.first > builder.size()) {
    throw invalid(
      `Invalid Content-Range header: ${builder.size()} bytes are stored, the request begins at ${range.first}.`,
    );
  }
  const pending = await storeQuanta(builder, skipBytes(body, builder.size() - (range.first ?? builder.size())));
  const size = builder.size() + pending.reduce((sum, chunk) => sum + chunk.length, 0);
  const isUntilEnd = range.first !== null && range.last === null && range.total === null;
  if (!isUntilEnd && (range.total === null || size < range.total)) return null;
  if (range.total !== null && size > range.total) {
    throw invalid(`The request has ${size} bytes, more than the ${range.total} of its Content-Range header.`);
  }
  for (const chunk of pending) builder.push(chunk);
  return builder.finish();
}

/** Pushes whole quanta and gives back what is left over at the end of the body. */
async function storeQuanta(builder: ContentBuilder, body: AsyncIterable<Buffer>): Promise<Buffer[]> {
  let pending: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    pending.push(chunk);
    length += chunk.length;
    if (length < QUANTUM) continue;
    const left = length % QUANTUM;
    pending.pop();
    for (const whole of pending) builder.push(whole);
    builder.push(chunk.subarray(0, chunk.length - left));
    pending = left === 0 ? [] : [chunk.subarray(chunk.length - left)];
    length = left;
  }
  return pending;
}

/** Without the first `count` bytes: those that are stored already. */
async function* skipBytes(body: AsyncIterable<Buffer>, count: number): AsyncGenerator<Buffer> {
  let left = count;
  for await (const chunk of body) {
    if (left < chunk.length) yield left === 0 ? chunk : chunk.subarray(left);
    left = Math.max(left - chunk.length, 0);
  }
}
