/** The one random source of a history: the same seed gives the same numbers, on every machine. */
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

export interface Random {
  /** A whole number from `from` to `to`, both included. */
  int(from: number, to: number): number;
  chance(probability: number): boolean;
  pick<T>(values: readonly [T, ...T[]]): T;
  /** Each value with this probability, in their order. */
  some<T>(values: readonly T[], probability: number): T[];
  /** From `from` to `to`, small ones as often as large ones: each order of magnitude is as likely. */
  spread(from: number, to: number): number;
  /** 32 hex digits. */
  nonce(): string;
}

const RANGE = 2 ** 32;
const WARM_UP = 64;

export function createRandom(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  // Seeds that are close to each other begin alike: without this all first draws of the first thousand were the same.
  for (let n = 0; n < WARM_UP; n += 1) generator.next();
  const word = () => generator.next() >>> 0;
  const fraction = () => word() / RANGE;
  const random: Random = {
    int: (from, to) => from + Math.floor(fraction() * (to - from + 1)),
    chance: (probability) => fraction() < probability,
    pick: (values) => values[random.int(0, values.length - 1)] ?? values[0],
    some: (values, probability) => values.filter(() => random.chance(probability)),
    spread: (from, to) => Math.round(from * (to / from) ** fraction()),
    nonce: () => [word(), word(), word(), word()].map((part) => part.toString(16).padStart(8, '0')).join(''),
  };
  return random;
}
