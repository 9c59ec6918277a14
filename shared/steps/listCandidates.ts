/**
 * Lists the files that a sweep may remove, each with its generation: what earlier requests left for a sweep, or all that
 * lies under the prefix. Goes on from its cursor; files of the staging folder are written over.
 */
import { parseGsPrefix } from '../core/names';
import type { RequestRecord, Runs, SweepFacts } from '../core/request';
import type { ObjectPage } from '../ports';
import { mapAtOnce } from './atOnce';
import { foundCandidate, leftCandidate } from './candidates';
import { addRun, type Entry, mergeRuns, NO_RUNS } from './sortedRuns';
import { readStaged } from './stagedImport';
import { commandInput, DONE, type Step, type StepContext, type StepResult, timeText } from './step';
import { type Candidate, type LeftFile, readObjects, writeCandidates, writeJson } from './sweepFiles';

interface Cursor {
  pageToken?: string;
  /** Without a prefix: the sorted runs that are written, and whether all that was left has been read. */
  runs: Runs;
  allRead?: true;
}

const RUNS = 'left-run';

export const listCandidates: Step = async (context, saved) => {
  const { record } = context;
  const facts = begun(record, timeText(context));
  const cursor: Cursor = { runs: NO_RUNS, ...(saved as Cursor | undefined) };
  if (saved === undefined) Object.assign(facts, { candidates: 0, chunks: 0, objectFiles: 0 });
  const { prefix } = commandInput(record);
  const result =
    prefix === undefined ? await listLeft(context, facts, cursor) : await listFolder(context, facts, cursor);
  record.counts.scanned = facts.candidates;
  return result;
};

/** A dry run is registered nowhere; its beginning is now. */
function begun(record: RequestRecord, now: string): SweepFacts {
  record.facts.sweep ??= { begunAt: now, candidates: 0, chunks: 0, objectFiles: 0 };
  return record.facts.sweep;
}

async function listFolder(context: StepContext, facts: SweepFacts, cursor: Cursor): Promise<StepResult> {
  const { bucket = '', prefix = '' } = parseGsPrefix(commandInput(context.record).prefix ?? '') ?? {};
  for (let isLast = false; !isLast; ) {
    const query = { bucket, prefix, pageToken: cursor.pageToken, maxResults: context.config.sizes.candidates };
    const page: ObjectPage = await context.ports.objects.list(query);
    // A name that ends with a slash is a folder of the console's, no file.
    const files = page.objects.filter(({ name }) => !name.endsWith('/'));
    await addChunk(
      context,
      facts,
      files.map((object) => foundCandidate(context, object)),
    );
    cursor.pageToken = page.nextPageToken;
    isLast = page.nextPageToken === undefined;
    if (context.outOfTime() && !isLast) return { kind: 'more', cursor };
    if (!isLast) await context.checkpoint({ ...cursor });
  }
  return DONE;
}

async function addChunk(context: StepContext, facts: SweepFacts, candidates: Candidate[]): Promise<void> {
  if (candidates.length === 0) return;
  await writeCandidates(context, facts.chunks, candidates);
  facts.chunks += 1;
  facts.candidates += candidates.length;
  context.progress('image files', facts.candidates);
}

async function listLeft(context: StepContext, facts: SweepFacts, cursor: Cursor): Promise<StepResult> {
  while (cursor.allRead !== true) {
    if (context.outOfTime()) return { kind: 'more', cursor };
    await readPage(context, facts, cursor);
    await context.checkpoint({ ...cursor });
  }
  return writeChunks(context, facts, cursor);
}

/** One page of objects that requests left: their files go into sorted runs, their own names are kept. */
async function readPage(context: StepContext, facts: SweepFacts, cursor: Cursor): Promise<void> {
  const { objects } = context.ports;
  const { runEntries, candidates } = context.config.sizes;
  const at = { bucket: context.config.stateBucket, prefix: 'candidates/', pageToken: cursor.pageToken };
  const page = await objects.list({ ...at, maxResults: Math.floor(runEntries / candidates) });
  const lists = await mapAtOnce(page.objects, async (object) => (await readStaged<LeftFile[]>(context, object)) ?? []);
  const entries = lists.flat().map((left): Entry => ({ key: `${left.uri} ${left.generation}`, value: left }));
  if (entries.length > 0) {
    cursor.runs = await addRun(context, RUNS, cursor.runs, entries);
  }
  const names = page.objects.map(({ name, generation }) => ({ name, generation }));
  await writeJson(context, readObjects(context, facts.objectFiles), names);
  facts.objectFiles += 1;
  cursor.pageToken = page.nextPageToken;
  if (page.nextPageToken === undefined) cursor.allRead = true;
}

/** Each file once, whoever left it. */
async function writeChunks(context: StepContext, facts: SweepFacts, cursor: Cursor): Promise<StepResult> {
  let skipped = facts.candidates;
  let chunk: LeftFile[] = [];
  async function flush(): Promise<void> {
    await addChunk(context, facts, await mapAtOnce(chunk, (left) => leftCandidate(context, left)));
    chunk = [];
  }
  let last: string | undefined;
  for await (const { key, value } of mergeRuns(context, RUNS, cursor.runs)) {
    if (key === last) continue;
    last = key;
    if (skipped > 0) {
      skipped -= 1;
      continue;
    }
    chunk.push(value as LeftFile);
    if (chunk.length < context.config.sizes.candidates) continue;
    await flush();
    if (context.outOfTime()) return { kind: 'more', cursor };
    await context.checkpoint({ ...cursor });
  }
  if (chunk.length > 0) await flush();
  return DONE;
}
