/** Reads a CloudEvent google.cloud.storage.object.v1.finalized; throws InvalidEventError. Pure. */
import { z } from 'zod';
import { ForeignEventError, InvalidEventError } from './errors';
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

const OBJECT_NAME_BYTES = 1_024;

/** int64 in JSON: a string from Cloud Storage, a number in Google's own examples. */
const Int64 = z.union([z.string().regex(/^\d{1,19}$/, 'must be a decimal number'), z.int().min(0)]).transform(String);

const StorageObject = z.object(
  {
    bucket: z.string().min(1),
    /** https://cloud.google.com/storage/docs/objects#naming */
    name: z
      .string()
      .min(1)
      .refine((name) => !/[\r\n]/.test(name), 'holds a line end, which no object name has')
      .refine(
        (name) => Buffer.byteLength(name) <= OBJECT_NAME_BYTES,
        'is longer than 1,024 bytes, as no object name is',
      ),
    /** Written in one way only, because the request id is made of it; 0 would mean "no object" in a precondition. */
    generation: Int64.refine(
      (generation) => /^[1-9]/.test(generation),
      'must be a number from 1 on without zeros before it',
    ),
    size: Int64.default('0'),
    timeCreated: z.string().min(1),
  },
  { error: 'must be the object that Cloud Storage tells of, as JSON' },
);
const Data = z.object({ data: StorageObject });

/** What `readCloudEvent` makes of binary, structured and legacy requests alike. */
const Envelope = z.object({
  type: z.literal(FINALIZED_TYPE),
  source: z.string().min(1),
  subject: z.string().nullish(),
  /** The CloudEvents extension `ce-bucket`; legacy requests have none. */
  bucket: z.string().nullish(),
  data: z.unknown().optional(),
});

/** Buckets lie in no project: Cloud Storage writes `projects/_`. */
const FOREIGN_SOURCE = /^\/\/storage\.googleapis\.com\/projects\/(?!_\/)[^/]+\/buckets\//;

/** The object that the event tells of. The envelope and the data must speak of one and the same. */
export function parseFinalizedObject(event: unknown): FinalizedObject {
  const envelope = Envelope.safeParse(event);
  if (!envelope.success) throw new InvalidEventError(`not a finalize event: ${issuesShown(envelope.error)}`);
  const { source, subject, bucket } = envelope.data;
  if (FOREIGN_SOURCE.test(source)) {
    throw new ForeignEventError('the source of the event names a project; that of a bucket is projects/_');
  }
  const read = Data.safeParse({ data: decoded(envelope.data.data) });
  if (!read.success) throw new InvalidEventError(`not a finalize event: ${issuesShown(read.error)}`);
  const { data: object } = read.data;
  const expected = `//storage.googleapis.com/projects/_/buckets/${object.bucket}`;
  if (source !== expected)
    throw new InvalidEventError('the source of the event is another bucket than its data; both must name the same');
  if (bucket && bucket !== object.bucket) {
    throw new InvalidEventError(
      'the bucket attribute of the event is another than in its data; both must name the same',
    );
  }
  if (subject && !isSubjectOf(subject, `objects/${object.name}`)) {
    throw new InvalidEventError('the subject of the event is another object than its data; both must name the same');
  }
  return { ...object, size: Number(object.size) };
}

/**
 * In binary mode a subject with a blank or a letter beyond ASCII comes percent-encoded (CloudEvents HTTP protocol binding,
 * 3.1.3.2), which the framework leaves as it is; from a sender that puts raw UTF-8 into a header it comes as Latin-1.
 */
function isSubjectOf(subject: string, expected: string): boolean {
  if (subject === expected || Buffer.from(subject, 'latin1').toString('utf8') === expected) return true;
  try {
    return decodeURIComponent(subject) === expected;
  } catch {
    return false;
  }
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
