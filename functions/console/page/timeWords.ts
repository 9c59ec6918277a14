/** Ages and durations in words. Pure. */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A length of time by its two largest units: `0.4 s`, `12 s`, `3 min 5 s`, `2 h 4 min`, `3 d 1 h`. */
export function durationText(ms: number): string {
  if (ms < 0) return '0 s';
  if (ms < 10 * SECOND) return `${Math.round(ms / 100) / 10} s`;
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s`;
  if (ms < HOUR) return twoUnits(ms, MINUTE, 'min', SECOND, 's');
  if (ms < DAY) return twoUnits(ms, HOUR, 'h', MINUTE, 'min');
  return twoUnits(ms, DAY, 'd', HOUR, 'h');
}

function twoUnits(ms: number, large: number, largeName: string, small: number, smallName: string): string {
  const rest = Math.floor((ms % large) / small);
  return `${Math.floor(ms / large)} ${largeName}${rest === 0 ? '' : ` ${rest} ${smallName}`}`;
}

/** How long ago, in one unit: `now`, `12 s ago`, `3 min ago`. What is ahead is `in 12 s`. */
export function ageText(ms: number): string {
  if (ms < -SECOND) return `in ${oneUnit(-ms)}`;
  return ms < 2 * SECOND ? 'now' : `${oneUnit(ms)} ago`;
}

function oneUnit(ms: number): string {
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
  if (ms < DAY) return `${Math.floor(ms / HOUR)} h`;
  return `${Math.floor(ms / DAY)} d`;
}
