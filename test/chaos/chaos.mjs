/** Reads the options, bundles the script's TypeScript and runs it. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, stop } from 'esbuild';
import { readOptions } from '../options.mjs';

const options = readOptions({
  seed: { default: '1', least: 1 },
  seconds: { default: '120', least: 1 },
  stories: { default: '60', least: 1 },
  kills: { default: '100', least: 1 },
  /** Google's Pub/Sub emulator in place of the local service. */
  emulator: { type: 'boolean', default: false },
});

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const bundle = join(root, 'dist', 'chaos', 'index.cjs');
await build({
  entryPoints: [join(root, 'test', 'chaos', 'main.ts')],
  outfile: bundle,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  packages: 'external',
  logLevel: 'warning',
  absWorkingDir: root,
});
await stop();
const { main } = createRequire(import.meta.url)(bundle);
process.exitCode = await main(options);
