/**
 * The bytes of one generation: never changed once finished, so copies and compositions share them. Hashes are taken
 * while the pieces arrive, so that a large upload does not block the process at its end.
 */
import { createHash } from 'node:crypto';
import { formatCrc32c, updateCrc32c } from './crc32c';

export interface Content {
  readonly chunks: readonly Buffer[];
  readonly size: number;
  /** Base64, as in the object resource. */
  readonly crc32c: string;
  /** Base64; composed objects have none. */
  readonly md5Hash?: string;
}

export interface ContentBuilder {
  /** Takes the bytes over: the caller must not change them afterwards. */
  push(chunk: Buffer): void;
  size(): number;
  finish(): Content;
}

export function createContentBuilder(): ContentBuilder {
  const chunks: Buffer[] = [];
  const md5 = createHash('md5');
  let size = 0;
  let crc = 0;
  return {
    push(chunk) {
      if (chunk.length === 0) return;
      chunks.push(chunk);
      size += chunk.length;
      crc = updateCrc32c(crc, chunk);
      md5.update(chunk);
    },
    size: () => size,
    finish: () => ({ chunks, size, crc32c: formatCrc32c(crc), md5Hash: md5.digest('base64') }),
  };
}

export function contentOf(body: Buffer): Content {
  const builder = createContentBuilder();
  builder.push(body);
  return builder.finish();
}

/** The parts one after the other, without an MD5: the service gives none for composed objects. */
export function concatContent(parts: readonly Content[]): Content {
  const chunks = parts.flatMap((part) => part.chunks);
  const crc = chunks.reduce(updateCrc32c, 0);
  return { chunks, size: parts.reduce((sum, part) => sum + part.size, 0), crc32c: formatCrc32c(crc) };
}

/** The bytes from `start` up to and without `end`, without copying them. */
export function* sliceContent(content: Content, start = 0, end = content.size): Generator<Buffer> {
  let at = 0;
  for (const chunk of content.chunks) {
    const from = Math.max(start - at, 0);
    const to = Math.min(end - at, chunk.length);
    if (from < to) yield from === 0 && to === chunk.length ? chunk : chunk.subarray(from, to);
    at += chunk.length;
    if (at >= end) return;
  }
}
