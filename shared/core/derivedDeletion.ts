/**
 * One deletion at Cloudinary as it goes over the wire. What could take more than was asked for is refused here, before
 * anything is sent: an empty list or prefix, an empty transformation, originals that nobody gave up by name. Pure.
 */

/** What a deletion is about; exactly one of them. */
export type DerivedSelector = { publicIds: readonly string[] } | { prefix: string } | { tag: string } | { all: true };

export interface DerivedTarget {
  /** `image`, `video` or `raw`. */
  resourceType: string;
  /** The delivery type: `upload`, `fetch`, `facebook` … By tag the service takes every delivery type. */
  type: string;
  select: DerivedSelector;
}

export interface DerivedDeletion extends DerivedTarget {
  /** false deletes the originals, with everything derived of them. */
  keepOriginal: boolean;
  /** Asks for the copies of the delivery network to go, too. */
  invalidate: boolean;
  /** Only derived resources of these transformations; the originals stay. */
  transformations?: readonly string[];
  /** Where the page before this one ended. */
  cursor?: string;
}

/** Ids in one call (https://cloudinary.com/documentation/admin_api#delete_resources). */
export const IDS_PER_CALL = 100;
/** Originals that one call by prefix, tag or all takes at most; the answer is partial where there are more. */
export const ORIGINALS_PER_CALL = 1_000;

export interface WireCall {
  /** Segments below the cloud's name, not encoded yet. */
  path: string[];
  fields: [string, string][];
}

/** Throws `TypeError` for a deletion that could take more than it says. */
export function deletionCall(deletion: DerivedDeletion): WireCall {
  const { resourceType, keepOriginal, invalidate, transformations, cursor } = deletion;
  if (typeof keepOriginal !== 'boolean') throw unsafe('keepOriginal must be true or false');
  const { path, fields } = targetCall(deletion);
  filled('the resource type', resourceType);
  if (path.some(isRelative)) throw unsafe('a part of the path is "." or ".."');
  if (keepOriginal) fields.push(['keep_original', 'true']);
  if (transformations !== undefined) fields.push(['transformations', transformationsField(deletion)]);
  if (invalidate) fields.push(['invalidate', 'true']);
  if (cursor !== undefined) fields.push(['next_cursor', filled('the cursor', cursor)]);
  return { path, fields };
}

function targetCall({ resourceType, type, select }: DerivedTarget): WireCall {
  const given = Object.keys(select);
  if (given.length !== 1) throw unsafe(`exactly one selector must be given, not ${given.join(', ') || 'none'}`);
  const path = ['resources', resourceType, filled('the delivery type', type)];
  if ('publicIds' in select) return { path, fields: idFields(select.publicIds) };
  if ('prefix' in select) return { path, fields: [['prefix', filled('the prefix', select.prefix)]] };
  if ('tag' in select) return { path: ['resources', resourceType, 'tags', filled('the tag', select.tag)], fields: [] };
  if (select.all !== true) throw unsafe('all must be true');
  return { path, fields: [['all', 'true']] };
}

function idFields(publicIds: readonly string[]): [string, string][] {
  if (publicIds.length === 0) throw unsafe('the list of public ids is empty');
  if (publicIds.length > IDS_PER_CALL) throw unsafe(`${publicIds.length} public ids do not go into one call`);
  return publicIds.map((id) => ['public_ids[]', filled('a public id', id)]);
}

/** The service joins them by `|`; an empty one might stand for every transformation, or for none. */
function transformationsField({ transformations = [], keepOriginal }: DerivedDeletion): string {
  if (!keepOriginal) throw unsafe('transformations and keepOriginal: false contradict each other');
  if (transformations.length === 0) throw unsafe('the list of transformations is empty');
  for (const each of transformations) {
    if (typeof each !== 'string' || isBlankTransformation(each)) throw unsafe('a transformation is empty');
  }
  return transformations.join('|');
}

/** A segment that would lead to another path than it is written in. */
export function isRelative(segment: string): boolean {
  return segment === '.' || segment === '..';
}

/** Whether a part of it is empty: `|` separates transformations. */
export function isBlankTransformation(transformation: string): boolean {
  return transformation.split('|').some((part) => part.trim() === '');
}

function filled(what: string, value: string): string {
  if (typeof value !== 'string' || value.trim() === '') throw unsafe(`${what} is empty`);
  return value;
}

function unsafe(message: string): TypeError {
  return new TypeError(`unsafe deletion, nothing was sent: ${message}`);
}
