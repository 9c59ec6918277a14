/** How long the page waits before it asks again. Pure. */

const STEADY_MS = 2_000;
const LONGEST_MS = 30_000;

/** Two seconds while all is well, doubled with every failure in a row, at most half a minute. */
export function pauseAfter(failures: number): number {
  return Math.min(LONGEST_MS, STEADY_MS * 2 ** Math.min(failures, 10));
}
