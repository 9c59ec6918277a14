/** The system that the environment names: the local one after `source .local/env`, else the project's, with default credentials. */
import { createObjectStore } from '../shared/clients/objectStore';
import { createPublisher } from '../shared/clients/publisher';
import { type Config, loadConfig } from '../shared/config';
import { ConfigurationError } from '../shared/core/errors';
import { createRecords } from '../shared/ledger/records';
import { type Terminal, UsageError } from './terminal';

/** The names that `npm start` gives its buckets; elsewhere the names of buckets are everybody's own. */
const LOCAL_BUCKETS = { INTAKE_BUCKET: 'product-search-intake', STATE_BUCKET: 'product-search-state' };

/** Throws `UsageError` where the environment names no system. */
export function configOf(env: Terminal['env']): Config {
  const defaults = env.STORAGE_EMULATOR_HOST ? LOCAL_BUCKETS : {};
  try {
    return loadConfig({ ...defaults, ...env });
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    const hint = 'source .local/env names the local system; a deployed one has the names that Terraform put out';
    throw new UsageError(`${error.message} (${hint})`, { cause: error });
  }
}

/** Its ledger and its commands topic. `close` ends the connections, so that the program can end. */
export function connectSystem(env: Terminal['env']) {
  const config = configOf(env);
  const { projectId } = config;
  const objects = createObjectStore({ projectId, apiEndpoint: config.storageHost });
  const publisher = createPublisher({ projectId, emulatorHost: config.pubsubHost });
  const entropy = { nonce: () => crypto.randomUUID().replaceAll('-', '') };
  const records = createRecords({ objects, entropy }, config.stateBucket);
  return { config, objects, publisher, records, entropy, close: () => publisher.close() };
}

export type System = ReturnType<typeof connectSystem>;

/** Runs with a system, and ends its connections whatever comes. */
export async function withSystem<T>(env: Terminal['env'], act: (system: System) => Promise<T>): Promise<T> {
  const system = connectSystem(env);
  try {
    return await act(system);
  } finally {
    await system.close();
  }
}
