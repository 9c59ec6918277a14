/**
 * How fast `lint` checks a large file, beside Papa Parse merely parsing it; how much memory that takes; and whether the
 * time is linear in the lines. Both are whole processes and take turns, so that the machine's mood is shared.
 *
 *   node bench/lint.mjs                          1,000,000 lines, 7 rounds
 *   node bench/lint.mjs --lines 200000 --rounds 3
 *   node bench/lint.mjs --shuffled               the images of a product do not stand together
 *   node bench/lint.mjs --odd 1000               every line gets a warning or an error (default: 5 of 1,000)
 *
 * Exits with 1 where a bound of the project is not kept: 150 MB, the throughput of Papa Parse, 10.5 times the time for
 * 10 times the lines.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeLintCsv } from './lintCsv.mjs';

const { values } = parseArgs({
  options: {
    lines: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '7' },
    odd: { type: 'string', default: '5' },
    shuffled: { type: 'boolean', default: false },
  },
});
const lines = Number(values.lines);
const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const COMMANDS = {
  lint: (file) => [here('../cli/run.mjs'), 'lint', '--max-problems', '0', file],
  papa: (file) => [here('lintPapa.mjs'), file],
};

function measure(name, file) {
  const began = performance.now();
  const child = spawn(process.execPath, ['--import', here('lintUsage.mjs'), ...COMMANDS[name](file)], {
    stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
  });
  let [said, usage] = ['', ''];
  child.stdout.on('data', (chunk) => (said += chunk));
  child.stdio[3].on('data', (chunk) => (usage += chunk));
  return new Promise((resolve, reject) => {
    child.on('close', (status) => {
      if (status > 1) reject(new Error(`${name} ended with ${status}: ${said}`));
      else resolve({ ms: performance.now() - began, said: said.trim(), ...JSON.parse(usage) });
    });
  });
}

function median(numbers) {
  const sorted = [...numbers].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)];
}

const folder = mkdtempSync(join(tmpdir(), 'bench-lint-'));
try {
  const [large, small] = [join(folder, 'large.csv'), join(folder, 'small.csv')];
  const options = { odd: Number(values.odd), grouped: !values.shuffled };
  await writeLintCsv(large, { lines, ...options });
  await writeLintCsv(small, { lines: lines / 10, ...options });
  await measure('lint', small); // bundles the command, if that has to be

  const runs = { lint: [], papa: [], tenth: [] };
  for (let round = 0; round < Number(values.rounds); round += 1) {
    runs.lint.push(await measure('lint', large));
    runs.papa.push(await measure('papa', large));
    runs.tenth.push(await measure('lint', small));
  }
  const of = (name, what) => median(runs[name].map((run) => run[what]));
  const faster = median(runs.papa.map(({ ms }, round) => ms / runs.lint[round].ms));
  const linear = median(runs.lint.map(({ ms }, round) => ms / runs.tenth[round].ms));
  const row = (name) =>
    `${name.padEnd(6)}${`${of(name, 'ms').toFixed(0)} ms`.padStart(10)}${`${of(name, 'cpuMs').toFixed(0)} ms CPU`.padStart(14)}${`${of(name, 'rssMb').toFixed(0)} MB`.padStart(9)}`;

  console.log(
    `${lines} lines, ${(statSync(large).size / 1e6).toFixed(0)} MB, Node ${process.version}; medians of ${values.rounds} rounds`,
  );
  console.log(runs.lint[0].said.replaceAll(`${folder}/`, ''));
  console.log(`${row('lint')}\n${row('papa')}`);
  console.log(`lint checks ${faster.toFixed(2)} times as fast as Papa Parse parses`);
  console.log(`ten times the lines take ${linear.toFixed(2)} times the time`);
  if (of('lint', 'rssMb') > 150 || faster < 1 || linear > 10.5) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}
