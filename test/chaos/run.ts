/** One run of the script against a local system of its own, undisturbed or under kills, and what it left behind. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LocalSystem, startLocalSystem } from '../system/localSystem';
import { until } from '../system/until';
import { type FinalState, LOCATIONS, readFinalState } from './finalState';
import { type Killer, type KillPlan, startKiller } from './killer';
import { brokenPromises } from './promises';
import { ORPHANS, PROTECTED, STORIES, type Story } from './stories';
import { type Asks, createUser } from './user';

export interface RunPlan {
  /** Stories that begin, one after the other, over `seconds`. */
  stories: readonly Story[];
  seconds: number;
  /** None: undisturbed. Kills go on until the last story has begun and there were `atLeast`. */
  kill?: KillPlan & { atLeast: number };
  environment?: Record<string, string>;
}

export interface RunResult {
  state: FinalState;
  broken: string[];
  requests: number;
  events: number;
  seconds: number;
  drainSeconds: number;
  kills: Record<string, number>;
  /** Invocations that died in the middle of a request, by the lease that another one took over. */
  takenOver: number;
}

/** The shortest lease that the configuration takes: what a dead invocation held is taken over 40 s later. */
const ENVIRONMENT = {
  LOCAL_OPERATION_SECONDS: '0.5',
  LOCAL_TICK_SECONDS: '1',
  LOCAL_INDEX_SECONDS: '1',
  LEASE_SECONDS: '30',
  PROTECTED_PRODUCT_SETS: PROTECTED,
};
const SLOW_METHODS = ['ImportProductSets', 'PurgeProducts', 'DeleteProduct', 'ListReferenceImages'];
const SLOW_MS = 400;
const SLOW_CALLS = 1_000;
const DRAIN_LIMIT_MS = 10 * 60_000;
const SHARED_LOCATIONS = LOCATIONS.slice(0, 3);
const ORPHANS_LOCATION = 'asia-east1';

/** `count` stories in turn. */
export function storiesInTurn(count: number): Story[] {
  return Array.from({ length: count }, (_, index) => STORIES[index % STORIES.length] ?? ORPHANS);
}

export async function run({ stories, seconds, kill, environment = {} }: RunPlan): Promise<RunResult> {
  const system = await startLocalSystem({ ...ENVIRONMENT, ...environment });
  let killer: Killer | null = null;
  try {
    const begun = Date.now();
    const asks: Asks = new Map();
    if (kill !== undefined) await slowDown(system);
    killer = kill === undefined ? null : startKiller(system.functions, kill);
    const told = tellAll(system, asks, { stories, seconds });
    // A story that fails early is told of at the end, when the killing is over.
    told.catch(() => undefined);
    await sleepUntil(begun + seconds * 1_000);
    if (kill !== undefined) await until('enough kills', () => (killer?.total() ?? 0) >= kill.atLeast, 60_000);
    await killer?.stop();
    const quiet = Date.now();
    await told;
    await drained(system);
    const ended = Date.now();
    return {
      state: await readFinalState(system, asks),
      broken: await brokenPromises(system, asks),
      requests: asks.size,
      events: system.events.all.length,
      seconds: (ended - begun) / 1_000,
      drainSeconds: (ended - quiet) / 1_000,
      kills: killer?.kills ?? {},
      takenOver: takeOvers(system),
    };
  } finally {
    await killer?.stop();
    await system.stop();
  }
}

/** Calls take longer, so that more of the kills come between a call and its answer. */
async function slowDown(system: LocalSystem): Promise<void> {
  for (const method of SLOW_METHODS) await system.fault({ method, code: 0, delayMs: SLOW_MS, count: SLOW_CALLS });
}

/** Starts a story every so often; those about orphans are told one after the other in a location of their own. */
async function tellAll(system: LocalSystem, asks: Asks, { stories, seconds }: Pick<RunPlan, 'stories' | 'seconds'>) {
  const begun = Date.now();
  const end = begun + seconds * 1_000;
  const tell = (story: Story, number: number, location: string) =>
    story.tell(createUser(system, asks, { id: `${story.name}-${number}`, location }));
  const running: Promise<void>[] = [];
  const rounds = Math.max(1, Math.floor(seconds / 30));
  running.push(
    (async () => {
      for (let round = 0; round < rounds; round += 1) await tell(ORPHANS, round, ORPHANS_LOCATION);
    })(),
  );
  for (const [index, story] of stories.entries()) {
    await sleepUntil(begun + ((end - begun) * index) / stories.length);
    running.push(tell(story, index, SHARED_LOCATIONS[index % SHARED_LOCATIONS.length] ?? ORPHANS_LOCATION));
  }
  await Promise.all(running);
}

/** Resolves when every request is closed and its claims are returned. */
async function drained(system: LocalSystem): Promise<void> {
  const empty = async (prefix: string) => (await system.names('product-search-state', prefix)).length === 0;
  await until('nothing is open', async () => (await empty('requests/open/')) && empty('batches/open/'), DRAIN_LIMIT_MS);
  await until('claims are returned', () => noClaims(system), 30_000);
}

async function noClaims(system: LocalSystem): Promise<boolean> {
  for (const name of await system.names('product-search-state', 'reservations/')) {
    const text = await system.text(`gs://product-search-state/${name}`);
    if ((JSON.parse(text) as { value: { claims: unknown[] } }).value.claims.length > 0) return false;
  }
  return true;
}

function takeOvers({ folder }: LocalSystem): number {
  const log = readFileSync(join(folder, 'log.jsonl'), 'utf8');
  return log.split('lease of a dead invocation taken over').length - 1;
}

function sleepUntil(time: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, time - Date.now())));
}
