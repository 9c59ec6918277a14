/** How far a long step is, how fast it goes, and when it will end at this pace. Pure. */
import type { Progress } from './request';

const MINUTE_MS = 60_000;

/** The progress of a step, from what was known of it before. `calls` are those of the request so far; `now` is in ms. */
export function progressOf(
  before: Progress | undefined,
  at: Pick<Progress, 'step' | 'unit' | 'done' | 'total'>,
  calls: number,
  now: number,
): Progress {
  const isSame = before !== undefined && before.step === at.step && before.unit === at.unit;
  const begun = isSame ? before : { since: new Date(now).toISOString(), doneBefore: at.done, callsBefore: calls };
  const { since, doneBefore, callsBefore } = begun;
  const lasted = now - Date.parse(since);
  const next: Progress = { ...at, since, doneBefore, callsBefore };
  if (lasted <= 0) return next;
  next.callsPerMinute = Math.round(((calls - callsBefore) * MINUTE_MS) / lasted);
  const fresh = at.done - doneBefore;
  if (at.total !== undefined && fresh > 0) {
    const left = Math.max(0, at.total - at.done);
    next.expectedEnd = new Date(now + (left * lasted) / fresh).toISOString();
  }
  return next;
}
