#!/usr/bin/env node
/**
 * npm run mutate [-- --only WORD] [-- --seeds 2000]
 * Breaks each guard on purpose, in memory, and runs histories until one is caught; prints a table for
 * docs/reliability.md. Fails where a guard can be broken without any history telling; ends with 2 where no guard matches.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readOptions, unusable } from '../options.mjs';
import { bundleSimulator } from './bundle.mjs';
import { MUTATIONS } from './mutations.mjs';
import { runSeeds } from './workers.mjs';

const { only, seeds } = readOptions({ only: { default: '' }, seeds: { default: '2000', least: 1 } });
const chosen = MUTATIONS.filter(({ guard }) => guard.toLowerCase().includes(only.toLowerCase()));
if (chosen.length === 0)
  unusable(`no guard has ${JSON.stringify(only)} in its name: test/simulation/mutations.mjs has all`);
const folder = mkdtempSync(join(tmpdir(), 'mutate-'));
let missed = 0;

/** A sentence of a rule for a cell of a table: without ids, on one line. */
function cell(violation) {
  const [line = ''] = violation.split('\n');
  return line
    .replace(/\b(imp|bat|cmd)-[\w-]{8,}/g, '$1-…')
    .replaceAll('|', '/')
    .slice(0, 140);
}

try {
  console.log('| guard | first seed | what the rules say |\n| --- | --- | --- |');
  for (const [index, mutation] of chosen.entries()) {
    const bundle = join(folder, `${index}.cjs`);
    await bundleSimulator(bundle, mutation);
    let found;
    await runSeeds(bundle, { from: 1, count: seeds }, (history) => {
      if (history.violations.length > 0) found = history;
      return found === undefined;
    });
    if (found === undefined) missed += 1;
    console.log(`| ${mutation.guard} | ${found?.seed ?? '**none**'} | ${cell(found?.violations[0] ?? '')} |`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (missed > 0) console.error(`${missed} of ${chosen.length} guards can be broken without being caught`);
process.exitCode = missed > 0 ? 1 : 0;
