import { createRandom } from './random';

const SEEDS = Array.from({ length: 1_000 }, (_, n) => n + 1);

describe('the random source', () => {
  it('gives the same numbers for the same seed, and others for another', () => {
    const [one, same, other] = [createRandom(7), createRandom(7), createRandom(8)].map((random) => random.nonce());

    expect(one).toMatch(/^[0-9a-f]{32}$/);
    expect(same).toBe(one);
    expect(other).not.toBe(one);
  });

  it.each([1, 2, 3])('spreads draw %d evenly over seeds that follow each other', (draw) => {
    const counts = [0, 0, 0, 0, 0];
    for (const seed of SEEDS) {
      const random = createRandom(seed);
      for (let n = 1; n < draw; n += 1) random.int(0, 4);
      const drawn = random.int(0, 4);
      counts[drawn] = (counts[drawn] ?? 0) + 1;
    }

    for (const count of counts) expect(count).toBeGreaterThan(120);
  });
});
