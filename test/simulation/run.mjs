#!/usr/bin/env node
/**
 * npm run simulate -- --seeds 10000 --from 1    many histories; tells which break a rule, and the first of them whole
 * npm run simulate -- --seed 42                 one history, whole
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readOptions } from '../options.mjs';
import { bundleSimulator } from './bundle.mjs';
import { runSeeds } from './workers.mjs';

const values = readOptions({
  seeds: { default: '1000', least: 1 },
  from: { default: '1', least: 1 },
  seed: { least: 1 },
  workers: { least: 1 },
});

function tellWhole(history) {
  console.log(history.lines.join('\n'));
  console.log(`\nseed ${history.seed}: ${history.violations.length === 0 ? 'all rules held' : 'broken rules:'}`);
  for (const violation of history.violations) console.log(`  ${violation}`);
}

async function runMany(bundle, replay) {
  const started = Date.now();
  const broken = [];
  const sums = { requests: 0, invocations: 0, calls: 0, operations: 0 };
  const ends = {};
  const { seeds: count, from, workers } = values;
  await runSeeds(bundle, { from, count, workers }, ({ seed, violations, counts, outcomes }) => {
    for (const [end, number] of Object.entries(outcomes)) ends[end] = (ends[end] ?? 0) + number;
    for (const key of Object.keys(sums)) sums[key] += counts[key];
    if (violations.length > 0) broken.push(seed);
    for (const violation of violations.slice(0, 1)) console.log(`seed ${seed}: ${violation}`);
    if ((seed - from + 1) % 1000 === 0) console.error(`${seed - from + 1} histories, ${broken.length} broken`);
  });
  const seconds = (Date.now() - started) / 1000;
  const cpu = process.cpuUsage();
  if (broken.length > 0) tellWhole(await replay(broken[0]));
  for (const end of Object.keys(ends).sort()) console.log(`${String(ends[end]).padStart(8)} ${end}`);
  console.log(
    `${count} histories with ${sums.requests} requests, ${sums.operations} operations, ${sums.invocations} invocations and ` +
      `${sums.calls} calls in ` +
      `${seconds.toFixed(0)} s (${((cpu.user + cpu.system) / 1000 / count).toFixed(0)} ms of processor time each): ` +
      `${broken.length === 0 ? 'all rules held' : `rules broken by ${broken.length} seeds: ${broken.join(', ')}`}`,
  );
  return broken.length === 0;
}

const folder = mkdtempSync(join(tmpdir(), 'simulate-'));
try {
  const bundle = join(folder, 'simulate.cjs');
  await bundleSimulator(bundle);
  process.setSourceMapsEnabled(true);
  const { simulate } = createRequire(import.meta.url)(bundle);
  const replay = (seed) => simulate(seed, { verbose: true });
  if (values.seed === undefined) {
    process.exitCode = (await runMany(bundle, replay)) ? 0 : 1;
  } else {
    const history = await replay(values.seed);
    tellWhole(history);
    process.exitCode = history.violations.length === 0 ? 0 : 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
