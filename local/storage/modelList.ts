/** Listing the objects of a bucket: https://cloud.google.com/storage/docs/json_api/v1/objects/list. */
import { invalid } from './modelErrors';
import { matchesGlob } from './modelGlob';
import { compareNames } from './modelNames';
import type { ObjectGeneration } from './modelObject';

export interface ListQuery {
  prefix?: string;
  delimiter?: string;
  /** Names from here on, inclusive. */
  startOffset?: string;
  /** Names before this, exclusive. */
  endOffset?: string;
  /** Objects whose names end in the first delimiter after the prefix appear as objects, too. */
  includeTrailingDelimiter?: boolean;
  matchGlob?: string;
  /** Objects and prefixes together, 1 to 1,000; default and upper limit 1,000. */
  maxResults?: number;
  pageToken?: string;
}

export interface ObjectListing {
  objects: ObjectGeneration[];
  prefixes: string[];
  nextPageToken?: string;
}

export interface NamedObjects {
  /** In the order of UTF-8 bytes. */
  names: readonly string[];
  get(name: string): ObjectGeneration | undefined;
}

/** Where a listing goes on: behind this name, or behind everything that begins with this prefix. */
interface Position {
  kind: 'object' | 'prefix';
  name: string;
}

const MAX_RESULTS = 1000;

/** One page. A token stays good whatever is written or deleted meanwhile: it names the place, not a number. */
export function listObjects(source: NamedObjects, query: ListQuery): ObjectListing {
  const limit = readLimit(query.maxResults);
  const listing: ObjectListing = { objects: [], prefixes: [] };
  let at = firstIndex(source.names, query);
  let last: Position | null = null;
  while (at < source.names.length) {
    const name = source.names[at] ?? '';
    if (isBehindEnd(name, query)) break;
    const position = entryAt(name, query);
    const objects = objectsOf(position, source, query);
    const size = objects.length + (position.kind === 'prefix' ? 1 : 0);
    const count = listing.objects.length + listing.prefixes.length;
    if (last !== null && size > 0 && count + size > limit) return { ...listing, nextPageToken: formatToken(last) };
    listing.objects.push(...objects);
    if (position.kind === 'prefix') listing.prefixes.push(position.name);
    if (size > 0) last = position;
    at = position.kind === 'prefix' ? indexBehind(source.names, position.name) : at + 1;
  }
  return listing;
}

/** What stands in the listing for this name: the object itself, or the prefix that it is rolled up into. */
function entryAt(name: string, query: ListQuery): Position {
  if (query.delimiter === undefined || query.delimiter === '') return { kind: 'object', name };
  const at = name.indexOf(query.delimiter, query.prefix?.length ?? 0);
  if (at < 0) return { kind: 'object', name };
  return { kind: 'prefix', name: name.slice(0, at + query.delimiter.length) };
}

function objectsOf(position: Position, source: NamedObjects, query: ListQuery): ObjectGeneration[] {
  if (position.kind === 'prefix' && query.includeTrailingDelimiter !== true) return [];
  const object = source.get(position.name);
  if (object === undefined) return [];
  return query.matchGlob === undefined || matchesGlob(query.matchGlob, object.name) ? [object] : [];
}

function isBehindEnd(name: string, query: ListQuery): boolean {
  if (!name.startsWith(query.prefix ?? '')) return true;
  return query.endOffset !== undefined && query.endOffset !== '' && compareNames(name, query.endOffset) >= 0;
}

function firstIndex(names: readonly string[], query: ListQuery): number {
  const starts = [lowerBound(names, query.prefix ?? ''), lowerBound(names, query.startOffset ?? '')];
  if (query.pageToken !== undefined && query.pageToken !== '') {
    const position = parseToken(query.pageToken);
    const at = lowerBound(names, position.name);
    const isStillThere = names[at] === position.name;
    starts.push(position.kind === 'prefix' ? indexBehind(names, position.name) : isStillThere ? at + 1 : at);
  }
  return Math.max(...starts);
}

/** The first index whose name does not come before `name`. */
export function lowerBound(names: readonly string[], name: string): number {
  let low = 0;
  let high = names.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareNames(names[middle] ?? '', name) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The first index behind all names that begin with `prefix`. */
function indexBehind(names: readonly string[], prefix: string): number {
  let low = lowerBound(names, prefix);
  let high = names.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (names[middle]?.startsWith(prefix)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function readLimit(maxResults: number | undefined): number {
  if (maxResults === undefined || maxResults === 0) return MAX_RESULTS;
  if (!Number.isInteger(maxResults) || maxResults < 0) throw invalid(`Invalid value for maxResults: '${maxResults}'`);
  return Math.min(maxResults, MAX_RESULTS);
}

function formatToken(position: Position): string {
  return Buffer.from(JSON.stringify([position.kind, position.name])).toString('base64url');
}

function parseToken(token: string): Position {
  try {
    const [kind, name] = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    if ((kind === 'object' || kind === 'prefix') && typeof name === 'string') return { kind, name };
  } catch {}
  throw invalid('Invalid page token.');
}
