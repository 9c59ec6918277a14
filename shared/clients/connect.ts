/** The world on the wire: the ports made of the real clients, each connected on first use. */
import { randomUUID } from 'node:crypto';
import type { Config } from '../config';
import type { Clock, Entropy, Log, Ports } from '../ports';
import { createDerivedImages } from './derivedImages';
import { createObjectStore } from './objectStore';
import { createProductSearch } from './productSearch';
import { createPublisher } from './publisher';

const SYSTEM_CLOCK: Clock = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

const SYSTEM_ENTROPY: Entropy = { nonce: () => randomUUID().replaceAll('-', '') };

/** The ports of a deployed function; with the emulator hosts in the configuration, those of the local services. */
export function connect(config: Config, log: Log): Ports {
  const { projectId } = config;
  return {
    clock: SYSTEM_CLOCK,
    entropy: SYSTEM_ENTROPY,
    log,
    objects: createObjectStore({ projectId, apiEndpoint: config.storageHost }),
    productSearch: createProductSearch({ projectId, emulatorHost: config.visionHost }),
    publisher: createPublisher({ projectId, emulatorHost: config.pubsubHost }),
    derivedImages: config.cloudinary && createDerivedImages(config.cloudinary),
  };
}
