/**
 * The commands that users publish, contradictory ones included. A new command is one more line of `COMMANDS`: its weight
 * and how one is made.
 */
import type { Random } from '../random';
import { IMAGES, STATE } from '../services';
import { BANNERS, FILES, LIST_URI, LOCATION_NAMES, PRODUCTS, SETS, TAG, TRANSFORMATIONS } from './names';

const PREFIX = `gs://${IMAGES}/`;
const NO_SNAPSHOT = `gs://${STATE}/snapshots/cmd-nobody/snapshot.json`;

export type Fields = Record<string, unknown>;

export interface CommandUser {
  random: Random;
  /** What was asked for and answered so far: ids of requests and plans, `gs://` URIs of snapshots. */
  known: { requestIds(): string[]; planIds(): string[]; snapshots(): string[] };
  now(): number;
}

interface Maker {
  weight: number;
  make(user: CommandUser): Fields;
}

const WISHES = ['keep', 'removeUnlessUsedByProduct', 'removeUnlessUsedByProduct', 'removeUnlessUsed'] as const;
const SHARED = ['delete', 'delete', 'delete', 'keep', 'keep', 'keep', 'refuse'] as const;
const derived = ({ random }: CommandUser) =>
  random.chance(0.3) ? { derived: { keepOriginal: random.chance(0.7), invalidate: random.chance(0.2) } } : {};
const imageFiles = (user: CommandUser, probability = 0.5) =>
  user.random.chance(probability) ? { imageFiles: user.random.pick(WISHES), ...derived(user) } : {};
/** Some look first, some name a plan, which is mostly that of another command, and some forget what is needed. */
const bulk = ({ random, known }: CommandUser) => {
  const [first = 'cmd-nobody', ...more] = known.planIds();
  return {
    ...(random.chance(0.97) ? { force: true } : {}),
    ...(random.chance(0.15) ? { dryRun: true } : {}),
    ...(random.chance(more.length > 0 ? 0.15 : 0.02) ? { planId: random.pick([first, ...more]) } : {}),
  };
};
const selector = (random: Random): Fields =>
  random.pick<Fields>([
    { publicIds: [random.pick(FILES), ...random.some([...FILES, ...BANNERS, 'nothing'], 0.3)] },
    { prefix: 'banner/' },
    { tag: TAG },
    { all: true },
  ]);
/** None of ours has such a type. */
const OTHER_TYPES: readonly [Fields, ...Fields[]] = [
  { resourceType: 'video' },
  { resourceType: 'raw' },
  { type: 'private' },
];
const filter = ({ random }: CommandUser): Fields => {
  if (random.chance(0.4)) return { productSetId: random.pick(SETS) };
  const more: Fields = {
    ...(random.chance(0.3) ? { productSetId: random.pick(SETS) } : {}),
    ...(random.chance(0.3) ? { labels: random.pick([{ color: 'red' }, { color: 'red', size: '9' }]) } : {}),
    ...(random.chance(0.3) ? { productCategory: random.pick(['apparel-v2', 'apparel', 'toys-v2']) } : {}),
  };
  const isEnough = Object.keys(more).length > 0 && random.chance(0.5);
  return isEnough ? more : { idPrefix: random.pick(['p', ...PRODUCTS]), ...more };
};
const maxProducts = ({ random }: CommandUser) => (random.chance(0.15) ? { maxProducts: random.int(1, 3) } : {});
const snapshot = ({ random }: CommandUser) => (random.chance(0.1) ? { snapshot: random.chance(0.5) } : {});

export const COMMANDS: readonly Maker[] = [
  {
    weight: 3,
    make: (user) => ({
      command: 'deleteReferenceImage',
      productId: user.random.pick(PRODUCTS),
      referenceImageId: user.random.pick(FILES),
      ...imageFiles(user),
    }),
  },
  {
    weight: 4,
    make: (user) => ({ command: 'deleteProduct', productId: user.random.pick(PRODUCTS), ...imageFiles(user) }),
  },
  {
    weight: 3,
    make: (user) => ({
      command: 'deleteProducts',
      productIds: [user.random.pick(PRODUCTS), ...user.random.some(PRODUCTS, 0.3)],
      ...imageFiles(user, 0.8),
      ...maxProducts(user),
      ...snapshot(user),
    }),
  },
  {
    weight: 4,
    make: (user) => ({
      command: 'deleteProducts',
      ...(user.random.chance(0.3) ? { listUri: LIST_URI } : { where: filter(user) }),
      ...bulk(user),
      ...imageFiles(user, 0.8),
      ...maxProducts(user),
      ...snapshot(user),
    }),
  },
  { weight: 2, make: ({ random }) => ({ command: 'deleteProductSet', productSetId: random.pick(SETS) }) },
  {
    weight: 9,
    make: (user) => ({
      command: 'purgeProductsInProductSet',
      productSetId: user.random.pick(SETS),
      ...bulk(user),
      thenDeleteProductSet: user.random.chance(0.5),
      ...(user.random.chance(0.7) ? { sharedProducts: user.random.pick(SHARED) } : {}),
      ...imageFiles(user),
      ...maxProducts(user),
      ...snapshot(user),
    }),
  },
  {
    weight: 3,
    make: (user) => ({
      command: 'purgeOrphanProducts',
      ...bulk(user),
      ...imageFiles(user),
      ...maxProducts(user),
      ...snapshot(user),
    }),
  },
  {
    weight: 2,
    make: ({ random, known }) => {
      const [first = 'cmd-nobody', ...more] = known.requestIds();
      return {
        command: 'cancelRequest',
        cancels: random.pick([first, ...more]),
        ...(random.chance(0.3) ? { force: true } : {}),
      };
    },
  },
  {
    weight: 1,
    make: ({ random, known }) => {
      const [first = NO_SNAPSHOT, ...more] = known.snapshots();
      return { command: 'restoreSnapshot', snapshot: random.pick([first, ...more]) };
    },
  },
  {
    weight: 4,
    make: (user) => ({
      command: 'sweepImageFiles',
      ...(user.random.chance(0.97) ? { force: true } : {}),
      olderThanDays: user.random.chance(0.9) ? 0 : 1,
      ...(user.random.chance(0.75) ? { prefix: PREFIX } : {}),
      ...(user.random.chance(0.15) ? { maxFiles: user.random.int(1, 4) } : {}),
      ...derived(user),
    }),
  },
  {
    weight: 3,
    make: ({ random }) => {
      const keepOriginal = random.chance(0.6);
      return {
        command: 'deleteDerivedResources',
        select: selector(random),
        keepOriginal,
        ...(keepOriginal || random.chance(0.1) ? {} : { force: true }),
        ...(random.chance(0.2) ? { transformations: [random.pick(TRANSFORMATIONS)] } : {}),
        ...(random.chance(0.2) ? { maxFiles: random.int(1, 4) } : {}),
        ...(random.chance(0.2) ? { invalidate: true } : {}),
        ...(random.chance(0.15) ? random.pick(OTHER_TYPES) : {}),
      };
    },
  },
];

/** What every command takes, sometimes. */
function common({ random, now }: CommandUser): Fields {
  return {
    ...(random.chance(0.2) ? { requestId: `by-hand-${random.int(1, 3)}` } : {}),
    ...(random.chance(0.3) ? { location: random.pick(LOCATION_NAMES) } : {}),
    ...(random.chance(0.1) ? { dryRun: true } : {}),
    ...(random.chance(0.1) ? { notBefore: new Date(now() + random.spread(1_000, 7_200_000)).toISOString() } : {}),
    ...(random.chance(0.1) ? { reason: 'because' } : {}),
  };
}

const RUBBISH = [
  '',
  'no JSON',
  '[]',
  '{"command":"deleteEverything"}',
  '{"command":"deleteProduct","productId":7}',
] as const;

/** The data of one message. */
export function makeCommand(user: CommandUser): string {
  const { random } = user;
  if (random.chance(0.05)) return random.pick(RUBBISH);
  let at = random.int(
    1,
    COMMANDS.reduce((sum, { weight }) => sum + weight, 0),
  );
  const maker = COMMANDS.find(({ weight }) => {
    at -= weight;
    return at <= 0;
  });
  return JSON.stringify({ ...maker?.make(user), ...common(user) });
}
