/**
 * Marks what snapshots younger than SNAPSHOT_DAYS name: a restore of one needs the files. It comes after the reading of
 * the catalogue, so that a product that was purged meanwhile is found in one of the two. Goes on from its cursor.
 */
import type { ObjectPage } from '../ports';
import { isSnapshotPart, markSnapshotPart } from './snapshotUris';
import { DONE, type Step, type StepContext } from './step';
import { loadState, type SweepState, saveState } from './sweepFiles';

interface Cursor {
  pageToken?: string;
  /** The last part of the page that has been read, by its name. */
  behind?: string;
  parts: number;
}

const SAVE_AFTER_MS = 20_000;

export const markSnapshots: Step = async (context, saved) => {
  if ((context.record.facts.sweep?.candidates ?? 0) === 0) return DONE;
  const cursor: Cursor = { parts: 0, ...(saved as Cursor | undefined) };
  const state = await loadState(context);
  for (let more = true; more; ) {
    more = await markPage(context, state, cursor);
    if (context.outOfTime()) {
      await saveState(context, state);
      if (more) return { kind: 'more', cursor };
    }
  }
  await saveState(context, state);
  return DONE;
};

/** Marks what a page of parts names and moves the cursor; gives whether there is more. */
async function markPage(context: StepContext, state: SweepState, cursor: Cursor): Promise<boolean> {
  const { ports, config } = context;
  const at = { bucket: config.stateBucket, prefix: 'snapshots/', pageToken: cursor.pageToken };
  const page: ObjectPage = await ports.objects.list(at);
  const oldest = ports.clock.now() - config.snapshotMs;
  let savedAt = ports.clock.now();
  for (const part of page.objects) {
    if (!isSnapshotPart(part) || isBehind(part.name, cursor.behind)) continue;
    if (Date.parse(part.timeCreated) < oldest) continue;
    await markSnapshotPart(context, state.marks, part, 'snapshot');
    cursor.behind = part.name;
    cursor.parts += 1;
    context.progress('snapshot files read', cursor.parts);
    if (context.outOfTime()) return true;
    if (ports.clock.now() - savedAt < SAVE_AFTER_MS) continue;
    await saveState(context, state);
    await context.checkpoint({ ...cursor });
    savedAt = ports.clock.now();
  }
  cursor.pageToken = page.nextPageToken;
  cursor.behind = undefined;
  return page.nextPageToken !== undefined;
}

/** In the order of the listing, that of UTF-8 bytes. */
function isBehind(name: string, behind: string | undefined): boolean {
  return behind !== undefined && Buffer.compare(Buffer.from(name), Buffer.from(behind)) <= 0;
}
