/** Bundles what runs: one CommonJS bundle a function (the framework stays outside), and the local system. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { consolePage } from '../functions/console/pagePlugin.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

export const FUNCTIONS = ['importProductSets', 'runCommand', 'continueRequest', 'pollOperations', 'console'];

const common = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  sourcemap: true,
  logLevel: 'warning',
  absWorkingDir: root,
};

/** Builds everything into `dist/`. */
export async function buildAll() {
  const functions = FUNCTIONS.filter((name) => existsSync(join(root, 'functions', `${name}.ts`)));
  await Promise.all([
    ...functions.map((name) =>
      build({
        ...common,
        entryPoints: [`functions/${name}.ts`],
        outfile: `dist/${name}/index.js`,
        external: ['@google-cloud/functions-framework'],
        plugins: name === 'console' ? [consolePage()] : [],
      }),
    ),
    build({
      ...common,
      entryPoints: ['local/main.ts', 'local/functionHost.ts'],
      outdir: 'dist/local',
      packages: 'external',
    }),
  ]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildAll();
