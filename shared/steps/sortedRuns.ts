/**
 * Sorting more than fits into memory: what is listed in no order is written as runs that are sorted by key, and read
 * back merged. A run has a number and is written over under the same name, so that a repeated listing changes nothing.
 */
import type { ObjectName } from '../ports';
import { textLines } from './readText';
import { ownFile, type StepContext } from './step';

export interface Entry {
  key: string;
  value: unknown;
}

/** Entries that are held in memory for one run: a few megabytes. */
export const RUN_ENTRIES = 10_000;

type RunName = string;

function runFile(context: Pick<StepContext, 'config' | 'record'>, name: RunName, index: number): ObjectName {
  return ownFile(context, 'staging', `${name}-${String(index + 1).padStart(5, '0')}.jsonl`);
}

export function byKey(a: { key: string }, b: { key: string }): number {
  if (a.key === b.key) return 0;
  return a.key < b.key ? -1 : 1;
}

/** Writes the run `index` (from 0) of that name, a `[key, value]` a line. */
export async function writeRun(context: StepContext, name: RunName, index: number, entries: Entry[]): Promise<void> {
  const lines = [...entries].sort(byKey).map(({ key, value }) => `${JSON.stringify([key, value])}\n`);
  await context.ports.objects.write(runFile(context, name, index), lines.join(''), {
    contentType: 'application/jsonl',
  });
}

async function* readRun(context: StepContext, name: RunName, index: number): AsyncGenerator<Entry> {
  for await (const line of textLines(context, runFile(context, name, index))) {
    const [key, value] = JSON.parse(line) as [string, unknown];
    yield { key, value };
  }
}

/** All entries of the runs, by key; entries of the same key follow each other. Throws where a run is missing. */
export async function* mergeRuns(context: StepContext, name: RunName, runs: number): AsyncGenerator<Entry> {
  const sources = Array.from({ length: runs }, (_, index) => readRun(context, name, index));
  yield* mergeSorted(sources, byKey);
}

/** Sorted sources as one. The smallest head is found anew each time: there are tens of sources, not thousands. */
export async function* mergeSorted<T>(
  sources: readonly AsyncGenerator<T>[],
  compare: (a: T, b: T) => number,
): AsyncGenerator<T> {
  const heads: { value: T; source: AsyncGenerator<T> }[] = [];
  try {
    for (const source of sources) await pushHead(heads, source, compare);
    for (let head = heads.shift(); head !== undefined; head = heads.shift()) {
      yield head.value;
      await pushHead(heads, head.source, compare);
    }
  } finally {
    await Promise.all(sources.map((source) => source.return(undefined)));
  }
}

/** Takes the source's next value into the heads, which stay sorted. */
async function pushHead<T>(
  heads: { value: T; source: AsyncGenerator<T> }[],
  source: AsyncGenerator<T>,
  compare: (a: T, b: T) => number,
): Promise<void> {
  const next = await source.next();
  if (next.done === true) return;
  let at = 0;
  while (at < heads.length && compare((heads[at] as { value: T }).value, next.value) <= 0) at += 1;
  heads.splice(at, 0, { value: next.value, source });
}
