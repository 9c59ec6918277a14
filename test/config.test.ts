import { loadConfig } from '../shared/config';
import { ConfigurationError } from '../shared/core/errors';

const LEAST = {
  GOOGLE_CLOUD_PROJECT: 'my-project',
  INTAKE_BUCKET: 'my-intake',
  STATE_BUCKET: 'my-state',
};

function faultsOf(environment: Record<string, string | undefined>): readonly string[] {
  try {
    loadConfig({ ...LEAST, ...environment });
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.faults;
    throw error;
  }
}

describe('the configuration', () => {
  it('needs three variables; the rest is as the contract says', () => {
    expect(loadConfig(LEAST)).toMatchObject({
      projectId: 'my-project',
      intakeBucket: 'my-intake',
      stateBucket: 'my-state',
      removableImages: [],
      location: 'us-west1',
      commandsTopic: 'product-search-commands',
      eventsTopic: 'product-search-events',
      continuationsTopic: 'product-search-continuations',
      onInvalidLines: 'skip',
      assignImageIds: true,
      maxGzBytes: 1024 ** 3,
      purgeMaxProducts: 10_000,
      maxProductsCeiling: 1_000_000,
      protectedProductSets: [],
      allowedCommands: [],
      importsPerDay: 120,
      giveUpMs: 24 * 3_600_000,
      startSettleMs: 1_800_000,
      leaseMs: 60_000,
    });
  });

  it('takes an empty variable for one that is not set', () => {
    const empty = { IMPORTS_PER_DAY: '', ON_INVALID_LINES: '', PRODUCT_SEARCH_LOCATION: '', COMMANDS_SUBSCRIPTION: '' };

    expect(loadConfig({ ...LEAST, ...empty })).toEqual(loadConfig(LEAST));
  });

  it('reads lists with blanks and empty parts, and units as they are named', () => {
    const config = loadConfig({
      ...LEAST,
      REMOVABLE_IMAGES: ' gs://a/x/ , gs://b/,, ',
      PROTECTED_PRODUCT_SETS: 'live-*',
      ASSIGN_IMAGE_IDS: 'false',
      REQUEST_GIVE_UP_HOURS: '0.5',
      START_SETTLE_SECONDS: '0',
      PRODUCT_SEARCH_LOCATION: 'eu-west1',
    });

    expect(config).toMatchObject({
      removableImages: ['gs://a/x/', 'gs://b/'],
      protectedProductSets: ['live-*'],
      assignImageIds: false,
      giveUpMs: 1_800_000,
      startSettleMs: 0,
      location: 'europe-west1',
    });
  });

  it('cannot be changed', () => {
    expect(Object.isFrozen(loadConfig(LEAST))).toBe(true);
  });

  it.each<[string, Record<string, string | undefined>]>([
    ['GOOGLE_CLOUD_PROJECT', { GOOGLE_CLOUD_PROJECT: undefined }],
    ['INTAKE_BUCKET', { INTAKE_BUCKET: '' }],
    ['STATE_BUCKET', { STATE_BUCKET: 'Not A Bucket' }],
    ['STATE_BUCKET', { STATE_BUCKET: 'gs://my-state' }],
    ['STATE_BUCKET must not be the intake bucket', { STATE_BUCKET: 'my-intake' }],
    ['REMOVABLE_IMAGES must be a list', { REMOVABLE_IMAGES: 'my-images' }],
    ['REMOVABLE_IMAGES must be a list', { REMOVABLE_IMAGES: 'gs://my-images' }],
    ['REMOVABLE_IMAGES must not lie in the intake or state bucket', { REMOVABLE_IMAGES: 'gs://a/,gs://my-intake/x/' }],
    ['REMOVABLE_IMAGES must not lie in the intake or state bucket', { REMOVABLE_IMAGES: 'gs://my-state/' }],
    ['PRODUCT_SEARCH_LOCATION', { PRODUCT_SEARCH_LOCATION: 'us-central1' }],
    ['COMMANDS_TOPIC', { COMMANDS_TOPIC: 'x' }],
    ['ON_INVALID_LINES', { ON_INVALID_LINES: 'ignore' }],
    ['ASSIGN_IMAGE_IDS', { ASSIGN_IMAGE_IDS: 'yes' }],
    ['IMPORTS_PER_DAY', { IMPORTS_PER_DAY: '0' }],
    ['IMPORTS_PER_DAY', { IMPORTS_PER_DAY: 'many' }],
    ['MAX_GZ_BYTES', { MAX_GZ_BYTES: '1.5' }],
    ['LEASE_SECONDS', { LEASE_SECONDS: '29' }],
    ['REQUEST_GIVE_UP_HOURS', { REQUEST_GIVE_UP_HOURS: '0' }],
    ['CLOUDINARY_URL must be cloudinary://KEY:SECRET@CLOUD', { CLOUDINARY_URL: 'https://api.cloudinary.com' }],
    ['CLOUDINARY_URL must have an upload_prefix', { CLOUDINARY_URL: 'cloudinary://k:s@c?upload_prefix=http://a.b' }],
    ['DERIVED_CALLS_RESERVE', { DERIVED_CALLS_RESERVE: '-1' }],
    ['DERIVED_PUBLIC_ID must hold', { DERIVED_PUBLIC_ID: '{path}' }],
    ['PURGE_MAX_PRODUCTS must not be above', { PURGE_MAX_PRODUCTS: '11', MAX_PRODUCTS_CEILING: '10' }],
  ])('is refused where %s is wrong: %j', (fault, environment) => {
    const faults = faultsOf(environment);

    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(new RegExp(`^${fault}`));
  });

  it('is refused with every fault at once and no value of any', () => {
    const faults = faultsOf({
      INTAKE_BUCKET: undefined,
      ON_INVALID_LINES: 's3cret',
      MAX_GZ_BYTES: 's3cret',
      REQUEST_GIVE_UP_HOURS: 's3cret',
      PRODUCT_SEARCH_LOCATION: 's3cret',
      STATE_BUCKET: 'S3CRET',
    });

    expect(faults).toHaveLength(6);
    expect(faults.join(' ')).not.toMatch(/s3cret/i);
  });
});
