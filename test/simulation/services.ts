/** The services on their models, and the misfortunes that happen inside them: to operations, lines, indexes, locations. */
import { modelDerivedImages } from '../../local/cloudinary/derivedImages';
import { createCloudinaryModel } from '../../local/cloudinary/model';
import { objectReader } from '../../local/objectReader';
import { createProductSearchModel } from '../../local/productSearch/model';
import type { Observer } from '../../local/productSearch/observer';
import { modelProductSearch } from '../../local/productSearch/port';
import { contentOf } from '../../local/storage/content';
import { createStorageModel } from '../../local/storage/model';
import { modelObjectStore } from '../../local/storage/objectStore';
import { ServiceError, type Status } from '../../shared/core/errors';
import type { ProductSearch } from '../../shared/ports';
import type { Random } from './random';
import type { Timeline } from './timeline';

export const PROJECT = 'local-project';
export const LOCATIONS = ['us-west1', 'europe-west1'] as const;
export const INTAKE = 'product-search-intake';
export const STATE = 'product-search-state';
export const IMAGES = 'product-search-images';
/** Image files that nothing of ours may remove. */
export const FOREIGN_IMAGES = 'somebody-elses-images';

export interface ServiceOptions {
  timeline: Timeline;
  random: Random;
  observer: Observer;
  operationMs: number;
  /** Of the lists of Product Search. */
  pageSize: number;
  /** Calls that Cloudinary takes in an hour. */
  cloudinaryCalls: number;
  note(what: string): void;
}

/** So few that a deletion of everything takes several calls. */
const ORIGINALS_PER_CALL = 3;

export function createServices(options: ServiceOptions) {
  const { timeline, random, observer, operationMs, pageSize, cloudinaryCalls, note } = options;
  const clock = { now: () => timeline.now(), sleep: async () => undefined };
  const storage = createStorageModel({ clock });
  for (const bucket of [INTAKE, STATE, IMAGES, FOREIGN_IMAGES]) storage.insertBucket(bucket);
  const productSearch = createProductSearchModel({
    clock,
    entropy: { nonce: () => random.nonce() },
    objects: objectReader(storage),
    operationMs,
    indexMs: 5_000,
    // Our own limits are watched by a rule; a limit of the service in front of it would hide what breaks ours.
    limits: { importsPerDay: 1e9, managementPerMinute: 1e9, createReferenceImagePerMinute: 1e9 },
    observer,
  });
  const cloudinary = createCloudinaryModel({
    clock,
    entropy: { nonce: () => random.nonce() },
    callsPerWindow: cloudinaryCalls,
    originalsPerCall: ORIGINALS_PER_CALL,
  });
  const outages = new Map<string, Status>();
  const stuck = new Set<string>();
  const forgotten = new Set<string>();

  return {
    clock,
    storage,
    productSearch,
    cloudinary,
    objects: modelObjectStore(storage),
    derivedImages: modelDerivedImages(cloudinary),
    port: troubled(modelProductSearch(productSearch, PROJECT, pageSize), { outages, stuck, forgotten }),

    /** A location answers nothing but this for a while. */
    breakLocation(location: string, status: Status, ms: number): void {
      outages.set(location, status);
      note(`${location} answers ${status} for ${Math.round(ms / 1_000)} s`);
      timeline.after(ms, () => void outages.delete(location));
    },

    endOutages: () => outages.clear(),

    /** From now on the service says that it does not know the operation, whose work goes on. */
    forgetOperation: (id: string) => forgotten.add(id),

    /** From now on the service refuses to delete that product by a call of its own, wherever it is. */
    refuseToDelete(productId: string): void {
      stuck.add(productId);
      note(`${productId} cannot be deleted by a call of its own`);
    },

    /** The generation of the live object, or '' where there is none. */
    generation(bucket: string, name: string): string {
      try {
        return storage.getObject({ bucket, name }).generation;
      } catch {
        return '';
      }
    },

    text(bucket: string, name: string): string {
      return bytesOf(storage, bucket, name)?.toString('utf8') ?? '';
    },

    bytes: (bucket: string, name: string) => bytesOf(storage, bucket, name),

    put(bucket: string, name: string, body: string | Buffer, contentType: string): void {
      storage.insertObject({ bucket, name }, contentOf(Buffer.from(body)), { contentType });
    },

    names(bucket: string, prefix: string): string[] {
      const names: string[] = [];
      let pageToken: string | undefined;
      do {
        const page = storage.listObjects(bucket, { prefix, pageToken });
        names.push(...page.objects.map((object) => object.name));
        pageToken = page.nextPageToken;
      } while (pageToken !== undefined);
      return names;
    },
  };
}

export type Services = ReturnType<typeof createServices>;

function bytesOf(storage: ReturnType<typeof createStorageModel>, bucket: string, name: string): Buffer | null {
  try {
    return Buffer.concat(storage.getObject({ bucket, name }).content.chunks);
  } catch {
    return null;
  }
}

interface Trouble {
  outages: ReadonlyMap<string, Status>;
  stuck: ReadonlySet<string>;
  forgotten: ReadonlySet<string>;
}

/** The port, which refuses calls of a location that has an outage and deletes of a product that is stuck. */
function troubled(port: ProductSearch, { outages, stuck, forgotten }: Trouble): ProductSearch {
  return new Proxy(port, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      return async (...parameters: unknown[]) => {
        const first = String(parameters[0]);
        for (const [location, status] of outages) {
          if (first === location || first.includes(`locations/${location}/`)) {
            throw new ServiceError(`productSearch.${String(name)}`, status, `simulated: ${location} is out of order`);
          }
        }
        if (name === 'deleteProduct' && stuck.has(String(parameters[1]))) {
          throw new ServiceError('productSearch.deleteProduct', 'INVALID_ARGUMENT', 'simulated: it stays');
        }
        if (name === 'getOperation' && forgotten.has(first.split('/').at(-1) ?? '')) return null;
        return method.apply(target, parameters);
      };
    },
  });
}
