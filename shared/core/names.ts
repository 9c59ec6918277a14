/** The only file that knows how locations, ids, URIs, resource names and request ids are written. Pure. */
import { createHash } from 'node:crypto';
import { shownValue } from './problem';

/** Where Product Search is served (create-reference-images, "location-id"). */
export const LOCATIONS = ['us-west1', 'us-east1', 'europe-west1', 'asia-east1'] as const;
export type Location = (typeof LOCATIONS)[number];

/** The idempotency key that a command may bring along. */
export const REQUEST_ID = /^[A-Za-z0-9_-]{1,64}$/;

const REGION = /^[a-z]+-(north|south|east|west|central|northeast|northwest|southeast|southwest)\d+$/;
const CONTROL_CHARACTER = /\p{Cc}/u;
const LONE_SURROGATE = /\p{Surrogate}/u;
const ID_CHARACTERS = 128;
/** https://cloud.google.com/storage/docs/buckets#naming; whether the bucket exists is not known here. */
const BUCKET = /^(?=.{3,222}$)[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?)*$/;
const IP_ADDRESS = /^\d+\.\d+\.\d+\.\d+$/;
const OBJECT_NAME_BYTES = 1024;

/** The location that the text means, or null. `eu-west1` of older documentation is `europe-west1`. */
export function parseLocation(text: string): Location | null {
  if (text === 'eu-west1') return 'europe-west1';
  return LOCATIONS.find((location) => location === text) ?? null;
}

/** Whether the text is written like the name of a Google region, served by Product Search or not. */
export function looksLikeRegion(text: string): boolean {
  return REGION.test(text);
}

/**
 * What is wrong with a bare id of a product set, product or reference image, as the end of a sentence that also says
 * what would be right; null where nothing is. The API documents 128 characters and no slash; a character is a code
 * point (https://google.aip.dev/210). The rest keeps resource names unambiguous.
 */
export function idFault(text: string): string | null {
  if (text === '') return 'is empty; give 1 to 128 characters';
  if (LONE_SURROGATE.test(text)) return `holds half a surrogate pair, ${shownValue(text)}; give valid Unicode`;
  if (CONTROL_CHARACTER.test(text)) return `holds a control character, ${shownValue(text)}; leave it out`;
  if (text.includes('/')) return slashFault(text);
  if (text === '.' || text === '..') return `is ${shownValue(text)}, which cannot be part of a resource name`;
  if (text.trim() !== text) return `begins or ends with a blank, ${shownValue(text)}; leave it out`;
  const length = text.length > ID_CHARACTERS ? [...text].length : text.length;
  if (length > ID_CHARACTERS) return `has ${length} characters, ${shownValue(text)}; at most 128 are allowed`;
  return null;
}

function slashFault(text: string): string {
  const name = /^\/*(?:projects\/([^/]+)\/)?(?:locations\/[^/]+\/)?(?:productSets|products)\/.*?([^/]+)$/.exec(text);
  if (!name) return `holds a slash, ${shownValue(text)}; ids have none`;
  const whose = name[1] ? ` in project ${shownValue(name[1])}` : '';
  return `is a full resource name${whose}, ${shownValue(text)}; give the bare id, such as ${shownValue(name[2] ?? '')}, of this system's own project`;
}

/** Bucket and object of `gs://bucket/object`, or null where either is no name that Cloud Storage allows. */
export function parseGsUri(uri: string): { bucket: string; name: string } | null {
  const parts = parseGsPrefix(uri);
  if (parts === null || parts.prefix === '' || parts.prefix === '.' || parts.prefix === '..') return null;
  if (Buffer.byteLength(parts.prefix) > OBJECT_NAME_BYTES) return null;
  return { bucket: parts.bucket, name: parts.prefix };
}

/** Bucket and prefix of `gs://bucket` or `gs://bucket/prefix/`, or null. The prefix may be empty. */
export function parseGsPrefix(uri: string): { bucket: string; prefix: string } | null {
  const match = /^gs:\/\/([^/]*)(?:\/(.*))?$/su.exec(uri);
  const bucket = match?.[1] ?? '';
  const prefix = match?.[2] ?? '';
  if (!BUCKET.test(bucket) || IP_ADDRESS.test(bucket)) return null;
  if (CONTROL_CHARACTER.test(prefix) || LONE_SURROGATE.test(prefix)) return null;
  return { bucket, prefix };
}

export function formatGsUri(object: { bucket: string; name: string }): string {
  return `gs://${object.bucket}/${object.name}`;
}

/**
 * Whether an image file may be removed: its bucket is the bucket of one of the prefixes, whole, and its name lies
 * below that prefix by whole path segments (`gs://b/shoes` holds `gs://b/shoes/1.png`, not `gs://b/shoes2/1.png`).
 */
export function isRemovable(uri: string, prefixes: readonly string[]): boolean {
  return prefixes.some((text) => isInFolder(uri, text));
}

/** Whether the object lies in `gs://bucket/prefix/`: the bucket is compared whole, the prefix by whole path segments. */
export function isInFolder(uri: string, folder: string): boolean {
  const object = parseGsUri(uri);
  const allowed = parseGsPrefix(folder);
  if (object === null || allowed === null || allowed.bucket !== object.bucket) return false;
  const prefix = allowed.prefix === '' || allowed.prefix.endsWith('/') ? allowed.prefix : `${allowed.prefix}/`;
  return object.name.startsWith(prefix) && object.name.length > prefix.length;
}

/** Whether all that lies in `gs://bucket/folder/` lies in one of the prefixes, too, by whole path segments. */
export function isFolderRemovable(folder: string, prefixes: readonly string[]): boolean {
  return prefixes.some((prefix) => isInFolder(`${folder}x`, prefix) && folder.endsWith('/'));
}

export function locationName(project: string, location: string): string {
  return `projects/${project}/locations/${location}`;
}

export function productSetName(project: string, location: string, productSetId: string): string {
  return `${locationName(project, location)}/productSets/${productSetId}`;
}

export function productName(project: string, location: string, productId: string): string {
  return `${locationName(project, location)}/products/${productId}`;
}

export function referenceImageName(project: string, location: string, productId: string, imageId: string): string {
  return `${productName(project, location, productId)}/referenceImages/${imageId}`;
}

/**
 * The one key for an operation's names: the service answers a start with `projects/P/locations/L/operations/ID` and a
 * later GetOperation with `locations/L/operations/ID`, so names are never compared, keys are. Null: no such name.
 */
export function operationKey(name: string): { location: string; id: string; key: string } | null {
  const match = /^(?:projects\/[^/]+\/)?locations\/([^/]+)\/operations\/([^/]+)$/.exec(name);
  const [, location, id] = match ?? [];
  return location && id ? { location, id, key: `${location}/${id}` } : null;
}

/** What the name of an object in the intake bucket asks for. `fault` is a sentence. */
export type DropPath =
  | { kind: 'csv'; location?: Location; urgent: boolean; gzip: boolean; fileName: string }
  | { kind: 'refused'; fault: string; fileName: string }
  | { kind: 'ignored' };

/** Reads `[location/][urgent/]….csv[.gz]`; every other name is ignored, a region that is none of ours is refused. */
export function dropPath(name: string): DropPath {
  if (!/\.csv(?:\.gz)?$/.test(name)) return { kind: 'ignored' };
  const segments = name.split('/');
  const fileName = segments.at(-1) ?? name;
  const first = segments.length > 1 ? (segments[0] ?? '') : '';
  const location = parseLocation(first);
  const allowed = LOCATIONS.join(', ');
  if (location === null && looksLikeRegion(first)) {
    return { kind: 'refused', fault: `Product Search is not served in ${first}; use one of ${allowed}`, fileName };
  }
  const folders = segments.slice(location === null ? 0 : 1, -1);
  const urgent = folders[0] === 'urgent';
  if (urgent && location === null && looksLikeRegion(folders[1] ?? '')) {
    return { kind: 'refused', fault: `the location comes first: ${folders[1]}/urgent/${fileName}`, fileName };
  }
  return { kind: 'csv', ...(location && { location }), urgent, gzip: name.endsWith('.gz'), fileName };
}

/** The request id of a dropped CSV: the same for every delivery of one generation, another for any other. */
export function importRequestId(bucket: string, name: string, generation: string): string {
  return `imp-${sha256(JSON.stringify([bucket, name, generation])).slice(0, 32)}`;
}

/**
 * The request id of a command: `cmd-X` for a given `requestId` X, else `cmd-m` and the 64 hex digits of the message
 * id's SHA-256. A given X has at most 64 characters and the derived one 65, so that neither can be the other.
 */
export function commandRequestId(source: { requestId?: string; messageId: string }): string {
  return source.requestId === undefined ? `cmd-m${sha256(source.messageId)}` : `cmd-${source.requestId}`;
}

/** The id of a merged import. */
export function batchId(nonce: string): string {
  return `bat-${sha256(nonce).slice(0, 32)}`;
}

/** Whether the text is written like a request id that `importRequestId` or `commandRequestId` gives. */
export function isRequestId(text: string): boolean {
  return /^(?:(?:imp|bat)-[0-9a-f]{32}|cmd-m[0-9a-f]{64}|cmd-[A-Za-z0-9_-]{1,64})$/.test(text);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/**
 * Whether the whole id matches the glob; `*` is any run of characters, `?` one character, nothing else is special.
 * Goes back to the last star only, so that no glob takes more than its length times the id's length in steps.
 */
export function matchesGlob(glob: string, id: string): boolean {
  const [pattern, text] = [[...glob], [...id]];
  let [at, next, star, mark] = [0, 0, -1, 0];
  while (at < text.length) {
    if (pattern[next] === '*') {
      star = next++;
      mark = at;
    } else if (pattern[next] === '?' || pattern[next] === text[at]) {
      next++;
      at++;
    } else if (star >= 0) {
      next = star + 1;
      at = ++mark;
    } else return false;
  }
  return pattern.slice(next).every((character) => character === '*');
}
