/**
 * When do files that wait for an import slot start, and which go together? A pure function of the files, the slots and
 * the time.
 *
 * The service takes 120 imports a day, each of up to 20,000 lines, so slots are scarce and lines are not. As long as
 * more than half of the slots are left, a file starts at once: most shops never see more of this policy. From then on
 * files of one location are held for a while and start together. With `a` slots left a group is held for 12 h / a:
 * a little at first (13 minutes with 55 left), ever longer as slots run out. Holding for 12 h / a in turn down to the
 * last slot would take 12 h × (1 + 1/2 + … + 1/55), more than two days, and after one day the first slots are free
 * again: a steady stream of small files can therefore not use up the slots. What can is files that fill imports of
 * their own; then everybody waits for the next slot to be free.
 *
 * Bound: while a slot is left, a file waits at most 12 h (the hold with one slot left), and much less in practice; with
 * none left, until the next slot is free. An urgent file may use the slots of the reserve and is never held.
 */

export interface PendingFile {
  id: string;
  location: string;
  lines: number;
  /** Milliseconds. */
  acceptedAt: number;
  urgent: boolean;
}

export interface SlotView {
  limit: number;
  /** Slots that only urgent files may take. */
  reserve: number;
  used: number;
  /** When the next slot is free where none is. Milliseconds. */
  nextFreeAt: number;
  /** Lines that one import takes. */
  importLines: number;
}

export interface StartDecision {
  /** Groups of ids; each group is one import. */
  start: string[][];
  /** When each of the others would start if nothing changed. Milliseconds. */
  startAt: Map<string, number>;
}

/** A merged import asks each of its files, one after the other, whether it comes: more would not be done in minutes. */
const MOST_FILES = 500;
const HALF_DAY_MS = 12 * 3_600_000;

/** How long a group is held with that many slots left of those that are not reserved. */
export function holdMs(left: number, slots: number): number {
  return left > slots / 2 ? 0 : HALF_DAY_MS / Math.max(1, left);
}

function inOrder(a: PendingFile, b: PendingFile): number {
  return a.acceptedAt - b.acceptedAt || (a.id < b.id ? -1 : 1);
}

/** Groups of one location in order of acceptance, each as full as the order allows. */
function groupsOf(files: readonly PendingFile[], importLines: number): PendingFile[][] {
  const groups: PendingFile[][] = [];
  const byPlace = new Map<string, PendingFile[]>();
  for (const file of [...files].sort(inOrder)) {
    const key = `${file.urgent ? 'urgent' : 'normal'} ${file.location}`;
    const open = byPlace.get(key);
    const lines = open?.reduce((sum, member) => sum + member.lines, 0) ?? 0;
    if (open !== undefined && open.length < MOST_FILES && lines + file.lines <= importLines) {
      open.push(file);
      continue;
    }
    const group = [file];
    byPlace.set(key, group);
    groups.push(group);
  }
  return groups;
}

/** Urgent groups first, then those whose first file came first. */
function byUrgency([a]: PendingFile[], [b]: PendingFile[]): number {
  if (a === undefined || b === undefined) return 0;
  return Number(b.urgent) - Number(a.urgent) || inOrder(a, b);
}

/** Whether the group is so full that holding it longer would gain nothing. */
function isFull(group: readonly PendingFile[], importLines: number): boolean {
  return group.length >= MOST_FILES || group.reduce((sum, file) => sum + file.lines, 0) >= importLines * 0.9;
}

/** Decides for all files that wait. While slots are plentiful every file is a group of its own. */
export function decideStarts(pending: readonly PendingFile[], slots: SlotView, now: number): StartDecision {
  const open = Math.max(1, slots.limit - slots.reserve);
  let left = slots.limit - slots.used;
  const start: string[][] = [];
  const startAt = new Map<string, number>();
  const isPlentiful = (normalLeft: number) => holdMs(normalLeft, open) === 0;
  const groups = isPlentiful(left - slots.reserve - pending.length)
    ? [...pending].sort(inOrder).map((file) => [file])
    : groupsOf(pending, slots.importLines);
  for (const group of groups.sort(byUrgency)) {
    const [first] = group;
    if (first === undefined) continue;
    const usable = first.urgent ? left : left - slots.reserve;
    const hold = first.urgent || isFull(group, slots.importLines) ? 0 : holdMs(usable, open);
    const dueAt = first.acceptedAt + hold;
    if (usable > 0 && dueAt <= now) {
      start.push(group.map((file) => file.id));
      left -= 1;
    } else {
      for (const file of group) startAt.set(file.id, usable > 0 ? dueAt : Math.max(dueAt, slots.nextFreeAt));
    }
  }
  return { start, startAt };
}
