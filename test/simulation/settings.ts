/** What differs from history to history beside what happens in it: configuration, pace, and the mixture of faults. */
import { type Config, loadConfig } from '../../shared/config';
import { SIZES, type Sizes } from '../../shared/core/sizes';
import { chooseRates, type FaultRates } from './faults';
import { chooseMisfortunes, type MisfortuneRates } from './misfortunes';
import { chooseDeliveryRates, type DeliveryRates } from './platform';
import type { Random } from './random';
import { IMAGES, INTAKE, PROJECT, STATE } from './services';
import { PROTECTED_SET } from './users/names';

export interface Settings {
  config: Config;
  /** How long users are active and faults happen. */
  activityMs: number;
  actions: number;
  /** How often users react to what they see. */
  eagerness: number;
  /** One of the files has more lines than an import takes: as much work as a dozen histories without one. */
  dropsHuge: boolean;
  /** Of the actions, how many are done by other programs. */
  strangers: number;
  tickMs: number;
  operationMs: number;
  /** Of the lists of Product Search. */
  pageSize: number;
  /** Calls that Cloudinary takes in an hour. */
  cloudinaryCalls: number;
  /** The clock of an instance is at most this far from the true time. */
  skewMs: number;
  faults: FaultRates;
  misfortunes: MisfortuneRates;
  deliveries: DeliveryRates;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Ticks tell little that is new after so many. */
const MOST_TICKS = 25;
/** Imports a day that do not last for all files of a history. */
export const SCARCE = 4;

/** So small that a few products, lines and files meet every boundary. */
function smallSizes(random: Random): Sizes {
  const [idsInTurn, candidates] = [random.int(1, 2), random.int(1, 3)];
  return {
    importLines: random.int(2, 6),
    verdicts: random.int(1, 3),
    surveyedProducts: random.int(1, 3),
    deletedProducts: random.int(1, 3),
    runEntries: candidates * random.int(1, 2),
    runsMerged: 2,
    listedIds: 2 * idsInTurn,
    idsInTurn,
    candidates,
    comparedProducts: random.int(1, 3),
    restoreActions: random.int(1, 4),
  };
}

export function chooseSettings(random: Random): Settings {
  const importsPerDay = random.pick([1, 2, 4, 120, 120]);
  const environment = loadConfig({
    GOOGLE_CLOUD_PROJECT: PROJECT,
    INTAKE_BUCKET: INTAKE,
    STATE_BUCKET: STATE,
    REMOVABLE_IMAGES: `gs://${IMAGES}/`,
    PROTECTED_PRODUCT_SETS: PROTECTED_SET,
    IMPORTS_PER_DAY: String(importsPerDay),
    IMPORT_RESERVE: String(Math.min(random.pick([0, 1]), importsPerDay - 1)),
    ASSIGN_IMAGE_IDS: random.chance(0.3) ? 'false' : 'true',
    ON_INVALID_LINES: random.chance(0.15) ? 'reject' : 'skip',
    INVOCATION_SECONDS: random.pick(['1', '5', '240']),
    MANAGEMENT_CALLS_PER_MINUTE: random.pick(['20', '60', '2400', '2400']),
    LEASE_SECONDS: random.pick(['30', '60', '60']),
    REQUEST_GIVE_UP_HOURS: random.pick(['1', '24']),
    SNAPSHOT_DAYS: random.pick(['0', '30', '30']),
    RESTORE_IMPORT_LINES: random.pick(['1', '1', '5000']),
  });
  const operationMs = random.spread(1_000, 25 * MINUTE_MS);
  // Where imports are scarce, files are held for hours until they go together: that, too, has to happen while things fail.
  const isLong = importsPerDay <= SCARCE && random.chance(0.4);
  const misfortunes = chooseMisfortunes(random);
  // An operation counts as stalled after a day, and may be abandoned then.
  const isPatient = misfortunes.stalls > 0 && misfortunes.longStalls > 0 && random.chance(0.4);
  const activityMs = isPatient
    ? random.int(26 * HOUR_MS, 40 * HOUR_MS)
    : isLong
      ? random.int(8 * HOUR_MS, 30 * HOUR_MS)
      : random.spread(10 * MINUTE_MS, 8 * HOUR_MS);
  const isSmall = random.chance(0.3);
  return {
    config: { ...environment, sizes: isSmall ? smallSizes(random) : SIZES },
    activityMs,
    actions: random.int(3, 8),
    eagerness: random.pick([0, 0.3, 0.8]),
    dropsHuge: random.chance(0.014) && !isSmall,
    strangers: random.chance(0.5) ? random.int(1, 16) : 0,
    tickMs: Math.max(random.spread(MINUTE_MS, 10 * MINUTE_MS), activityMs / MOST_TICKS),
    operationMs,
    pageSize: isSmall ? random.int(2, 4) : 100,
    cloudinaryCalls: random.pick([2, 6, 500, 500]),
    skewMs: random.pick([0, 4_000]),
    faults: chooseRates(random),
    misfortunes,
    deliveries: chooseDeliveryRates(random),
  };
}
