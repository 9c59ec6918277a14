/** What became of the files of one list of candidates, also where the sweep was cut short. */
import { mapAtOnce } from './atOnce';
import { type HandledFile, handledFile, isGone } from './imageFiles';
import { readStaged } from './stagedImport';
import type { StepContext } from './step';
import { type Candidate, readCandidates, writeJson } from './sweepFiles';

/**
 * In the order of their names. A sweep that was cut short has not come to all of them, and may have removed some that it
 * could not write down: what is found of these is written, so that it is the same whenever it is asked for.
 */
export async function sweptFiles(context: StepContext, chunk: number): Promise<HandledFile[]> {
  const { record } = context;
  const written = (await readStaged<HandledFile[]>(context, handledFile(context, chunk))) ?? [];
  const handled = written.filter((file) => file.begun !== true);
  const candidates = await readCandidates(context, chunk);
  if (handled.length === candidates.length) return handled;
  const known = new Map(handled.map((file) => [`${file.uri} ${file.generation}`, file]));
  const wasBegun = record.facts.sweep?.removing === chunk && !record.dryRun;
  const files = await mapAtOnce(candidates, async (candidate) => {
    const file = known.get(`${candidate.uri} ${candidate.generation}`);
    if (file !== undefined) return file;
    return unwritten(candidate, wasBegun && candidate.kept === undefined && (await isGone(context, candidate.uri)));
  });
  if (wasBegun) await writeJson(context, handledFile(context, chunk), files);
  return files;
}

function unwritten({ uri, generation, kept }: Candidate, removed: boolean): HandledFile {
  const reason = removed ? 'gone since the sweep listed it' : (kept ?? 'the sweep ended before it came to this file');
  return { uri, generation, removed, reason };
}
