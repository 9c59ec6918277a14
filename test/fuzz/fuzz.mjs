/**
 * The long run of the fuzz tests: a hundred times as many cases from a random seed, which is printed first.
 *
 *   npm run fuzz                             all
 *   npm run fuzz -- --seed 7 --times 1000    again from a seed, or longer
 *   npm run fuzz -- commands                 only test/fuzz/commands.test.ts
 *
 * A case that is found belongs into test/fuzz/corpus, with a sentence.
 */
import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string' }, times: { type: 'string', default: '100' } },
});
const seed = values.seed ?? String(randomInt(2 ** 31));
process.stdout.write(`Seed ${seed}, ${values.times} times the usual runs\n`);
const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
const { status } = spawnSync(process.execPath, [jest, `test/fuzz/.*${positionals[0] ?? ''}`], {
  stdio: 'inherit',
  env: { ...process.env, FUZZ_SEED: seed, FUZZ_TIMES: values.times },
});
process.exitCode = status ?? 1;
