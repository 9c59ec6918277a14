/** A Cloudinary account in memory: its originals, what is derived of them, and the Admin API's rules and limits. */
import { ORIGINALS_PER_CALL } from '../../shared/core/derivedDeletion';
import type { Clock, Entropy } from '../../shared/ports';
import { createCursors } from './modelCursors';
import { createDeletions } from './modelDeletions';
import { createQuota } from './modelQuota';
import { createReads, derivedOnWire, resourceOnWire } from './modelReads';
import { createResources, type Identity, type Resource } from './modelResources';

export interface CloudinaryModelOptions {
  clock: Clock;
  entropy: Entropy;
  /** Admin calls in a window; default 500, as on the free plan (support.cloudinary.com, 202520892). */
  callsPerWindow?: number;
  /** Default an hour. */
  windowMs?: number;
  /** Originals that one deletion by prefix, tag or all takes; default 1,000. */
  originalsPerCall?: number;
}

export interface Upload extends Identity {
  /** Empty: one is made up. */
  publicId: string;
  folder?: string;
  bytes?: number;
  tags?: readonly string[];
  /** Transformations to make at once. */
  eager?: readonly string[];
}

const CALLS_PER_HOUR = 500;
const HOUR_MS = 3_600_000;
const SAMPLE_BYTES = 1_000;
const MADE_UP_LENGTH = 20;

export function createCloudinaryModel(options: CloudinaryModelOptions) {
  const { clock, entropy, callsPerWindow = CALLS_PER_HOUR, windowMs = HOUR_MS } = options;
  const resources = createResources();
  const cursors = createCursors(entropy);
  const quota = createQuota(clock, callsPerWindow, windowMs);
  const originalsPerCall = options.originalsPerCall ?? ORIGINALS_PER_CALL;
  const deletions = createDeletions({ clock, resources, cursors, originalsPerCall });

  function uploaded(resource: Resource, eager: readonly string[]) {
    const made = eager.map((transformation) => resources.derive(resource, transformation));
    return { ...resourceOnWire(resource), eager: made.map((each) => derivedOnWire(resource, each)) };
  }

  return {
    ...createReads({ resources, cursors }),
    ...deletions,
    quota,
    /** As if their time were over. */
    forgetCursors: cursors.forget,

    /** Makes or replaces an original. */
    upload({ bytes = SAMPLE_BYTES, tags, eager = [], folder = '', ...identity }: Upload) {
      const name = identity.publicId || entropy.nonce().slice(0, MADE_UP_LENGTH);
      const publicId = folder === '' ? name : `${folder}/${name}`;
      return uploaded(resources.put({ ...identity, publicId }, clock.now(), bytes, tags), eager);
    },

    /** Makes what is derived of an original; one of another network is fetched on the way. */
    explicit({ tags = [], eager = [], ...identity }: Upload) {
      const resource = resources.get(identity) ?? resources.put(identity, clock.now(), SAMPLE_BYTES);
      for (const tag of tags) resource.tags.add(tag);
      return uploaded(resource, eager);
    },
  };
}

export type CloudinaryModel = ReturnType<typeof createCloudinaryModel>;
