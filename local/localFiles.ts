/** What other terminals and programs need to find the local system: `.local/env`, `.local/boto`, `.local/functions.json`. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

export interface Places {
  consoleUrl: string;
  /** `host:port`. */
  pubsubHost: string;
  storagePort: number;
  visionPort: number;
  cloudinaryPort: number;
  projectId: string;
}

/** The account of the local Cloudinary, as the contract writes it. */
export const LOCAL_ACCOUNT = { cloudName: 'local', key: 'key', secret: 'secret' };

/** The variables of the contract, by name. `boto` is an absolute path. */
export function environmentOf(places: Places, host: string, boto: string): Record<string, string> {
  const pubsub = places.pubsubHost;
  const storage = `http://${host}:${places.storagePort}`;
  const { cloudName, key, secret } = LOCAL_ACCOUNT;
  return {
    CONSOLE_URL: places.consoleUrl,
    PUBSUB_EMULATOR_HOST: pubsub,
    STORAGE_EMULATOR_HOST: storage,
    VISION_EMULATOR_HOST: `${host}:${places.visionPort}`,
    CLOUDINARY_URL: `cloudinary://${key}:${secret}@${cloudName}?upload_prefix=http://${host}:${places.cloudinaryPort}`,
    GOOGLE_CLOUD_PROJECT: places.projectId,
    CLOUDSDK_CORE_PROJECT: places.projectId,
    CLOUDSDK_API_ENDPOINT_OVERRIDES_PUBSUB: `http://${pubsub}/`,
    CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE: `${storage}/`,
    CLOUDSDK_AUTH_DISABLE_CREDENTIALS: 'true',
    METADATA_SERVER_DETECTION: 'none',
    BOTO_CONFIG: boto,
  };
}

function quoted(value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`;
}

/** The path as a shell takes it for one word; quotes only where it needs them. */
export function shellWord(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : quoted(path);
}

/** Writes whole files only: a reader never sees half of one. */
function writeWhole(path: string, text: string): void {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}

export function createLocalFiles(directory: string) {
  const folder = resolve(directory);
  mkdirSync(folder, { recursive: true });
  return {
    folder,
    boto: resolve(folder, 'boto'),

    writeEnvironment(environment: Record<string, string>): void {
      writeWhole(resolve(folder, 'boto'), '[GSUtil]\nuse_gcloud_storage = True\n');
      const lines = Object.entries(environment).map(([name, value]) => `export ${name}=${quoted(value)}\n`);
      writeWhole(resolve(folder, 'env'), lines.join(''));
    },

    writeFunctions(functions: Record<string, { url: string; pid: number }>): void {
      writeWhole(resolve(folder, 'functions.json'), `${JSON.stringify(functions, null, 2)}\n`);
    },
  };
}
