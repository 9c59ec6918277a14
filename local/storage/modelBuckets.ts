/** The buckets of the model and the objects in each: the rules of https://cloud.google.com/storage/docs/json_api/v1/buckets. */
import type { Clock } from '../../shared/ports';
import { bucketExists, bucketNotEmpty, bucketNotFound, invalid } from './modelErrors';
import { lowerBound, type NamedObjects } from './modelList';
import { checkBucketName, compareNames } from './modelNames';
import type { ObjectGeneration } from './modelObject';
import { checkForRead, checkForWrite, type Preconditions } from './modelPreconditions';

/** A snapshot: a change makes a new one. */
export interface Bucket {
  readonly name: string;
  readonly generation: string;
  readonly metageneration: string;
  readonly location: string;
  readonly storageClass: string;
  readonly timeCreated: string;
  readonly updated: string;
  /** Whatever else was set (labels, lifecycle, …): kept and given back, without an effect here. */
  readonly settings: Readonly<Record<string, unknown>>;
}

export type BucketFields = { location?: string; storageClass?: string } & Record<string, unknown>;

export interface Buckets {
  insertBucket(name: string, fields?: BucketFields): Bucket;
  getBucket(name: string, conditions?: Preconditions): Bucket;
  /** In the order of names. */
  listBuckets(prefix?: string): Bucket[];
  /** What is given is set, null deletes. */
  patchBucket(name: string, fields: BucketFields, conditions?: Preconditions): Bucket;
  deleteBucket(name: string, conditions?: Preconditions): void;
  /** The live objects of a bucket; throws 404 where there is no such bucket. */
  objectsIn(bucket: string): LiveObjects;
}

/** The live objects of one bucket, in the order of names. */
export interface LiveObjects extends NamedObjects {
  put(object: ObjectGeneration): void;
  remove(name: string): void;
}

const FIXED_FIELDS = [
  'name',
  'id',
  'kind',
  'selfLink',
  'etag',
  'generation',
  'metageneration',
  'timeCreated',
  'updated',
];

export function createBuckets(clock: Clock): Buckets {
  const entries = new Map<string, { bucket: Bucket; objects: LiveObjects }>();

  function entryOf(name: string): { bucket: Bucket; objects: LiveObjects } {
    const entry = entries.get(name);
    if (entry === undefined) throw bucketNotFound();
    return entry;
  }

  return {
    insertBucket(name, fields = {}) {
      checkBucketName(name);
      if (entries.has(name)) throw bucketExists();
      const now = clock.now();
      const time = new Date(now).toISOString();
      const base = { name, generation: `${now * 1000}`, metageneration: '1', timeCreated: time, updated: time };
      const bucket = { ...base, ...readFields({ location: 'US', storageClass: 'STANDARD', settings: {} }, fields) };
      entries.set(name, { bucket, objects: createLiveObjects() });
      return bucket;
    },
    getBucket(name, conditions = {}) {
      const { bucket } = entryOf(name);
      checkForRead(bucket, conditions);
      return bucket;
    },
    listBuckets(prefix = '') {
      const buckets = [...entries.values()].map((entry) => entry.bucket);
      return buckets.filter(({ name }) => name.startsWith(prefix)).sort((a, b) => compareNames(a.name, b.name));
    },
    patchBucket(name, fields, conditions = {}) {
      const entry = entryOf(name);
      checkForWrite(entry.bucket, conditions);
      const metageneration = `${Number(entry.bucket.metageneration) + 1}`;
      const updated = new Date(clock.now()).toISOString();
      entry.bucket = { ...entry.bucket, ...readFields(entry.bucket, fields), metageneration, updated };
      return entry.bucket;
    },
    deleteBucket(name, conditions = {}) {
      const { bucket, objects } = entryOf(name);
      checkForWrite(bucket, conditions);
      if (objects.names.length > 0) throw bucketNotEmpty();
      entries.delete(name);
    },
    objectsIn: (bucket) => entryOf(bucket).objects,
  };
}

type Settable = Pick<Bucket, 'location' | 'storageClass' | 'settings'>;

function readFields(before: Settable, fields: BucketFields): Settable {
  const { location, storageClass, ...rest } = fields;
  const settings = new Map(Object.entries(before.settings));
  for (const [key, value] of Object.entries(rest)) {
    if (value === null) settings.delete(key);
    else if (!FIXED_FIELDS.includes(key)) settings.set(key, value);
  }
  checkVersioning(settings.get('versioning'));
  return {
    location: (location ?? before.location).toUpperCase(),
    storageClass: storageClass ?? before.storageClass,
    settings: Object.fromEntries(settings),
  };
}

/** Refused rather than ignored: somebody who asks for versioning counts on noncurrent generations. */
function checkVersioning(versioning: unknown): void {
  if (typeof versioning !== 'object' || versioning === null || !('enabled' in versioning)) return;
  if (versioning.enabled === true) throw invalid('Object versioning is not available in the local Cloud Storage.');
}

function createLiveObjects(): LiveObjects {
  const objects = new Map<string, ObjectGeneration>();
  const names: string[] = [];
  return {
    names,
    get: (name) => objects.get(name),
    put(object) {
      if (!objects.has(object.name)) names.splice(lowerBound(names, object.name), 0, object.name);
      objects.set(object.name, object);
    },
    remove(name) {
      if (objects.delete(name)) names.splice(lowerBound(names, name), 1);
    },
  };
}
