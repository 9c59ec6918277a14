/**
 * Removes the candidates that nothing names, only at the generation that was seen. Before each slice the imports and
 * restores of the meantime are read again. Safe to repeat: a file that was seen and is gone counts as removed. A dry run
 * says what would go.
 */
import { isRemovable } from '../core/names';
import type { Problem } from '../core/problem';
import { AT_ONCE, mapAtOnce } from './atOnce';
import { OUTSIDE } from './candidates';
import { type HandledFile, handledFile, isGone, removeFile, tellRefusal } from './imageFiles';
import { markImports } from './markImports';
import { readStaged } from './stagedImport';
import { commandInput, DONE, end, type Step, type StepContext, type StepResult } from './step';
import {
  type Candidate,
  eachCandidates,
  loadState,
  readCandidates,
  type SweepState,
  saveState,
  writeJson,
} from './sweepFiles';
import { useOf } from './useOf';

interface Cursor {
  chunk: number;
  referenced: number;
}

/** With the time limit of a call this is less than the minute for which imports wait (sweepInTheWay). */
const SLICE_MS = 20_000;

interface Removal {
  context: StepContext;
  state: SweepState;
  /** Until when a removal may begin (ms). */
  until: number;
  /** This invocation has removed something: at least that, so that it gets on. */
  hasBegun: boolean;
}

export const removeUnused: Step = async (context, saved) => {
  const { record } = context;
  const { facts, counts } = record;
  if (facts.sweep === undefined || facts.sweep.candidates === 0) return DONE;
  const cursor: Cursor = { chunk: 0, referenced: 0, ...(saved as Cursor | undefined) };
  const removal: Removal = { context, state: await loadState(context), until: 0, hasBegun: false };
  if (facts.sweep.decided !== true) {
    const tooMany = await decide(removal);
    if (tooMany !== null) return tooMany;
    facts.sweep.removing = cursor.chunk;
    await context.checkpoint({ ...cursor });
  }
  while (cursor.chunk < facts.sweep.chunks) {
    const handled = await handleChunk(removal, cursor.chunk);
    if (handled === null) return { kind: 'more', cursor };
    counts.removed = (counts.removed ?? 0) + handled.filter((file) => file.removed || file.wouldGo === true).length;
    counts.failed = (counts.failed ?? 0) + handled.filter((file) => file.failed === true).length;
    cursor.referenced += handled.filter((file) => file.used === true).length;
    cursor.chunk += 1;
    facts.sweep.removing = cursor.chunk;
    context.progress('files of candidates', cursor.chunk, facts.sweep.chunks);
    if (context.outOfTime() && cursor.chunk < facts.sweep.chunks) return { kind: 'more', cursor };
    if (facts.sweep.chunks > 1) await context.checkpoint({ ...cursor });
  }
  counts.referenced = cursor.referenced;
  return DONE;
};

/** The belt, before anything is removed. */
async function decide({ context, state }: Removal): Promise<StepResult | null> {
  const { record } = context;
  let [unused, referenced] = [0, 0];
  for await (const candidates of eachCandidates(context)) {
    for (const { uri, kept } of candidates) {
      const isUsed = state.marks.usesOf(uri) > 0;
      if (isUsed) referenced += 1;
      else if (kept === undefined) unused += 1;
    }
  }
  record.counts.referenced = referenced;
  const { maxFiles = 10_000 } = commandInput(record);
  if (unused > maxFiles) {
    const what = `${unused} image files are used by nothing; at most ${maxFiles} may be removed at once (maxFiles)`;
    const problem = (message: string): Problem => ({ code: 'max-files', field: 'maxFiles', message });
    if (!record.dryRun) return end('rejected', problem(`${what}; nothing was removed, and dryRun: true lists them`));
    record.problems.push(problem(what));
  }
  if (record.facts.sweep !== undefined) record.facts.sweep.decided = true;
  return null;
}

/** Handles one file of candidates and writes down what became of each; null where the time is used up before its end. */
async function handleChunk(removal: Removal, chunk: number): Promise<HandledFile[] | null> {
  const { context } = removal;
  const candidates = await readCandidates(context, chunk);
  const before = await readStaged<HandledFile[]>(context, handledFile(context, chunk));
  // Where an invocation left off within this file, what it had removed stays removed.
  const settled = new Map(before?.filter((file) => file.removed).map((file) => [keyOf(file), file]));
  const begun = new Set(before?.filter((file) => file.begun === true).map(keyOf));
  const todo = candidates.filter((one) => !settled.has(keyOf(one)) && whyKept(removal, one) === null);
  const keepWhatIsDone = () => {
    const open = candidates.filter((one) => !settled.has(keyOf(one)) && (begun.has(keyOf(one)) || todo.includes(one)));
    return writeJson(context, handledFile(context, chunk), [...settled.values(), ...open.map(begunRemoval)]);
  };
  // Written before the first removal, so that whoever comes later knows of which there may have been one.
  if (before === null && todo.length > 0 && !context.record.dryRun) await keepWhatIsDone();
  try {
    for (let from = 0; !context.record.dryRun && from < todo.length; from += AT_ONCE) {
      if (!(await inSlice(removal))) {
        await keepWhatIsDone();
        return null;
      }
      removal.hasBegun = true;
      const wave = todo.slice(from, from + AT_ONCE).filter((one) => whyKept(removal, one) === null);
      for (const file of await mapAtOnce(wave, (one) => remove(context, one))) settled.set(keyOf(file), file);
    }
  } catch (error) {
    await keepWhatIsDone();
    throw error;
  }
  const unsure = candidates.filter((one) => begun.has(keyOf(one)) && !settled.has(keyOf(one)));
  for (const file of await removedBefore(removal, unsure)) settled.set(keyOf(file), file);
  const handled = candidates.map((one) => settled.get(keyOf(one)) ?? whyKept(removal, one) ?? wouldGo(one));
  await writeJson(context, handledFile(context, chunk), handled);
  return handled;
}

/** Of those whose removal was begun and that have come into use since, the ones that are gone. */
async function removedBefore({ context, state }: Removal, candidates: Candidate[]): Promise<HandledFile[]> {
  const used = candidates.filter(({ uri }) => useOf(state.marks, uri) !== null);
  const found = await mapAtOnce(used, async (one) => ({ one, isGone: await isGone(context, one.uri) }));
  return found.filter(({ isGone }) => isGone).map(({ one }) => removed(one));
}

function keyOf({ uri, generation }: { uri: string; generation?: string }): string {
  return `${uri} ${generation}`;
}

/** Makes sure that all is marked that could be imported while the next files are removed; false: the time is used up. */
async function inSlice(removal: Removal): Promise<boolean> {
  const { context, state } = removal;
  if (removal.hasBegun && context.outOfTime()) return false;
  if (context.ports.clock.now() < removal.until) return true;
  const markedAt = await markImports(context, state);
  await saveState(context, state);
  // The lease is fresh then, and no renewal comes between the reading and a removal.
  await context.checkpoint(context.record.cursor);
  if (markedAt === null) return false;
  removal.until = markedAt + SLICE_MS;
  return context.ports.clock.now() < removal.until || inSlice(removal);
}

/** null: nothing keeps the file. */
function whyKept({ context, state }: Removal, candidate: Candidate): HandledFile | null {
  const use = useOf(state.marks, candidate.uri);
  const base = identity(candidate);
  if (use !== null) return { ...base, reason: use.reason, used: true, ...(use.passing && { again: true }) };
  const { kept, again } = candidate;
  if (kept !== undefined) return { ...base, reason: kept, ...(again && { again }) };
  return isRemovable(candidate.uri, context.config.removableImages) ? null : { ...base, reason: OUTSIDE };
}

function identity({ uri, generation, productId }: Candidate) {
  return { uri, generation, ...(productId === undefined ? {} : { productId }), removed: false };
}

function begunRemoval(candidate: Candidate): HandledFile {
  return { ...identity(candidate), reason: 'its removal was begun', begun: true };
}

function removed(candidate: Candidate): HandledFile {
  return { ...identity(candidate), removed: true, reason: 'nothing names it' };
}

function wouldGo(candidate: Candidate): HandledFile {
  return { ...identity(candidate), reason: 'would be removed: nothing names it', wouldGo: true };
}

async function remove(context: StepContext, candidate: Candidate): Promise<HandledFile> {
  const base = identity(candidate);
  const outcome = await removeFile(context, candidate.uri, candidate.generation);
  if (outcome === 'gone') return removed(candidate);
  if (outcome === 'changed') return { ...base, reason: `replaced since generation ${candidate.generation} was seen` };
  tellRefusal(context.record, candidate.uri, outcome.refused);
  return { ...base, reason: `could not be removed: ${outcome.refused}`, failed: true, again: true };
}
