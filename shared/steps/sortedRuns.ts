/**
 * Sorting more than fits into memory: what is listed in no order is written as runs that are sorted by key, and read
 * back merged. Sixteen runs become one of the next level, so that few files are open at a time, however much there is. A
 * run has a number, and none has that of one before it, so that a listing may be repeated from any cursor.
 */
import type { Runs } from '../core/request';
import type { ObjectName } from '../ports';
import { textLines } from './readText';
import { ownFile, type StepContext } from './step';
import { writeInPieces } from './writeInPieces';

export interface Entry {
  key: string;
  value: unknown;
}

export const NO_RUNS: Runs = [];

type FileContext = Pick<StepContext, 'config' | 'record'>;

function runFile(context: FileContext, name: string, level: number, index: number): ObjectName {
  return ownFile(context, 'staging', `${name}-${level}-${String(index + 1).padStart(5, '0')}.jsonl`);
}

export function byKey(a: { key: string }, b: { key: string }): number {
  if (a.key === b.key) return 0;
  return a.key < b.key ? -1 : 1;
}

function lineOf({ key, value }: Entry): string {
  return `${JSON.stringify([key, value])}\n`;
}

/** How many runs of that level there have been: so many of each one that is a level higher. */
function everAt({ config: { sizes } }: FileContext, runs: Runs, level: number): number {
  return runs.slice(level).reduceRight((above, count) => above * sizes.runsMerged + count, 0);
}

/** Writes the entries as one more run of that name, and gives the runs that there are then. */
export async function addRun(context: StepContext, name: string, runs: Runs, entries: Entry[]): Promise<Runs> {
  const body = [...entries].sort(byKey).map(lineOf).join('');
  const [first = 0, ...higher] = runs;
  await context.ports.objects.write(runFile(context, name, 0, everAt(context, runs, 0)), body, {
    contentType: 'application/jsonl',
  });
  return lifted(context, name, [first + 1, ...higher]);
}

/** Makes one run of each full level. Those that it is made of stay: a cursor from before may still need them. */
async function lifted(context: StepContext, name: string, runs: Runs): Promise<Runs> {
  const level = runs.findIndex((count) => count >= context.config.sizes.runsMerged);
  if (level < 0) return runs;
  const above = runs[level + 1] ?? 0;
  const target = runFile(context, name, level + 1, everAt(context, runs, level + 1));
  const merged = mergeFiles(context, filesOf(context, name, runs, level));
  await writeInPieces(context, target, 'application/jsonl', linesOf(merged));
  const next = runs.map((count, at) => (at === level ? 0 : count));
  next[level + 1] = above + 1;
  return lifted(context, name, next);
}

/** A few hundred lines a piece. */
async function* linesOf(entries: AsyncGenerator<Entry>): AsyncGenerator<Buffer> {
  let lines: string[] = [];
  for await (const entry of entries) {
    lines.push(lineOf(entry));
    if (lines.length < LINES_A_PIECE) continue;
    yield Buffer.from(lines.join(''));
    lines = [];
  }
  yield Buffer.from(lines.join(''));
}

const LINES_A_PIECE = 500;

async function* readRun(context: StepContext, object: ObjectName): AsyncGenerator<Entry> {
  for await (const line of textLines(context, object)) {
    const [key, value] = JSON.parse(line) as [string, unknown];
    yield { key, value };
  }
}

/** All entries of the runs, by key; entries of the same key follow each other. Throws where a run is missing. */
export async function* mergeRuns(context: StepContext, name: string, runs: Runs): AsyncGenerator<Entry> {
  yield* mergeFiles(
    context,
    runs.flatMap((_count, level) => filesOf(context, name, runs, level)),
  );
}

function filesOf(context: FileContext, name: string, runs: Runs, level: number): ObjectName[] {
  const count = runs[level] ?? 0;
  const first = everAt(context, runs, level) - count;
  return Array.from({ length: count }, (_, index) => runFile(context, name, level, first + index));
}

function mergeFiles(context: StepContext, files: ObjectName[]): AsyncGenerator<Entry> {
  return mergeSorted(
    files.map((file) => readRun(context, file)),
    byKey,
  );
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
