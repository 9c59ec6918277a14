/**
 * The answer to a download: hashes, ranges, and the decompression of what is stored as gzip for clients that do not
 * accept it (https://cloud.google.com/storage/docs/transcoding).
 */
import type { IncomingHttpHeaders } from 'node:http';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { type Answer, refusal } from './answer';
import { sliceContent } from './content';
import type { ObjectGeneration } from './modelObject';

const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/;

export function objectMedia(object: ObjectGeneration, request: IncomingHttpHeaders): Answer {
  const headers = mediaHeaders(object);
  if (isTranscoded(object, request)) return transcoded(object, headers);
  const { size } = object.content;
  const range = readRange(request.range, size);
  if (range === 'unsatisfiable') {
    const message = 'The requested range cannot be satisfied.';
    const answer = refusal(416, 'requestedRangeNotSatisfiable', message);
    return { ...answer, headers: { ...answer.headers, 'content-range': `bytes */${size}` } };
  }
  const { start, end } = range ?? { start: 0, end: size };
  const encoding = optional('content-encoding', object.contentEncoding);
  const partial: Record<string, string> =
    range === null ? {} : { 'content-range': `bytes ${start}-${end - 1}/${size}` };
  return {
    status: range === null ? 200 : 206,
    headers: { ...headers, ...encoding, ...partial, 'content-length': end - start },
    body: Readable.from(sliceContent(object.content, start, end), { objectMode: false }),
  };
}

function mediaHeaders(object: ObjectGeneration): Record<string, string | number> {
  const { content, metadata } = object;
  const hashes = [`crc32c=${content.crc32c}`, ...(content.md5Hash === undefined ? [] : [`md5=${content.md5Hash}`])];
  const custom = Object.entries(metadata).filter(([key, value]) => HEADER_NAME.test(key) && isHeaderText(value));
  return {
    'content-type': 'application/octet-stream',
    ...optional('content-type', object.contentType),
    'accept-ranges': 'bytes',
    etag: object.etag,
    'last-modified': new Date(object.updated).toUTCString(),
    'x-goog-hash': hashes.join(','),
    'x-goog-generation': object.generation,
    'x-goog-metageneration': object.metageneration,
    'x-goog-stored-content-encoding': 'identity',
    ...optional('x-goog-stored-content-encoding', object.contentEncoding),
    'x-goog-stored-content-length': content.size,
    'x-goog-storage-class': object.storageClass,
    ...optional('cache-control', object.cacheControl),
    ...optional('content-disposition', object.contentDisposition),
    ...optional('content-language', object.contentLanguage),
    ...Object.fromEntries(custom.map(([key, value]) => [`x-goog-meta-${key.toLowerCase()}`, value])),
  };
}

function optional(name: string, value: string | undefined): Record<string, string> {
  return value !== undefined && isHeaderText(value) ? { [name]: value } : {};
}

function isHeaderText(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}

function isTranscoded(object: ObjectGeneration, request: IncomingHttpHeaders): boolean {
  if (object.contentEncoding !== 'gzip') return false;
  if (/\bno-transform\b/.test(object.cacheControl ?? '')) return false;
  return !/\bgzip\b/.test(`${request['accept-encoding'] ?? ''}`);
}

/** Always the whole object: the service ignores ranges here, since it does not know the size. */
function transcoded(object: ObjectGeneration, headers: Record<string, string | number>): Answer {
  const gunzip = createGunzip();
  // An error reaches the answer through `gunzip`, which is its body.
  pipeline(Readable.from(sliceContent(object.content), { objectMode: false }), gunzip, () => {});
  return { status: 200, headers: { ...headers, warning: '214 UploadServer gunzipped' }, body: gunzip };
}

/** `end` is exclusive; null where no range, or none that this service knows, was asked for. */
function readRange(range: string | undefined, size: number): { start: number; end: number } | 'unsatisfiable' | null {
  const match = /^bytes=(\d*)-(\d*)$/.exec(range ?? '');
  if (match === null || range === 'bytes=-') return null;
  const [, first = '', last = ''] = match;
  const start = first === '' ? Math.max(size - Number(last), 0) : Number(first);
  const end = first === '' || last === '' ? size : Math.min(Number(last) + 1, size);
  return start < end ? { start, end } : 'unsatisfiable';
}
