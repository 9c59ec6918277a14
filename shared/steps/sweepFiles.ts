/** The files that a sweep keeps in its staging folder: its candidates, what was marked, which objects named them. */
import { createSweepMarks, type SavedMarks, type SweepMarks } from '../core/sweepMarks';
import type { ObjectName } from '../ports';
import { readAhead } from './readAhead';
import { readStaged } from './stagedImport';
import { ownFile, type StepContext } from './step';

/** An image file that a sweep looks at. It may be removed only at that generation. */
export interface Candidate {
  uri: string;
  generation: string;
  /** Why it stays, whoever uses it. */
  kept?: string;
  /** It stays a candidate for the next sweep: it is only too young. */
  again?: true;
  /** The request that left it for a sweep, and the product that used it then. */
  requestId?: string;
  productId?: string;
}

/** An image file as a request leaves it for a sweep: `candidates/<requestId>-NNNNN.json` holds a list of them. */
export type LeftFile = Pick<Candidate, 'uri' | 'generation' | 'requestId' | 'productId'>;

type FileContext = Pick<StepContext, 'config' | 'record'>;

function numbered(stem: string, index: number): string {
  return `${stem}-${String(index + 1).padStart(5, '0')}.json`;
}

/** JSON: `LeftFile[]` for the next sweep. The name follows from the request, so that leaving it twice is leaving it once. */
export function leftFiles({ config, record }: FileContext, index: number): ObjectName {
  return { bucket: config.stateBucket, name: `candidates/${numbered(record.id, index)}` };
}

/** JSON: `{ name, generation }[]` of the objects under `candidates/` that were read. */
export const readObjects = (context: FileContext, index: number): ObjectName =>
  ownFile(context, 'staging', numbered('candidate-objects', index));

const candidateFile = (context: FileContext, chunk: number) =>
  ownFile(context, 'staging', numbered('candidates', chunk));

export async function writeJson(context: StepContext, object: ObjectName, value: unknown): Promise<void> {
  await context.ports.objects.write(object, JSON.stringify(value), { contentType: 'application/json' });
}

export const writeCandidates = (context: StepContext, chunk: number, candidates: Candidate[]) =>
  writeJson(context, candidateFile(context, chunk), candidates);

export async function readCandidates(context: StepContext, chunk: number): Promise<Candidate[]> {
  const found = await readStaged<Candidate[]>(context, candidateFile(context, chunk));
  if (found === null) throw new Error(`candidates file ${chunk + 1} of ${context.record.id} is missing`);
  return found;
}

/** The candidates file by file, a few read ahead. */
export function eachCandidates(context: StepContext): AsyncGenerator<Candidate[]> {
  const chunks = Array.from({ length: context.record.facts.sweep?.chunks ?? 0 }, (_, chunk) => chunk);
  return readAhead(chunks, (chunk) => readCandidates(context, chunk));
}

/** What is marked, and which imports and restores have been read for it. */
export interface SweepState {
  marks: SweepMarks;
  /** Request ids of imports and restores, and URIs of snapshots. */
  read: Set<string>;
}

const stateFile = (context: FileContext) => ownFile(context, 'staging', 'marks.json');

/** All candidates, none of them marked. */
export async function emptyState(context: StepContext): Promise<SweepState> {
  const marks = createSweepMarks();
  for await (const candidates of eachCandidates(context)) for (const { uri } of candidates) marks.add(uri);
  return { marks, read: new Set() };
}

/** All candidates with what was marked before. Throws where that is missing: it is never taken for no mark at all. */
export async function loadState(context: StepContext): Promise<SweepState> {
  const saved = await readStaged<SavedMarks & { read: string[] }>(context, stateFile(context));
  if (saved === null) throw new Error(`the marks of ${context.record.id} are missing`);
  const { marks } = await emptyState(context);
  marks.restore(saved);
  return { marks, read: new Set(saved.read) };
}

/** Written before every cursor that lies behind what was marked: a mark too many only keeps a file. */
export const saveState = (context: StepContext, { marks, read }: SweepState) =>
  writeJson(context, stateFile(context), { ...marks.save(), read: [...read] });
