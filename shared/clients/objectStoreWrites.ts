/** Writing, copying and deleting objects with Google's client: a precondition that does not hold is a value. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { CreateWriteStreamOptions, File, FileMetadata } from '@google-cloud/storage';
import { ServiceError } from '../core/errors';
import type { ObjectName, StoredObject, WriteOptions } from '../ports';
import { CALL_LIMIT_MS, callEnd, httpStatusOf, runCall, TRY_LIMIT_MS } from './objectStoreCalls';
import { stat, toStored } from './objectStoreReads';

/** Above this a body is sent in one long try instead of several short ones. */
const LARGE_BODY_BYTES = 8 * 1024 * 1024;

interface CopyOptions {
  ifGenerationMatch?: string;
  metadata?: Record<string, string>;
}

interface RewriteAnswer {
  done: boolean;
  rewriteToken?: string;
  resource: FileMetadata;
}

export async function write(
  newFile: () => File,
  body: string | Buffer | Readable,
  { ifGenerationMatch, contentType, metadata }: WriteOptions,
): Promise<StoredObject | null> {
  const isStream = body instanceof Readable;
  const isLarge = isStream || body.length > LARGE_BODY_BYTES;
  const call = {
    name: 'Storage.ObjectsInsert',
    isRepeatable: !isStream && ifGenerationMatch !== undefined,
    tryLimitMs: isLarge ? CALL_LIMIT_MS : TRY_LIMIT_MS,
  };
  let sourceFault: Error | null = null;
  if (isStream) body.once('error', (error) => (sourceFault = error));
  const attempt = (signal: AbortSignal, limitMs: number) => {
    const preconditionOpts = ifGenerationMatch === undefined ? {} : { ifGenerationMatch };
    const options = { resumable: false, metadata: { contentType, metadata }, preconditionOpts };
    const file = newFile();
    // The client has one time limit for all requests, which is too short for large bodies.
    file.interceptors.push({ request: (request) => ({ uri: '', ...request, timeout: limitMs }) });
    return upload(file, isStream ? body : Readable.from([Buffer.from(body)]), options, signal);
  };
  try {
    return await runCall(call, attempt);
  } catch (error) {
    // A fault of the caller's own stream is none of Cloud Storage.
    throw sourceFault ?? error;
  }
}

async function upload(
  file: File,
  source: Readable,
  options: CreateWriteStreamOptions,
  signal: AbortSignal,
): Promise<StoredObject | null> {
  try {
    await pipeline(source, file.createWriteStream(options), { signal });
    return toStored(file.metadata);
  } catch (error) {
    if (httpStatusOf(error) === 412) return null;
    throw error;
  }
}

/** Rewrites until it is done: a copy to another location or storage class may take several calls. */
export async function copy(
  source: File,
  to: ObjectName,
  { ifGenerationMatch, metadata }: CopyOptions,
): Promise<StoredObject | 'source-gone' | 'precondition'> {
  const endMs = callEnd();
  const body = metadata === undefined ? {} : await copiedFields(source, metadata, endMs);
  if (body === null) return 'source-gone';
  const name = 'Storage.ObjectsRewrite';
  const call = { name, isRepeatable: ifGenerationMatch !== undefined, endMs };
  const query = { sourceGeneration: source.generation, ifGenerationMatch };
  try {
    return await runCall(call, (signal) => rewrite({ source, to, query, body, signal }));
  } catch (error) {
    const http = error instanceof ServiceError ? httpStatusOf(error.cause) : undefined;
    if (http === 412) return 'precondition';
    // A missing destination bucket is not found either, but that is a fault.
    if (http === 404 && (await stat(source, endMs)) === null) return 'source-gone';
    throw error;
  }
}

interface Rewrite {
  source: File;
  to: ObjectName;
  query: { sourceGeneration?: number | string; ifGenerationMatch?: string };
  body: FileMetadata;
  signal: AbortSignal;
}

/** The client's own `copy` forgets the precondition and the metadata from the second request on. */
async function rewrite({ source, to, query, body, signal }: Rewrite): Promise<StoredObject> {
  const uri = `/rewriteTo/b/${encodeURIComponent(to.bucket)}/o/${encodeURIComponent(to.name)}`;
  let rewriteToken: string | undefined;
  while (!signal.aborted) {
    const qs = withoutUndefined({ ...query, rewriteToken });
    const [response] = await source.request({ method: 'POST', uri, qs, json: body });
    const answer = response as RewriteAnswer;
    if (answer.done) return toStored(answer.resource);
    rewriteToken = answer.rewriteToken;
  }
  throw new ServiceError('Storage.ObjectsRewrite', 'DEADLINE_EXCEEDED', 'the copy was not done in time');
}

/** Metadata that are given replace all of the source's, its content type too: so all of them are given. */
async function copiedFields(
  source: File,
  metadata: Record<string, string>,
  endMs: number,
): Promise<FileMetadata | null> {
  if ((await stat(source, endMs)) === null) return null;
  const { contentType, contentEncoding, contentDisposition, contentLanguage, cacheControl } = source.metadata;
  return withoutUndefined({
    ...{ contentType, contentEncoding, contentDisposition, contentLanguage, cacheControl, metadata },
  });
}

export async function remove(
  file: File,
  ifGenerationMatch: string | undefined,
): Promise<'deleted' | 'absent' | 'changed'> {
  const endMs = callEnd();
  const call = { name: 'Storage.ObjectsDelete', isRepeatable: ifGenerationMatch !== undefined, endMs };
  const outcome = await runCall(call, async () => {
    try {
      await file.delete(withoutUndefined({ ifGenerationMatch }));
      return 'deleted';
    } catch (error) {
      if (httpStatusOf(error) === 404) return 'absent';
      if (httpStatusOf(error) === 412) return 'changed';
      throw error;
    }
  });
  // The documentation leaves open whether a condition on an object that is gone is 404 or 412.
  return outcome === 'changed' && (await stat(file, endMs)) === null ? 'absent' : outcome;
}

function withoutUndefined<T extends object>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}
