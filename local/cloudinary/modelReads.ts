/** The listing endpoints of the Admin API: originals, one original with what is derived of it, transformations, usage. */
import type { Cursors } from './modelCursors';
import { badRequest, notFound } from './modelErrors';
import type { Derived, Resource, Resources } from './modelResources';

export interface PageQuery {
  maxResults?: number;
  nextCursor?: string;
}

export interface ListQuestion extends PageQuery {
  resourceType: string;
  /** Every delivery type where there is none. */
  type?: string;
  prefix?: string;
  tag?: string;
  publicIds?: string[];
}

const DEFAULT_RESULTS = 10;
const MOST_RESULTS = 500;

function pageSize(maxResults = DEFAULT_RESULTS): number {
  if (!Number.isInteger(maxResults) || maxResults < 1 || maxResults > MOST_RESULTS) {
    throw badRequest(`Invalid value for parameter max_results: ${maxResults}; 1 to ${MOST_RESULTS}`);
  }
  return maxResults;
}

function deliveryUrl({ resourceType, type, version, publicId }: Resource, transformation?: string): string {
  const middle = transformation === undefined ? '' : `${transformation}/`;
  return `http://res.cloudinary.com/local/${resourceType}/${type}/${middle}v${version}/${publicId}`;
}

/** A resource as the API lists it. */
export function resourceOnWire(resource: Resource) {
  const { assetId, publicId, resourceType, type, version, bytes, createdAt, tags } = resource;
  return {
    asset_id: assetId,
    public_id: publicId,
    format: 'png',
    version,
    resource_type: resourceType,
    type,
    created_at: createdAt,
    bytes,
    tags: [...tags],
    url: deliveryUrl(resource),
    secure_url: deliveryUrl(resource).replace('http:', 'https:'),
  };
}

export function derivedOnWire(resource: Resource, { id, transformation, format, bytes }: Derived) {
  const url = deliveryUrl(resource, transformation);
  return { id, transformation, format, bytes, url, secure_url: url.replace('http:', 'https:') };
}

export function createReads({ resources, cursors }: { resources: Resources; cursors: Cursors }) {
  /** A page of something that lies in a fixed order. */
  function page<T>(question: unknown, values: Iterable<[number, T]>, query: PageQuery) {
    const key = JSON.stringify(question);
    const after = cursors.open(key, query.nextCursor);
    const size = pageSize(query.maxResults);
    const found: [number, T][] = [];
    for (const [place, value] of values) {
      if (place <= after) continue;
      if (found.length === size) return { found, next: cursors.next(key, found.at(-1)?.[0] ?? after) };
      found.push([place, value]);
    }
    return { found, next: undefined };
  }

  function* matching({ resourceType, type, prefix, tag }: ListQuestion): Generator<[number, Resource]> {
    for (const resource of resources.all()) {
      if (resource.resourceType !== resourceType || (type !== undefined && resource.type !== type)) continue;
      if (tag !== undefined && !resource.tags.has(tag)) continue;
      if (prefix === undefined || resource.publicId.startsWith(prefix)) yield [resource.order, resource];
    }
  }

  function allDerived(): { resource: Resource; derived: Derived }[] {
    return [...resources.all()].flatMap((resource) => resource.derived.map((derived) => ({ resource, derived })));
  }

  return {
    list(question: ListQuestion) {
      const { maxResults, nextCursor, ...asked } = question;
      if (question.prefix !== undefined && question.type === undefined) throw badRequest('prefix needs a type');
      if (question.publicIds !== undefined) {
        const { resourceType, type = 'upload', publicIds } = question;
        const found = publicIds.map((publicId) => resources.get({ resourceType, type, publicId }));
        return { resources: found.filter((one) => one !== undefined).map(resourceOnWire) };
      }
      const { found, next } = page(['list', asked], matching(question), { maxResults, nextCursor });
      return {
        resources: found.map(([, resource]) => resourceOnWire(resource)),
        ...(next ? { next_cursor: next } : {}),
      };
    },

    details(identity: { resourceType: string; type: string; publicId: string }, query: PageQuery) {
      const resource = resources.get(identity);
      if (resource === undefined) throw notFound(`Resource not found - ${identity.publicId}`);
      const places = resource.derived.map((derived, index): [number, Derived] => [index + 1, derived]);
      const { found, next } = page(['details', identity], places, query);
      const derived = found.map(([, each]) => derivedOnWire(resource, each));
      return { ...resourceOnWire(resource), derived, ...(next ? { derived_next_cursor: next } : {}) };
    },

    transformations(query: PageQuery) {
      const names = [...new Set(allDerived().map(({ derived }) => derived.transformation))].sort();
      const places = names.map((name, index): [number, string] => [index + 1, name]);
      const { found, next } = page(['transformations'], places, query);
      const transformations = found.map(([, name]) => ({ name, allowed_for_strict: false, used: true, named: false }));
      return { transformations, ...(next ? { next_cursor: next } : {}) };
    },

    transformation(name: string, query: PageQuery) {
      const users = allDerived().filter(({ derived }) => derived.transformation === name);
      if (users.length === 0) throw notFound(`Transformation not found - ${name}`);
      const places = users.map((user, index): [number, (typeof users)[number]] => [index + 1, user]);
      const { found, next } = page(['transformation', name], places, query);
      const derived = found.map(([, { resource, derived: each }]) => ({
        ...derivedOnWire(resource, each),
        public_id: resource.publicId,
        resource_type: resource.resourceType,
        type: resource.type,
      }));
      return { name, used: true, named: false, derived, ...(next ? { next_cursor: next } : {}) };
    },

    usage() {
      const originals = [...resources.all()];
      const derived = originals.reduce((sum, resource) => sum + resource.derived.length, 0);
      return { plan: 'Local', resources: originals.length, derived_resources: derived };
    },
  };
}
