/**
 * Cloudinary's Admin API over `fetch`: every call is bounded in time, ends with the request and not only with the wait
 * for it, and is made once; limits are values, everything else is a `ServiceError` without credentials in it.
 */
import type { CloudinaryAccount } from '../core/cloudinaryAccount';
import {
  readCallLimit,
  readDeletion,
  readDerivedOf,
  readErrorMessage,
  readOriginals,
  readResetTime,
  readUsage,
} from '../core/cloudinaryAnswer';
import { type DerivedTarget, deletionCall, IDS_PER_CALL, isRelative } from '../core/derivedDeletion';
import { ServiceError, type Status, statusOfHttp } from '../core/errors';
import type { DerivedAnswer, DerivedImages } from '../ports';

/** The engine's lease counts on 25 s at most. What a slower call has done is done: its repetition has less to do. */
const CALL_LIMIT_MS = 24_000;
const DERIVED_PER_PAGE = 500;

interface Call<T> {
  /** `Cloudinary.DeleteResources`. */
  name: string;
  verb: 'GET' | 'DELETE';
  path: string[];
  fields: [string, string][];
  read(body: unknown): T | null;
  hasCursor: boolean;
}

/** `limitMs` bounds a call; default 24 s. */
export function createDerivedImages(
  account: CloudinaryAccount,
  { limitMs = CALL_LIMIT_MS }: { limitMs?: number } = {},
): DerivedImages {
  const make = <T>(call: Call<T>) => runCall(account, call, limitMs);
  return {
    async deletePage(deletion) {
      const { path, fields } = deletionCall(deletion);
      const hasCursor = deletion.cursor !== undefined;
      return make({ name: 'Cloudinary.DeleteResources', verb: 'DELETE', path, fields, hasCursor, read: readDeletion });
    },

    async listOriginals(target, { cursor, maxResults }) {
      const { path, fields } = listCall(target);
      fields.push(['max_results', String(maxResults)]);
      if (cursor !== undefined) fields.push(['next_cursor', cursor]);
      const hasCursor = cursor !== undefined;
      return make({ name: 'Cloudinary.ListResources', verb: 'GET', path, fields, hasCursor, read: readOriginals });
    },

    async derivedOf({ resourceType, type, publicId }, cursor) {
      const fields: [string, string][] = [['max_results', String(DERIVED_PER_PAGE)]];
      if (cursor !== undefined) fields.push(['derived_next_cursor', cursor]);
      const path = ['resources', resourceType, type, publicId];
      const name = 'Cloudinary.GetResource';
      const hasCursor = cursor !== undefined;
      return make({ name, verb: 'GET', path, fields, hasCursor, read: readDerivedOf }).catch(nullIfNotFound);
    },

    async usage() {
      return make({
        name: 'Cloudinary.Usage',
        verb: 'GET',
        path: ['usage'],
        fields: [],
        hasCursor: false,
        read: readUsage,
      });
    },
  };
}

function listCall({ resourceType, type, select }: DerivedTarget): { path: string[]; fields: [string, string][] } {
  if ('tag' in select) return { path: ['resources', resourceType, 'tags', select.tag], fields: [] };
  const path = ['resources', resourceType, type];
  if ('prefix' in select) return { path, fields: [['prefix', select.prefix]] };
  if (!('publicIds' in select)) return { path, fields: [] };
  if (select.publicIds.length === 0 || select.publicIds.length > IDS_PER_CALL) {
    throw new TypeError(`${select.publicIds.length} public ids do not go into one call`);
  }
  return { path, fields: select.publicIds.map((id) => ['public_ids[]', id]) };
}

function nullIfNotFound(error: unknown): DerivedAnswer<null> {
  if (error instanceof ServiceError && error.status === 'NOT_FOUND') return { kind: 'answer', value: null };
  throw error;
}

async function runCall<T>(account: CloudinaryAccount, call: Call<T>, limitMs: number): Promise<DerivedAnswer<T>> {
  const { status, headers, text } = await send(account, call, limitMs);
  const body = parsedJson(text);
  const message = account.scrub(readErrorMessage(body) ?? `HTTP ${status}`);
  // 420 is documented; the service's own libraries take 429 for the same.
  if (status === 420 || status === 429) return { kind: 'limit', resetAt: resetTime(message, headers) };
  if (status === 400 && call.hasCursor) return { kind: 'cursorRefused' };
  if (status !== 200) throw new ServiceError(call.name, statusOf(status), message);
  const value = call.read(body);
  if (value === null) throw new ServiceError(call.name, 'INTERNAL', 'the answer has none of the documented forms');
  const limit = readCallLimit((name) => headers.get(name));
  return { kind: 'answer', value, ...(limit === undefined ? {} : { limit }) };
}

async function send(account: CloudinaryAccount, { name, verb, path, fields }: Call<unknown>, limitMs: number) {
  if (path.some(isRelative)) throw new ServiceError(name, 'INVALID_ARGUMENT', '"." and ".." name no resource');
  const form = new URLSearchParams(fields).toString();
  const where = [account.baseUrl, 'v1_1', account.cloudName, ...path].map((part, index) =>
    index === 0 ? part : encodeURIComponent(part),
  );
  const url = `${where.join('/')}${verb === 'GET' && form !== '' ? `?${form}` : ''}`;
  try {
    const response = await fetch(url, {
      method: verb,
      headers: {
        authorization: account.authorization(),
        ...(verb === 'GET' ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      ...(verb === 'GET' ? {} : { body: form }),
      redirect: 'error',
      signal: AbortSignal.timeout(limitMs),
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  } catch (error) {
    throw connectionError(name, error, limitMs, account);
  }
}

/** Without the cause: nothing of the request may reach a log. */
function connectionError(call: string, error: unknown, limitMs: number, account: CloudinaryAccount): ServiceError {
  const { name, message, cause } = error as { name?: string; message?: string; cause?: NodeJS.ErrnoException };
  if (name === 'TimeoutError') return new ServiceError(call, 'DEADLINE_EXCEEDED', `no answer in ${limitMs} ms`);
  const detail = cause?.code ?? cause?.message ?? message ?? 'no reason given';
  return new ServiceError(call, 'UNAVAILABLE', account.scrub(`the connection failed: ${detail}`));
}

/** 423 is a resource that is being processed; what the table does not know is taken for passing. */
function statusOf(http: number): Status {
  return http === 423 || http < 400 ? 'UNAVAILABLE' : statusOfHttp(http);
}

function resetTime(message: string, headers: Headers): number | undefined {
  const named = readResetTime(message) ?? readCallLimit((name) => headers.get(name))?.resetAt;
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return named ?? (seconds >= 0 ? Date.now() + seconds * 1_000 : undefined);
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
