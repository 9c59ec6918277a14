import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { REGRESSIONS } from './regressions';
import { simulate } from './simulate';

const SEEDS = 200;
const ROOT = join(__dirname, '..', '..');

/** As `npm run simulate` does, in a process of its own: there they take a quarter of the time that they take in here. */
function run(seeds: number): { status: number | null; output: string } {
  const program = ['test/simulation/run.mjs', '--seeds', String(seeds), '--workers', '1'];
  const { status, stdout, stderr } = spawnSync(process.execPath, program, { cwd: ROOT, encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

describe('any history', () => {
  it(`of the first ${SEEDS} seeds ends with every rule kept`, () => {
    const { status, output } = run(SEEDS);

    const [, requests = '0'] =
      new RegExp(`^${SEEDS} histories with (\\d+) requests.*all rules held$`, 'm').exec(output) ?? [];
    expect({ status, output }).toEqual({ status: 0, output: expect.stringMatching(/all rules held$/m) });
    expect(Number(requests)).toBeGreaterThan(3 * SEEDS);
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
