/**
 * The deletion endpoints of the Admin API, by the rules of its documentation. Where that is silent the worst is assumed:
 * an empty prefix matches everything, and empty transformations are none, so that the originals go.
 */
import { IDS_PER_CALL } from '../../shared/core/derivedDeletion';
import type { Clock } from '../../shared/ports';
import type { Cursors } from './modelCursors';
import { badRequest, notFound } from './modelErrors';
import type { Resource, Resources } from './modelResources';

/** What a request says, as it says it: a parameter that is not there is undefined. */
export interface DeletionQuestion {
  resourceType: string;
  type: string;
  publicIds?: string[];
  assetIds?: string[];
  prefix?: string;
  tag?: string;
  all?: boolean;
  keepOriginal?: boolean;
  invalidate?: boolean;
  /** Separated by `|`. */
  transformations?: string;
  nextCursor?: string;
}

export interface DeletionAnswer {
  deleted: Record<string, string>;
  deleted_counts: Record<string, { original: number; derived: number }>;
  partial: boolean;
  next_cursor?: string;
}

/** A request to the delivery network to forget its copies. */
export interface Invalidation {
  publicId: string;
  type: string;
  /** RFC 3339. */
  at: string;
}

export interface DeletionDeps {
  clock: Clock;
  resources: Resources;
  cursors: Cursors;
  originalsPerCall: number;
}

const TRANSFORMATION_LIMIT = 1_000;

export function createDeletions({ clock, resources, cursors, originalsPerCall }: DeletionDeps) {
  const invalidations: Invalidation[] = [];

  function invalidate({ publicId, type }: Resource): void {
    invalidations.push({ publicId, type, at: new Date(clock.now()).toISOString() });
  }

  function remove(resource: Resource, question: DeletionQuestion): { original: number; derived: number } {
    const only = question.transformations ? question.transformations.split('|') : undefined;
    const goes = (transformation: string) => only === undefined || only.includes(transformation);
    const kept = resource.derived.filter((each) => !goes(each.transformation));
    const derived = resource.derived.length - kept.length;
    resource.derived = kept;
    const original = question.keepOriginal === true || only !== undefined ? 0 : 1;
    if (original === 1) resources.delete(resource);
    if (question.invalidate === true && original + derived > 0) invalidate(resource);
    return { original, derived };
  }

  function deleteByIds(question: DeletionQuestion, ids: string[], find: (id: string) => Resource | undefined) {
    if (ids.length > IDS_PER_CALL) throw badRequest(`Too many ids: ${ids.length}, at most ${IDS_PER_CALL}`);
    const answer: DeletionAnswer = { deleted: {}, deleted_counts: {}, partial: false };
    for (const id of ids) {
      const resource = find(id);
      answer.deleted[id] = resource === undefined ? 'not_found' : 'deleted';
      answer.deleted_counts[id] = resource === undefined ? { original: 0, derived: 0 } : remove(resource, question);
    }
    return answer;
  }

  function matches(resource: Resource, { resourceType, type, prefix, tag }: DeletionQuestion): boolean {
    if (resource.resourceType !== resourceType) return false;
    if (tag !== undefined) return resource.tags.has(tag);
    return resource.type === type && (prefix === undefined || resource.publicId.startsWith(prefix));
  }

  function deleteMatching(question: DeletionQuestion): DeletionAnswer {
    const { nextCursor, ...asked } = question;
    const key = JSON.stringify(['delete', asked]);
    const after = cursors.open(key, nextCursor);
    const page: Resource[] = [];
    let more = false;
    for (const resource of resources.all()) {
      if (resource.order <= after || !matches(resource, question)) continue;
      more = page.length === originalsPerCall;
      if (more) break;
      page.push(resource);
    }
    const answer: DeletionAnswer = { deleted: {}, deleted_counts: {}, partial: more };
    for (const resource of page) {
      answer.deleted[resource.publicId] = 'deleted';
      answer.deleted_counts[resource.publicId] = remove(resource, question);
    }
    if (more) answer.next_cursor = cursors.next(key, page.at(-1)?.order ?? after);
    return answer;
  }

  return {
    invalidations,

    deleteResources(question: DeletionQuestion): DeletionAnswer {
      const { resourceType, type, publicIds, assetIds, prefix, tag, all } = question;
      if (assetIds !== undefined) {
        const byAsset = new Map([...resources.all()].map((resource) => [resource.assetId, resource]));
        return deleteByIds(question, assetIds, (id) => byAsset.get(id));
      }
      if (publicIds !== undefined) {
        return deleteByIds(question, publicIds, (publicId) => resources.get({ resourceType, type, publicId }));
      }
      if (prefix === undefined && tag === undefined && all !== true) {
        throw badRequest('Missing required parameter - public_ids');
      }
      return deleteMatching(question);
    },

    deleteDerived(ids: string[], wantsInvalidation: boolean): { deleted: Record<string, string> } {
      if (ids.length === 0) throw badRequest('Missing required parameter - derived_resource_ids');
      if (ids.length > IDS_PER_CALL) throw badRequest(`Too many ids: ${ids.length}, at most ${IDS_PER_CALL}`);
      const wanted = new Set(ids);
      const deleted = Object.fromEntries(ids.map((id) => [id, 'not_found']));
      for (const resource of resources.all()) {
        const going = resource.derived.filter(({ id }) => wanted.has(id));
        if (going.length === 0) continue;
        for (const { id } of going) deleted[id] = 'deleted';
        resource.derived = resource.derived.filter(({ id }) => !wanted.has(id));
        if (wantsInvalidation) invalidate(resource);
      }
      return { deleted };
    },

    deleteTransformation(transformation: string, wantsInvalidation: boolean): { message: string } {
      const users = [...resources.all()].filter(({ derived }) =>
        derived.some((each) => each.transformation === transformation),
      );
      if (users.length === 0) throw notFound(`Transformation not found - ${transformation}`);
      if (users.length > TRANSFORMATION_LIMIT) throw badRequest('Too many derived resources of the transformation');
      for (const resource of users) {
        resource.derived = resource.derived.filter((each) => each.transformation !== transformation);
        if (wantsInvalidation) invalidate(resource);
      }
      return { message: 'deleted' };
    },

    /** The Upload API's own deletion of one original with all that is derived of it. */
    destroy(identity: { resourceType: string; type: string; publicId: string }, wantsInvalidation: boolean) {
      const resource = resources.get(identity);
      if (resource === undefined) return { result: 'not found' };
      remove(resource, { ...identity, invalidate: wantsInvalidation });
      return { result: 'ok' };
    },
  };
}
