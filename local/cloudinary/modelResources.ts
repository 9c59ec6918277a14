/** The originals of a local Cloudinary account and what is derived of them, in the order in which they came. */
import { createHash } from 'node:crypto';
import { badRequest } from './modelErrors';

export interface Derived {
  id: string;
  transformation: string;
  format: string;
  bytes: number;
}

export interface Resource {
  resourceType: string;
  type: string;
  publicId: string;
  assetId: string;
  tags: Set<string>;
  derived: Derived[];
  version: number;
  bytes: number;
  /** RFC 3339. */
  createdAt: string;
  /** Place in the account's order; grows. */
  order: number;
}

export interface Identity {
  resourceType: string;
  type: string;
  publicId: string;
}

export const RESOURCE_TYPES = ['image', 'video', 'raw'];

export function createResources() {
  const byKey = new Map<string, Resource>();
  let order = 0;

  const keyOf = ({ resourceType, type, publicId }: Identity) => `${resourceType}/${type}/${publicId}`;
  const digest = (text: string) => createHash('md5').update(text).digest('hex');

  return {
    get: (identity: Identity) => byKey.get(keyOf(identity)),
    all: () => byKey.values(),
    delete: (identity: Identity) => byKey.delete(keyOf(identity)),

    /** Uploads anew: what was derived of a former version stays until somebody removes it. */
    put(identity: Identity, now: number, bytes: number, tags: readonly string[] = []): Resource {
      if (!RESOURCE_TYPES.includes(identity.resourceType)) {
        throw badRequest(`Invalid resource type ${identity.resourceType}`);
      }
      const existing = byKey.get(keyOf(identity));
      order += existing === undefined ? 1 : 0;
      const resource: Resource = {
        ...identity,
        assetId: existing?.assetId ?? digest(keyOf(identity)),
        tags: new Set([...(existing?.tags ?? []), ...tags]),
        derived: existing?.derived ?? [],
        version: Math.max(Math.floor(now / 1_000), (existing?.version ?? 0) + 1),
        bytes,
        createdAt: existing?.createdAt ?? new Date(now).toISOString(),
        order: existing?.order ?? order,
      };
      byKey.set(keyOf(identity), resource);
      return resource;
    },

    /** Each transformation once: the same again gives what is there. */
    derive(resource: Resource, transformation: string, format = 'png'): Derived {
      const existing = resource.derived.find((each) => each.transformation === transformation);
      if (existing !== undefined) return existing;
      const derived = {
        id: digest(`${keyOf(resource)} ${transformation}`),
        transformation,
        format,
        bytes: Math.ceil(resource.bytes / 2),
      };
      resource.derived.push(derived);
      return derived;
    },
  };
}

export type Resources = ReturnType<typeof createResources>;
