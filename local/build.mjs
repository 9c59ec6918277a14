/** Bundles what runs: one CommonJS bundle a function (the framework stays outside), and the local system. */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
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
  sourcesContent: false,
  logLevel: 'warning',
  absWorkingDir: root,
  write: false,
};

/** Builds everything into `dist/`. All functions in one go: most of what they hold is the same and is read once. */
export async function buildAll() {
  const functions = build({
    ...common,
    entryPoints: FUNCTIONS.map((name) => ({ in: `functions/${name}.ts`, out: `${name}/index` })),
    outdir: 'dist',
    external: ['@google-cloud/functions-framework'],
    plugins: [consolePage()],
  });
  const local = build({
    ...common,
    entryPoints: ['local/main.ts', 'local/functionHost.ts'],
    outdir: 'dist/local',
    packages: 'external',
  });
  await Promise.all([functions.then(writeWhole), local.then(writeWhole)]);
}

/** Whole files only, and only what has changed: two systems may be started from one checkout at the same time. */
async function writeWhole({ outputFiles }) {
  await Promise.all(
    outputFiles.map(async ({ path, contents }) => {
      const before = await readFile(path).catch(() => null);
      if (before?.equals(contents)) return;
      await mkdir(dirname(path), { recursive: true });
      await writeFile(`${path}.${process.pid}`, contents);
      await rename(`${path}.${process.pid}`, path);
    }),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildAll();
