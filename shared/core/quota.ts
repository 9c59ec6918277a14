/**
 * The budget of imports: no more than a limit in any 24 hours, whatever the hour at which the service resets its own
 * count (which is not documented). Pure. Slots are counted by the minute in which they were taken.
 */

/** Slots taken, by minute (`2026-11-22T13:41`). */
export interface ImportSlots {
  taken: Record<string, number>;
}

export const NO_SLOTS: ImportSlots = { taken: {} };

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** A call may reach the service this much later than its slot was taken. */
const CALL_DEADLINE_MS = 25_000;

function minuteOf(now: number): string {
  return new Date(now).toISOString().slice(0, 16);
}

/** When the slots of that minute are free again: a day and a call's deadline after the minute's end. */
function freeAgainAt(minute: string): number {
  return Date.parse(`${minute}:00Z`) + MINUTE_MS + DAY_MS + CALL_DEADLINE_MS;
}

function live(slots: ImportSlots, now: number): [string, number][] {
  return Object.entries(slots.taken).filter(([minute, count]) => count > 0 && freeAgainAt(minute) > now);
}

/** How many slots are taken, and when the next one is free: `now` where one is free already. Milliseconds. */
export function slotsAt(slots: ImportSlots, limit: number, now: number): { used: number; nextFreeAt: number } {
  const taken = live(slots, now).sort(([a], [b]) => (a < b ? -1 : 1));
  let used = taken.reduce((sum, [, count]) => sum + count, 0);
  const total = used;
  for (const [minute, count] of taken) {
    if (used < limit) break;
    used -= count;
    if (used < limit) return { used: total, nextFreeAt: freeAgainAt(minute) };
  }
  return { used: total, nextFreeAt: now };
}

/** Takes a slot, or gives null where all are taken. */
export function takeSlot(
  slots: ImportSlots,
  limit: number,
  now: number,
): { slots: ImportSlots; minute: string } | null {
  const taken = Object.fromEntries(live(slots, now));
  if (slotsAt(slots, limit, now).used >= limit) return null;
  const minute = minuteOf(now);
  return { slots: { taken: { ...taken, [minute]: (taken[minute] ?? 0) + 1 } }, minute };
}

/** Gives back a slot whose call certainly never started an import. */
export function returnSlot(slots: ImportSlots, minute: string): ImportSlots {
  const count = slots.taken[minute] ?? 0;
  return { taken: { ...slots.taken, [minute]: Math.max(0, count - 1) } };
}
