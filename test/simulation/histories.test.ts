import { REGRESSIONS } from './regressions';
import { simulate } from './simulate';

const SEEDS = 200;

describe('any history', () => {
  it(`of the first ${SEEDS} seeds ends with every rule kept`, async () => {
    const broken: string[] = [];
    let requests = 0;
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const { violations, counts } = await simulate(seed);
      requests += counts.requests;
      broken.push(...violations.map((violation) => `npm run simulate -- --seed ${seed}: ${violation}`));
    }

    expect(broken).toEqual([]);
    expect(requests).toBeGreaterThan(3 * SEEDS);
  }, 240_000);

  it.each(REGRESSIONS)('of seed $seed keeps every rule: $bug', async ({ seed }) => {
    expect((await simulate(seed)).violations).toEqual([]);
  });

  it('is the same, line by line, whenever its seed is run', async () => {
    const [first, second] = [await simulate(5, { verbose: true }), await simulate(5, { verbose: true })];

    expect(first.lines.length).toBeGreaterThan(100);
    expect(second).toEqual(first);
  });
});
