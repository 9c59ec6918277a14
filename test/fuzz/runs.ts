/** How often properties run and from which seed: the same every time in `npm test`, more and from a new seed in `npm run fuzz`. */
import type { Parameters } from 'fast-check';

const SEED = Number(process.env.FUZZ_SEED ?? 20261122);
const TIMES = Number(process.env.FUZZ_TIMES ?? 1);

/** `numRuns` is what `npm test` does. */
export function runs<T>(numRuns: number): Parameters<T> {
  return { seed: SEED, numRuns: numRuns * TIMES };
}

/** For tests that run properties: the long run takes its time. */
export const LIMIT_MS = 30_000 * TIMES;
