/** `npm run chaos`: the script under kills and undisturbed, and whether both leave the same behind. */
import { findEmulatorJar, startEmulator } from '../contract/pubsubEmulator';
import type { FinalState } from './finalState';
import { type RunPlan, type RunResult, run, storiesInTurn } from './run';
import { killsOf, verdict } from './verdict';

export interface Options {
  seed: number;
  seconds: number;
  stories: number;
  kills: number;
  emulator: boolean;
}

const SHOWN_DIFFERENCES = 50;

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** How much there is to compare: two empty states are equal, too. */
function describeState({ catalogue, imageFiles, requests, rejected, races }: FinalState): string {
  const locations = Object.values(catalogue);
  const products = locations.flatMap((location) => Object.values(location.products));
  const sets = locations.reduce((sum, { productSets }) => sum + Object.keys(productSets).length, 0);
  const images = products.reduce((sum, product) => sum + Object.keys(product.images).length, 0);
  const files = Object.keys(imageFiles).length;
  const outcomes = new Map<string, number>([['message rejected', Object.keys(rejected).length]]);
  for (const { outcome } of Object.values(requests)) outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  const ended = [...outcomes].map(([outcome, count]) => `${outcome} ${count}`).join(', ');
  return `${sets} product sets, ${products.length} products, ${images} images, ${files} image files; ${ended}, in a race ${races.length}`;
}

function describeRun(name: string, result: RunResult): void {
  const { requests, events, seconds, drainSeconds, kills, takenOver } = result;
  const killed = Object.entries(kills).map(([victim, count]) => `${victim} ${count}`);
  const total = killsOf(result);
  print(`${name.padEnd(12)} ${requests} requests and messages, ${events} events, ${seconds.toFixed(0)} s`);
  print(`${' '.repeat(12)} ${describeState(result.state)}`);
  if (total === 0) return;
  print(`${' '.repeat(12)} ${total} kills (${killed.join(', ')})`);
  print(`${' '.repeat(12)} ${takenOver} leases taken over; drained ${drainSeconds.toFixed(0)} s after the last kill`);
}

/** The run, on a Pub/Sub emulator of its own where there is a jar. */
async function runOn(jar: string | null, plan: RunPlan): Promise<RunResult> {
  if (jar === null) return run(plan);
  const emulator = await startEmulator(jar);
  try {
    return await run({ ...plan, environment: { ...plan.environment, LOCAL_PUBSUB_HOST: emulator.host } });
  } finally {
    await emulator.close();
  }
}

/** The exit status: 1 for any fault, 2 where it cannot begin. */
export async function main({ seed, seconds, stories, kills, emulator }: Options): Promise<number> {
  const jar = emulator ? findEmulatorJar() : null;
  if (emulator && jar === null) {
    print(
      "Google's Pub/Sub emulator (its jar and Java) is not installed: install it with gcloud, or set PUBSUB_EMULATOR_JAR",
    );
    return 2;
  }
  const plan = { stories: storiesInTurn(stories), seconds };
  // A kill takes a moment, and one that finds nobody alive is none.
  const pause = (seconds * 1_000) / (kills * 1.25);
  const pauseMs = { least: Math.floor(pause / 2), most: Math.ceil(pause * 1.5) };
  print(
    `seed ${seed}: ${plan.stories.length} stories in ${seconds} s, at least ${kills} kills${jar === null ? '' : "; Google's Pub/Sub emulator"}`,
  );
  const undisturbed = await runOn(jar, plan);
  describeRun('undisturbed', undisturbed);
  const killed = await runOn(jar, { ...plan, kill: { seed, pauseMs, atLeast: kills } });
  describeRun('under kills', killed);
  const faults = verdict(undisturbed, killed);
  for (const fault of faults.slice(0, SHOWN_DIFFERENCES)) print(`  ${fault}`);
  if (faults.length > SHOWN_DIFFERENCES) print(`  … and ${faults.length - SHOWN_DIFFERENCES} more`);
  print(faults.length === 0 ? 'equal: nothing lost, nothing doubled' : `${faults.length} faults`);
  return faults.length === 0 ? 0 : 1;
}
