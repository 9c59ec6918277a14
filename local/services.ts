/** The local services of one run: their models, wired together, and their servers. */
import { randomUUID } from 'node:crypto';
import type { Clock, Entropy } from '../shared/ports';
import { createCloudinaryModel } from './cloudinary/model';
import { startCloudinaryServer } from './cloudinary/server';
import { LOCAL_ACCOUNT } from './localFiles';
import { objectReader } from './objectReader';
import { createProductSearchModel } from './productSearch/model';
import { startProductSearchServer } from './productSearch/server';
import { createPubsubModel } from './pubsub/model';
import { startPubsubServer } from './pubsub/server';
import type { Settings } from './settings';
import { createStorageModel } from './storage/model';
import { startStorageServer } from './storage/server';

export const IMAGES_BUCKET = 'product-search-images';
export const DEAD_LETTERS = 'product-search-dead-letters';

const CLOCK: Clock = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};
const ENTROPY: Entropy = { nonce: () => randomUUID().replaceAll('-', '') };

/** A port that is in use, by the variable that names it. */
async function named<T>(variable: string, port: number, start: Promise<T>): Promise<T> {
  try {
    return await start;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new Error(`Port ${port} is in use; set ${variable} to another (0 takes a free one)`);
  }
}

/** Starts the services on their ports with the three buckets of the contract. */
export async function startServices(settings: Settings) {
  const { host } = settings;
  const storage = createStorageModel({ clock: CLOCK });
  for (const bucket of [settings.INTAKE_BUCKET, settings.STATE_BUCKET, IMAGES_BUCKET]) {
    storage.insertBucket(bucket);
  }
  const productSearch = createProductSearchModel({
    clock: CLOCK,
    entropy: ENTROPY,
    objects: objectReader(storage),
    operationMs: settings.LOCAL_OPERATION_SECONDS * 1_000,
    indexMs: settings.LOCAL_INDEX_SECONDS * 1_000,
    limits: {
      importsPerDay: settings.LOCAL_IMPORTS_PER_DAY,
      managementPerMinute: settings.LOCAL_CALLS_PER_MINUTE,
      // Half of them may create reference images, as at the service.
      createReferenceImagePerMinute: Math.ceil(settings.LOCAL_CALLS_PER_MINUTE / 2),
    },
  });
  const cloudinary = createCloudinaryModel({
    clock: CLOCK,
    entropy: ENTROPY,
    callsPerWindow: settings.LOCAL_CLOUDINARY_CALLS,
    windowMs: settings.LOCAL_CLOUDINARY_WINDOW_SECONDS * 1_000,
  });
  const { VISION_PORT, STORAGE_PORT, CLOUDINARY_PORT } = settings;
  const servers = {
    storage: await named(
      'STORAGE_PORT',
      STORAGE_PORT,
      startStorageServer({ model: storage, port: STORAGE_PORT, host }),
    ),
    vision: await named(
      'VISION_PORT',
      VISION_PORT,
      startProductSearchServer({ model: productSearch, port: VISION_PORT, host }),
    ),
    cloudinary: await named(
      'CLOUDINARY_PORT',
      CLOUDINARY_PORT,
      startCloudinaryServer({
        model: cloudinary,
        clock: CLOCK,
        port: CLOUDINARY_PORT,
        host,
        credentials: LOCAL_ACCOUNT,
      }),
    ),
  };
  return { storage, productSearch, cloudinary, servers, pubsub: await startPubsub(settings) };
}

/** Another Pub/Sub where the settings name one, which is left alone at the end; else the local service. */
async function startPubsub({ LOCAL_PUBSUB_HOST, PUBSUB_PORT, host }: Settings) {
  if (LOCAL_PUBSUB_HOST !== undefined) return { host: LOCAL_PUBSUB_HOST, close: async () => undefined };
  const model = createPubsubModel({ clock: CLOCK });
  const server = startPubsubServer({ model, port: PUBSUB_PORT, host });
  const { port, close } = await named('PUBSUB_PORT', PUBSUB_PORT, server);
  return { host: `${host}:${port}`, close };
}

export type Services = Awaited<ReturnType<typeof startServices>>;
