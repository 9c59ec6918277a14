import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');

/** What a script prints on standard error, and its exit status, given what it cannot use. */
function refusal(script: string, options: string[]) {
  const { status, stderr, stdout } = spawnSync(process.execPath, [script, ...options], { cwd: ROOT, encoding: 'utf8' });
  return { status, stderr, stdout };
}

describe('the options of the scripts', () => {
  it.each([
    ['bench/load.mjs', '--lines 1.5', '--lines must be a whole number from 1 on, not "1.5"'],
    ['bench/load.mjs', '--minutes=', '--minutes must be a whole number from 1 on, not ""'],
    ['test/simulation/run.mjs', '--seeds 0', '--seeds must be a whole number from 1 on, not "0"'],
    ['test/simulation/run.mjs', '--seed 1e3', '--seed must be a whole number from 1 on, not "1e3"'],
    ['test/simulation/run.mjs', '--sed 1', "Unknown option '--sed'"],
    ['test/simulation/mutate.mjs', '--seeds nonsense', '--seeds must be a whole number from 1 on, not "nonsense"'],
    ['test/simulation/mutate.mjs', '--only nonsense', 'no guard has "nonsense" in its name'],
    ['test/chaos/chaos.mjs', '--stories 0', '--stories must be a whole number from 1 on, not "0"'],
    ['test/chaos/chaos.mjs', '--kills 99999999999999999999', '--kills must be a whole number from 1 on'],
    ['test/chaos/chaos.mjs', '--seconds', "Option '--seconds <value>' argument missing"],
  ])('of %s refuse %s with a sentence and exit status 2', (script, options, sentence) => {
    const { status, stderr, stdout } = refusal(script, options.split(' '));

    expect(stderr).toMatch(/^.*\n$/);
    expect(stderr).toContain(sentence);
    expect([status, stdout]).toEqual([2, '']);
  });
});
