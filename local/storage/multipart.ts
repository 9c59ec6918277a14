/**
 * Reads a `multipart/related` upload as it arrives: the JSON part whole, the media part piece by piece
 * (https://cloud.google.com/storage/docs/uploading-objects#uploading-an-object, RFC 2387).
 */
import { invalid } from './modelErrors';

export interface MultipartUpload {
  /** The first part: the object resource as JSON. */
  metadata: string;
  /** Of the media part; undefined where it has none. */
  contentType?: string;
  /** To be read to its end; throws 400 where the body ends too early. */
  media: AsyncIterable<Buffer>;
}

type Source = AsyncIterator<Buffer>;

const MAX_HEAD_BYTES = 1024 * 1024;

/** Line breaks are what the first line has: gcloud sends bare line feeds. */
export async function readMultipart(body: AsyncIterable<Buffer>, contentType: string): Promise<MultipartUpload> {
  const boundary = `--${readBoundary(contentType)}`;
  const source = body[Symbol.asyncIterator]();
  let line = await readUntil(source, Buffer.alloc(0), '\n');
  while (line.text.trimEnd() !== boundary) line = await readUntil(source, line.rest, '\n');
  const eol = line.text.endsWith('\r') ? '\r\n' : '\n';
  const delimiter = Buffer.from(`${eol}${boundary}`, 'latin1');
  // With a line break in front, a head without fields ends like any other.
  const resourceHead = await readUntil(source, Buffer.concat([Buffer.from(eol), line.rest]), eol + eol);
  const resource = await readUntil(source, resourceHead.rest, delimiter);
  const mediaHead = await readUntil(source, resource.rest, eol + eol);
  const media = readMedia(source, mediaHead.rest, delimiter, eol);
  return { metadata: resource.text, contentType: readContentType(mediaHead.text), media };
}

/** The part of `boundary=` in the header; gcloud puts it in quotes, single or double. */
function readBoundary(contentType: string): string {
  const match = /;\s*boundary=(?:"([^"]+)"|'([^']+)'|([^;\s]+))/i.exec(contentType);
  const boundary = match?.[1] ?? match?.[2] ?? match?.[3];
  if (boundary === undefined) throw invalid('The multipart request has no boundary.');
  return boundary;
}

function readContentType(head: string): string | undefined {
  return /^content-type:[ \t]*(.+?)[ \t]*$/im.exec(head)?.[1];
}

/** What stands before `mark`, which has to come early: only the media may be long. */
async function readUntil(
  source: Source,
  begin: Buffer,
  mark: string | Buffer,
): Promise<{ text: string; rest: Buffer }> {
  let seen = begin;
  for (;;) {
    const at = seen.indexOf(mark);
    if (at >= 0) return { text: seen.toString('utf8', 0, at), rest: seen.subarray(at + mark.length) };
    if (seen.length > MAX_HEAD_BYTES) throw invalid('Malformed multipart body.');
    seen = Buffer.concat([seen, await nextChunk(source)]);
  }
}

async function nextChunk(source: Source): Promise<Buffer> {
  const next = await source.next();
  if (next.done === true) throw invalid('Malformed multipart body.');
  return next.value;
}

/** Copies only where a piece ends in what may be the beginning of the delimiter. */
async function* readMedia(source: Source, begin: Buffer, delimiter: Buffer, eol: string): AsyncGenerator<Buffer> {
  // An empty media part may have the delimiter right behind the head, whose line break then counts for it.
  let seen: Buffer = Buffer.concat([Buffer.from(eol), begin]);
  let skip = eol.length;
  for (;;) {
    const at = seen.indexOf(delimiter);
    const end = at >= 0 ? at : seen.length - overlap(seen, delimiter);
    if (end > skip) yield seen.subarray(skip, end);
    if (at >= 0) break;
    skip = Math.max(skip - end, 0);
    const kept = seen.subarray(end);
    const chunk = await nextChunk(source);
    seen = kept.length === 0 ? chunk : Buffer.concat([kept, chunk]);
  }
  // The epilogue means nothing, but the request is only over once it is read.
  for (let next = await source.next(); next.done !== true; next = await source.next());
}

/** How many bytes at the end of `seen` may begin the delimiter. */
function overlap(seen: Buffer, delimiter: Buffer): number {
  const first = delimiter[0] ?? 0;
  const from = Math.max(seen.length - delimiter.length + 1, 0);
  for (let at = seen.indexOf(first, from); at >= 0; at = seen.indexOf(first, at + 1)) {
    if (seen.subarray(at).equals(delimiter.subarray(0, seen.length - at))) return seen.length - at;
  }
  return 0;
}
