/**
 * Deletes the lists of files that were left for this sweep, after what stays a candidate has been left for the next one:
 * files that were too young, that only a snapshot or an import names, or that could not be removed. Safe to repeat.
 */
import { mapAtOnce } from './atOnce';
import { type HandledFile, handledFile } from './imageFiles';
import { readStaged } from './stagedImport';
import { DONE, type Step, type StepContext } from './step';
import { leftFiles, readCandidates, readObjects, writeJson } from './sweepFiles';

interface Cursor {
  chunk: number;
  objectFile: number;
}

export const settleCandidates: Step = async (context, saved) => {
  const { chunks = 0, objectFiles = 0 } = context.record.facts.sweep ?? {};
  const cursor: Cursor = { chunk: 0, objectFile: 0, ...(saved as Cursor | undefined) };
  while (cursor.chunk < chunks || cursor.objectFile < objectFiles) {
    if (cursor.chunk < chunks) await leaveAgain(context, cursor.chunk++);
    else await deleteLists(context, cursor.objectFile++);
    if (context.outOfTime()) return { kind: 'more', cursor };
  }
  return DONE;
};

async function leaveAgain(context: StepContext, chunk: number): Promise<void> {
  const handled = (await readStaged<HandledFile[]>(context, handledFile(context, chunk))) ?? [];
  const again = new Set(handled.filter((file) => file.again === true).map((file) => `${file.uri} ${file.generation}`));
  if (again.size === 0) return;
  const left = (await readCandidates(context, chunk)).filter((one) => again.has(`${one.uri} ${one.generation}`));
  const files = left.map(({ kept: _kept, again: _again, ...file }) => file);
  await writeJson(context, leftFiles(context, chunk), files);
}

/** Only what was read: a list that has come since, or was written over, is for the next sweep. */
async function deleteLists(context: StepContext, objectFile: number): Promise<void> {
  const { ports, config } = context;
  const objects = await readStaged<{ name: string; generation: string }[]>(context, readObjects(context, objectFile));
  await mapAtOnce(objects ?? [], ({ name, generation }) =>
    ports.objects.delete({ bucket: config.stateBucket, name }, { ifGenerationMatch: generation }),
  );
}
