/** Buckets and objects as the JSON API writes and reads them: int64 as strings, custom metadata only where there are any. */
import { z } from 'zod';
import { STATUS_CODES } from '../../shared/core/errors';
import { StatusError } from '../statusError';
import type { Bucket } from './modelBuckets';
import { etagOf, type ObjectFields, type ObjectGeneration, type ObjectPatch } from './modelObject';

const ABSENT_ORIGIN = 'https://www.googleapis.com';

/** `origin`: of the server that the links shall lead to. */
export function objectResource(object: ObjectGeneration, origin = ABSENT_ORIGIN): Record<string, unknown> {
  const { bucket, name, generation, metageneration, content, metadata, ...fields } = object;
  const path = `/b/${encodeURIComponent(bucket)}/o/${encodeURIComponent(name)}`;
  return {
    kind: 'storage#object',
    id: `${bucket}/${name}/${generation}`,
    selfLink: `${origin}/storage/v1${path}`,
    mediaLink: `${origin}/download/storage/v1${path}?generation=${generation}&alt=media`,
    name,
    bucket,
    generation,
    metageneration,
    ...fields,
    size: `${content.size}`,
    ...(content.md5Hash === undefined ? {} : { md5Hash: content.md5Hash }),
    crc32c: content.crc32c,
    timeStorageClassUpdated: object.timeCreated,
    timeFinalized: object.timeCreated,
    ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
  };
}

export function bucketResource(bucket: Bucket, origin: string): Record<string, unknown> {
  const { name, settings, ...fields } = bucket;
  return {
    kind: 'storage#bucket',
    selfLink: `${origin}/storage/v1/b/${name}`,
    id: name,
    name,
    projectNumber: '0',
    locationType: ['US', 'EU', 'ASIA'].includes(bucket.location) ? 'multi-region' : 'region',
    iamConfiguration: { uniformBucketLevelAccess: { enabled: true }, publicAccessPrevention: 'inherited' },
    ...settings,
    ...fields,
    etag: etagOf(bucket.generation, bucket.metageneration),
  };
}

const text = z.string().nullish();
const ObjectBody = z.object({
  name: z.string().optional(),
  contentType: text,
  contentEncoding: text,
  contentDisposition: text,
  contentLanguage: text,
  cacheControl: text,
  customTime: text,
  storageClass: text,
  metadata: z.record(z.string(), z.string().nullable()).nullish(),
  crc32c: z.string().optional(),
  md5Hash: z.string().optional(),
});

/** What of an object resource a request may set; `name` and the hashes are for inserts. */
export interface ObjectRequest {
  name?: string;
  crc32c?: string;
  md5Hash?: string;
  patch: ObjectPatch;
}

export function parseObjectRequest(body: Buffer | string): ObjectRequest {
  const { name, crc32c, md5Hash, ...patch } = parseBody(body, ObjectBody);
  return { name, crc32c, md5Hash, patch };
}

/** The patch as whole metadata: what it deletes is not there. Undefined where it says nothing. */
export function fieldsOfPatch({ metadata, ...patch }: ObjectPatch): ObjectFields | undefined {
  const isNotNull = (entry: [string, unknown]) => entry[1] !== null && entry[1] !== undefined;
  const fields: ObjectFields = Object.fromEntries(Object.entries(patch).filter(isNotNull));
  const custom = Object.entries(metadata ?? {}).flatMap(([key, value]) => (value === null ? [] : [[key, value]]));
  if (custom.length > 0) fields.metadata = Object.fromEntries(custom);
  return Object.keys(fields).length === 0 ? undefined : fields;
}

export const BucketBody = z.looseObject({
  name: z.string().optional(),
  location: z.string().optional(),
  storageClass: z.string().optional(),
});

const Int64 = z.union([z.string(), z.number()]).transform(String);
export const ComposeBody = z.object({
  destination: ObjectBody.optional(),
  sourceObjects: z.array(
    z.object({
      name: z.string(),
      generation: Int64.optional(),
      objectPreconditions: z.object({ ifGenerationMatch: Int64.optional() }).optional(),
    }),
  ),
});

/** An empty body counts as `{}`; throws INVALID_ARGUMENT for anything that is not JSON of this shape. */
export function parseBody<T>(body: Buffer | string, schema: z.ZodType<T>): T {
  const given = body.toString('utf8').trim();
  let value: unknown;
  try {
    value = given === '' ? {} : JSON.parse(given);
  } catch (error) {
    throw new StatusError(STATUS_CODES.INVALID_ARGUMENT, 'Parse Error', { cause: error });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join('.') ?? '';
  throw new StatusError(STATUS_CODES.INVALID_ARGUMENT, `Invalid value for '${where}': ${issue?.message ?? ''}`);
}
