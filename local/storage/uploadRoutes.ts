/** The routes of uploads: simple, multipart and resumable (https://cloud.google.com/storage/docs/uploads-downloads). */
import { readBody } from '../wire/readBody';
import { type Answer, type Exchange, json, type Route } from './answer';
import { type Content, createContentBuilder } from './content';
import type { StorageModel } from './model';
import { invalid, required } from './modelErrors';
import type { ObjectFields, ObjectRef } from './modelObject';
import { readMultipart } from './multipart';
import { readConditions } from './requestQuery';
import { fieldsOfPatch, type ObjectRequest, objectResource, parseObjectRequest } from './resource';
import { appendRange, parseContentRange, type UploadSession, type UploadSessions } from './resumableUploads';

const METHOD = 'storage.objects.insert';
const PATTERN = 'b/:bucket/o';
const MAX_METADATA_BYTES = 1024 * 1024;
const DEFAULT_CONTENT_TYPE = 'application/octet-stream';

export function uploadRoutes(model: StorageModel, sessions: UploadSessions): Route[] {
  const append = (exchange: Exchange) => appendUpload(model, sessions, exchange);
  return [
    {
      ...{ verb: 'POST', pattern: PATTERN, method: METHOD },
      handle: (exchange) => startUpload(model, sessions, exchange),
    },
    { verb: 'PUT', pattern: PATTERN, method: METHOD, handle: append },
    {
      ...{ verb: 'DELETE', pattern: PATTERN, method: 'storage.objects.cancelUpload' },
      handle({ query }) {
        sessions.cancel(sessions.get(query.get('upload_id') ?? '').id);
        return { status: 499 };
      },
    },
  ];
}

function startUpload(model: StorageModel, sessions: UploadSessions, exchange: Exchange): Promise<Answer> {
  if (exchange.query.has('upload_id')) return appendUpload(model, sessions, exchange);
  const uploadType = exchange.query.get('uploadType') ?? exchange.req.headers['x-goog-upload-protocol'];
  switch (uploadType) {
    case 'media':
      return mediaUpload(model, exchange);
    case 'multipart':
      return multipartUpload(model, exchange);
    case 'resumable':
      return startResumable(model, sessions, exchange);
    default:
      throw uploadType === undefined ? required('uploadType') : invalid(`Invalid upload type: ${uploadType}`);
  }
}

async function mediaUpload(model: StorageModel, exchange: Exchange): Promise<Answer> {
  const { req, query } = exchange;
  const to = destinationOf(exchange, {});
  const conditions = readConditions(query);
  model.checkWrite(to, conditions);
  const fields = withType({ patch: {} }, exchange, req.headers['content-type']);
  const content = await collect(req);
  return json(objectResource(model.insertObject(to, content, fields, conditions), exchange.origin));
}

async function multipartUpload(model: StorageModel, exchange: Exchange): Promise<Answer> {
  const { req, query, origin } = exchange;
  const { metadata, contentType, media } = await readMultipart(req, req.headers['content-type'] ?? '');
  const request = parseObjectRequest(metadata);
  const to = destinationOf(exchange, request);
  const conditions = readConditions(query);
  model.checkWrite(to, conditions);
  const content = await collect(media);
  checkHashes(content, request);
  return json(
    objectResource(model.insertObject(to, content, withType(request, exchange, contentType), conditions), origin),
  );
}

/** The preconditions are checked when the session starts, to fail early, and again when the object is written. */
async function startResumable(model: StorageModel, sessions: UploadSessions, exchange: Exchange): Promise<Answer> {
  const { req, query, params, origin } = exchange;
  const request = parseObjectRequest(await readBody(req, MAX_METADATA_BYTES));
  const to = destinationOf(exchange, request);
  const conditions = readConditions(query);
  model.checkWrite(to, conditions);
  const contentType = req.headers['x-upload-content-type'];
  const fields = withType(request, exchange, Array.isArray(contentType) ? contentType[0] : contentType);
  const expected = { crc32c: request.crc32c, md5Hash: request.md5Hash };
  const { id } = sessions.start({ to, fields, conditions, expected });
  const place = `${origin}/upload/storage/v1/b/${encodeURIComponent(params.bucket ?? '')}/o`;
  const location = `${place}?uploadType=resumable&name=${encodeURIComponent(to.name)}&upload_id=${id}`;
  return { status: 200, headers: { location, 'x-guploader-uploadid': id } };
}

async function appendUpload(model: StorageModel, sessions: UploadSessions, exchange: Exchange): Promise<Answer> {
  const { req, query, origin } = exchange;
  const session = sessions.get(query.get('upload_id') ?? '');
  if (session.result === null) {
    const content = await appendRange(session, parseContentRange(req.headers['content-range']), req);
    if (content === null) return progress(session);
    checkHashes(content, session.expected);
    session.result = model.insertObject(session.to, content, session.fields, session.conditions);
  }
  return json(objectResource(session.result, origin));
}

/** `308 Resume Incomplete`; without a Range header nothing is stored yet. */
function progress({ id, builder }: UploadSession): Answer {
  const range: Record<string, string> = builder.size() === 0 ? {} : { range: `bytes=0-${builder.size() - 1}` };
  return { status: 308, headers: { ...range, 'x-guploader-uploadid': id } };
}

function destinationOf({ params, query }: Exchange, request: Pick<ObjectRequest, 'name'>): ObjectRef {
  const name = query.get('name') ?? request.name;
  if (name === undefined) throw required('name');
  return { bucket: params.bucket ?? '', name };
}

/** The resource's own content type wins over that of the media. */
function withType(request: ObjectRequest, { query }: Exchange, contentType: string | undefined): ObjectFields {
  const contentEncoding = query.get('contentEncoding');
  return {
    contentType: contentType ?? DEFAULT_CONTENT_TYPE,
    ...(contentEncoding === null ? {} : { contentEncoding }),
    ...fieldsOfPatch(request.patch),
  };
}

async function collect(body: AsyncIterable<Buffer>): Promise<Content> {
  const builder = createContentBuilder();
  for await (const chunk of body) builder.push(chunk);
  return builder.finish();
}

function checkHashes(content: Content, { crc32c, md5Hash }: { crc32c?: string; md5Hash?: string }): void {
  if (crc32c !== undefined && crc32c !== content.crc32c) {
    throw invalid(`Provided CRC32C "${crc32c}" doesn't match calculated CRC32C "${content.crc32c}".`);
  }
  if (md5Hash !== undefined && md5Hash !== content.md5Hash) {
    throw invalid(`Provided MD5 hash "${md5Hash}" doesn't match calculated MD5 hash "${content.md5Hash}".`);
  }
}
