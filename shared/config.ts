/** The configuration of the functions: read once from the environment, every fault reported at once, no value shown. */
import { z } from 'zod';
import { readCloudinaryUrl } from './core/cloudinaryAccount';
import { COMMAND_NAMES } from './core/command';
import { DEFAULT_TEMPLATE, templateFault } from './core/derivedPublicId';
import { ConfigurationError } from './core/errors';
import { parseLocation } from './core/names';
import { SIZES } from './core/sizes';

const HOUR_SECONDS = 3_600;

function whole(fallback: number, least = 1) {
  return z.coerce
    .number({ error: 'must be a whole number' })
    .int('must be a whole number')
    .min(least, `must be at least ${least}`)
    .default(fallback);
}

function list() {
  return z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    );
}

const bucket = z
  .string({ error: 'is required' })
  .regex(/^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/, 'must be a bucket name');
const topic = (fallback: string) => z.string().min(3, 'must be a bare topic id').default(fallback);

const Environment = z.object({
  GOOGLE_CLOUD_PROJECT: z.string({ error: 'is required' }).min(1, 'is required'),
  INTAKE_BUCKET: bucket,
  STATE_BUCKET: bucket,
  /** `gs://bucket/prefix/` list; empty means that no image file is ever removed. */
  REMOVABLE_IMAGES: list(),
  PRODUCT_SEARCH_LOCATION: z
    .string()
    .default('us-west1')
    .transform((text, context) => {
      const location = parseLocation(text);
      if (location !== null) return location;
      context.addIssue({ code: 'custom', message: 'must be us-west1, us-east1, europe-west1 or asia-east1' });
      return z.NEVER;
    }),
  COMMANDS_TOPIC: topic('product-search-commands'),
  EVENTS_TOPIC: topic('product-search-events'),
  CONTINUATIONS_TOPIC: topic('product-search-continuations'),
  /** The push subscriptions by their bare ids; without them, any subscription that is named after its topic. */
  COMMANDS_SUBSCRIPTION: z.string().optional(),
  CONTINUATIONS_SUBSCRIPTION: z.string().optional(),
  ON_INVALID_LINES: z.enum(['skip', 'reject'], { error: 'must be skip or reject' }).default('skip'),
  ASSIGN_IMAGE_IDS: z.enum(['true', 'false'], { error: 'must be true or false' }).default('true'),
  /** What a dropped .csv.gz may unpack to, bytes. */
  MAX_GZ_BYTES: whole(1024 ** 3),
  /** Blank and invalid lines that a CSV may have; a spreadsheet that is saved with all its empty rows has 1,048,576. */
  MAX_SKIPPED_LINES: whole(2_000_000),
  /** More product sets than this for one product of a CSV are warned of: the quota page says 5, the API's proto 100. */
  MAX_SETS_PER_PRODUCT: whole(5),
  PURGE_MAX_PRODUCTS: whole(10_000),
  MAX_PRODUCTS_CEILING: whole(1_000_000),
  /** Globs of product set ids. */
  PROTECTED_PRODUCT_SETS: list(),
  /** Commands that messages may ask for; empty means all. */
  ALLOWED_COMMANDS: list(),
  /** A restore of fewer images than this makes them by calls; from here on it may use imports, a slot for 20,000. */
  RESTORE_IMPORT_LINES: whole(5_000),
  IMPORTS_PER_DAY: whole(120),
  /** Management calls of all instances together, as the project's quota allows. */
  MANAGEMENT_CALLS_PER_MINUTE: whole(2_400, 10),
  /** Where the lists of product ids (`listUri`) may lie beside the intake bucket: `gs://bucket/prefix/` list. */
  LIST_SOURCES: list(),
  /** Slots of the day that are kept for files under `urgent/`; by default a twelfth, at most 10. */
  IMPORT_RESERVE: z.coerce.number({ error: 'must be a whole number' }).int().min(0).optional(),
  /** How long a fault is retried before a request ends as failed. Waiting for quota or claims does not count. */
  REQUEST_GIVE_UP_HOURS: z.coerce.number().positive('must be more than 0').default(24),
  /** How long a claim outlives a request whose operation may still be running. */
  START_SETTLE_SECONDS: whole(HOUR_SECONDS / 2, 0),
  /** How often a changed product set is looked at until its index is newer. A call each. */
  INDEX_WATCH_SECONDS: whole(HOUR_SECONDS),
  /** Image files that are named by a snapshot younger than this are in use. */
  SNAPSHOT_DAYS: whole(30, 0),
  /** How long an invocation owns a request without renewing. A shorter lease is taken over sooner after a crash. */
  LEASE_SECONDS: whole(60, 30),
  /** How long one invocation works before it goes on in another; well below the functions' timeout. */
  INVOCATION_SECONDS: whole(240),
  /** `cloudinary://KEY:SECRET@CLOUD`; without it no derived images are cleaned. */
  CLOUDINARY_URL: z
    .string()
    .transform((text, context) => {
      const account = readCloudinaryUrl(text);
      if (typeof account !== 'string') return account;
      context.addIssue({ code: 'custom', message: account });
      return z.NEVER;
    })
    .optional(),
  /** Calls of each hour that are left for others; by default a tenth of the account's limit. */
  DERIVED_CALLS_RESERVE: z.coerce.number({ error: 'must be a whole number' }).int().min(0).optional(),
  /** Which Cloudinary resource belongs to an image file: a template, or `fetch`. */
  DERIVED_PUBLIC_ID: z
    .string()
    .default(DEFAULT_TEMPLATE)
    .superRefine((text, context) => {
      const fault = templateFault(text);
      if (fault !== null) context.addIssue({ code: 'custom', message: fault });
    }),
  /** `host:port` of a Product Search service on plain gRPC, for local use. */
  VISION_EMULATOR_HOST: z.string().optional(),
  STORAGE_EMULATOR_HOST: z.string().optional(),
  PUBSUB_EMULATOR_HOST: z.string().optional(),
});

/** Every variable that is read, by name. */
export const VARIABLES: readonly string[] = Object.keys(Environment.shape);

function read(env: NodeJS.ProcessEnv) {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = Environment.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new ConfigurationError(parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`));
}

function faultsBetween(values: ReturnType<typeof read>): string[] {
  const faults: string[] = [];
  if (values.INTAKE_BUCKET === values.STATE_BUCKET) faults.push('STATE_BUCKET must not be the intake bucket');
  for (const prefix of values.REMOVABLE_IMAGES) {
    const bucketOfPrefix = /^gs:\/\/([^/]+)\//.exec(prefix)?.[1];
    if (bucketOfPrefix === undefined) faults.push('REMOVABLE_IMAGES must be a list of gs://bucket/prefix/');
    if (bucketOfPrefix === values.INTAKE_BUCKET || bucketOfPrefix === values.STATE_BUCKET) {
      faults.push('REMOVABLE_IMAGES must not lie in the intake or state bucket');
    }
  }
  if ((values.IMPORT_RESERVE ?? 0) >= values.IMPORTS_PER_DAY) {
    faults.push('IMPORT_RESERVE must be below IMPORTS_PER_DAY, or no file could ever be imported');
  }
  for (const name of values.ALLOWED_COMMANDS) {
    if (!COMMAND_NAMES.some((known) => known === name))
      faults.push(`ALLOWED_COMMANDS must be of ${COMMAND_NAMES.join(', ')}`);
  }
  if (values.PURGE_MAX_PRODUCTS > values.MAX_PRODUCTS_CEILING) {
    faults.push('PURGE_MAX_PRODUCTS must not be above MAX_PRODUCTS_CEILING');
  }
  return faults;
}

/** Reads the environment. Throws `ConfigurationError` with every fault, by variable. */
export function loadConfig(env: NodeJS.ProcessEnv) {
  const values = read(env);
  const faults = faultsBetween(values);
  if (faults.length > 0) throw new ConfigurationError(faults);
  return Object.freeze({
    projectId: values.GOOGLE_CLOUD_PROJECT,
    intakeBucket: values.INTAKE_BUCKET,
    stateBucket: values.STATE_BUCKET,
    removableImages: values.REMOVABLE_IMAGES,
    location: values.PRODUCT_SEARCH_LOCATION,
    commandsTopic: values.COMMANDS_TOPIC,
    eventsTopic: values.EVENTS_TOPIC,
    continuationsTopic: values.CONTINUATIONS_TOPIC,
    commandsSubscription: values.COMMANDS_SUBSCRIPTION,
    continuationsSubscription: values.CONTINUATIONS_SUBSCRIPTION,
    onInvalidLines: values.ON_INVALID_LINES,
    assignImageIds: values.ASSIGN_IMAGE_IDS === 'true',
    maxGzBytes: values.MAX_GZ_BYTES,
    maxSkippedLines: values.MAX_SKIPPED_LINES,
    maxSetsPerProduct: values.MAX_SETS_PER_PRODUCT,
    purgeMaxProducts: values.PURGE_MAX_PRODUCTS,
    maxProductsCeiling: values.MAX_PRODUCTS_CEILING,
    protectedProductSets: values.PROTECTED_PRODUCT_SETS,
    allowedCommands: values.ALLOWED_COMMANDS,
    restoreImportLines: values.RESTORE_IMPORT_LINES,
    importsPerDay: values.IMPORTS_PER_DAY,
    managementCallsPerMinute: values.MANAGEMENT_CALLS_PER_MINUTE,
    listSources: values.LIST_SOURCES,
    importReserve: values.IMPORT_RESERVE ?? Math.min(10, Math.floor(values.IMPORTS_PER_DAY / 12)),
    giveUpMs: values.REQUEST_GIVE_UP_HOURS * HOUR_SECONDS * 1_000,
    startSettleMs: values.START_SETTLE_SECONDS * 1_000,
    indexWatchMs: values.INDEX_WATCH_SECONDS * 1_000,
    snapshotMs: values.SNAPSHOT_DAYS * 24 * HOUR_SECONDS * 1_000,
    leaseMs: values.LEASE_SECONDS * 1_000,
    invocationMs: values.INVOCATION_SECONDS * 1_000,
    cloudinary: values.CLOUDINARY_URL,
    derivedCallsReserve: values.DERIVED_CALLS_RESERVE,
    derivedPublicId: values.DERIVED_PUBLIC_ID,
    sizes: SIZES,
    visionHost: values.VISION_EMULATOR_HOST,
    storageHost: values.STORAGE_EMULATOR_HOST,
    pubsubHost: values.PUBSUB_EMULATOR_HOST,
  });
}

export type Config = ReturnType<typeof loadConfig>;
