/**
 * How much memory a sweep of a large folder takes: the steps themselves, in a process with the heap of a function of
 * 256 MB, over many invocations. Images and catalogue are made up call by call; the staging folder lies on disk.
 *
 *   node bench/sweep.mjs                    1,000,000 files, 1,000,000 reference images, 100,000 files unused
 *   node bench/sweep.mjs --files 100000
 *
 * Exits with 1 where the counts are wrong or the process took more than 256 MB.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const { values } = parseArgs({ options: { files: { type: 'string', default: '1000000' } } });
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'sweep-'));
const imports = ['listCandidates', 'markUsed', 'markSnapshots', 'removeUnused', 'reportSweep']
  .map((step) => `export { ${step} } from './shared/steps/${step}';`)
  .concat(
    "export { loadConfig } from './shared/config';",
    "export { commandRequest } from './shared/core/newRequest';",
    "export { SILENT_LOG } from './shared/log';",
  );
try {
  await build({
    stdin: { contents: imports.join('\n'), resolveDir: root, loader: 'ts' },
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    outfile: join(folder, 'steps.cjs'),
    logLevel: 'warning',
  });
  // As the functions are run.
  const heap = ['--max-old-space-size=150', '--max-semi-space-size=8'];
  const worker = fileURLToPath(new URL('sweepSteps.mjs', import.meta.url));
  const { status } = spawnSync(process.execPath, [...heap, worker, folder, values.files], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
