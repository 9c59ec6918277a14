/** Reads a CloudEvent google.cloud.storage.object.v1.finalized; throws InvalidEventError. Pure. */
import { z } from 'zod';
import { InvalidEventError } from './errors';
import { issuesShown } from './pushMessage';

export interface FinalizedObject {
  bucket: string;
  name: string;
  /** A decimal number as a string: int64. */
  generation: string;
  /** Bytes. */
  size: number;
  /** RFC 3339. */
  timeCreated: string;
}

export const FINALIZED_TYPE = 'google.cloud.storage.object.v1.finalized';

/** int64 in JSON: a string from Cloud Storage, a number in Google's own examples. */
const Int64 = z.union([z.string().regex(/^\d+$/, 'must be a decimal number'), z.int().min(0)]).transform(String);

const StorageObject = z.object({
  bucket: z.string().min(1),
  name: z.string().min(1),
  generation: Int64,
  size: Int64.default('0'),
  timeCreated: z.string().min(1),
});

/** The envelope as the framework hands it over, made from binary, structured and legacy requests alike. */
const Envelope = z.object({
  type: z.literal(FINALIZED_TYPE),
  source: z.string().min(1),
  subject: z.string().nullish(),
  /** The CloudEvents extension `ce-bucket`; legacy requests have none. */
  bucket: z.string().nullish(),
  data: z.unknown(),
});

/** The object that the event tells of. The envelope and the data must speak of one and the same. */
export function parseFinalizedObject(event: unknown): FinalizedObject {
  const envelope = Envelope.safeParse(event);
  if (!envelope.success) throw new InvalidEventError(`not a finalize event: ${issuesShown(envelope.error)}`);
  const { source, subject, bucket, data } = envelope.data;
  const object = StorageObject.safeParse(decoded(data));
  if (!object.success) throw new InvalidEventError(`not a finalize event: data: ${issuesShown(object.error)}`);
  const expected = `//storage.googleapis.com/projects/_/buckets/${object.data.bucket}`;
  if (source !== expected) throw new InvalidEventError('the source of the event is another bucket than its data');
  if (bucket && bucket !== object.data.bucket) {
    throw new InvalidEventError('the bucket attribute of the event is another than in its data');
  }
  if (subject && subject !== `objects/${object.data.name}`) {
    throw new InvalidEventError('the subject of the event is another object than its data');
  }
  return { ...object.data, size: Number(object.data.size) };
}

/** A content type that is not JSON leaves the data as it came. */
function decoded(data: unknown): unknown {
  if (typeof data !== 'string' && !(data instanceof Uint8Array)) return data;
  try {
    return JSON.parse(typeof data === 'string' ? data : new TextDecoder().decode(data));
  } catch {
    return null;
  }
}
