/** One generation of an object: what it is made of and how its metadata is set, replaced and patched. */
import type { Content } from './content';
import { invalid } from './modelErrors';

/** Metadata that a writer may set. */
export interface ObjectFields {
  contentType?: string;
  contentEncoding?: string;
  contentDisposition?: string;
  contentLanguage?: string;
  cacheControl?: string;
  customTime?: string;
  storageClass?: string;
  /** Custom metadata. */
  metadata?: Record<string, string>;
}

/** What is given is set, null deletes, what is left out stays. `metadata: null` deletes all custom metadata. */
export type ObjectPatch = { [Field in Exclude<keyof ObjectFields, 'metadata'>]?: string | null } & {
  metadata?: Record<string, string | null> | null;
};

/** A snapshot: a change makes a new one. */
export interface ObjectGeneration extends Readonly<ObjectFields> {
  readonly bucket: string;
  readonly name: string;
  readonly generation: string;
  readonly metageneration: string;
  /** RFC 3339. */
  readonly timeCreated: string;
  readonly updated: string;
  /** Of composed objects: from how many pieces. */
  readonly componentCount?: number;
  readonly etag: string;
  readonly metadata: Record<string, string>;
  readonly storageClass: string;
  readonly content: Content;
}

/** Which object, and of it the live generation or, if given, that one. */
export interface ObjectRef {
  bucket: string;
  name: string;
  generation?: string;
}

const MAX_CUSTOM_METADATA_BYTES = 8 * 1024;
const FIELD_NAMES = [
  'contentType',
  'contentEncoding',
  'contentDisposition',
  'contentLanguage',
  'cacheControl',
  'customTime',
  'storageClass',
] as const;

/** The settable metadata of a generation, as a copy of it takes them over. */
export function fieldsOf(object: ObjectGeneration): ObjectFields {
  return applyPatch({}, object);
}

/** The fields after the patch; throws 400 where the custom metadata grow above 8 KiB. */
export function applyPatch(fields: ObjectFields, patch: ObjectPatch): ObjectFields {
  const result: ObjectFields = { metadata: patchMetadata(fields.metadata ?? {}, patch.metadata) };
  for (const field of FIELD_NAMES) {
    const value = patch[field] === undefined ? fields[field] : patch[field];
    if (value !== undefined && value !== null) result[field] = value;
  }
  return result;
}

function patchMetadata(metadata: Record<string, string>, patch: ObjectPatch['metadata']): Record<string, string> {
  if (patch === null) return {};
  const result = new Map(Object.entries(metadata));
  for (const [key, value] of Object.entries(patch ?? {})) {
    if (value === null) result.delete(key);
    else result.set(key, value);
  }
  const bytes = [...result].flat().reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if (bytes > MAX_CUSTOM_METADATA_BYTES) {
    throw invalid(`The custom metadata of an object may have at most 8192 bytes, not ${bytes}.`);
  }
  return Object.fromEntries(result);
}

/** The service's ETag: a message of two varint fields, generation and metageneration, in base64. */
export function etagOf(generation: string, metageneration: string): string {
  return Buffer.from([0x08, ...varint(BigInt(generation)), 0x10, ...varint(BigInt(metageneration))]).toString('base64');
}

function varint(value: bigint): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return [...bytes, Number(rest)];
}
