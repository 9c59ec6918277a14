#!/usr/bin/env node
/** The command `product-search-cleanup`: bundles itself when its sources are newer than the bundle, then runs. */
import { mkdirSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const bundle = join(root, 'dist', 'cli', 'index.js');

function changedAt(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function isStale() {
  const built = changedAt(bundle);
  const sources = ['cli', 'shared'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true }).map((path) => join(root, folder, path)),
  );
  return [...sources, join(root, 'package.json')].some((path) => changedAt(path) > built);
}

async function build() {
  const { build: bundleUp, stop } = await import('esbuild');
  const { outputFiles } = await bundleUp({
    entryPoints: [join(root, 'cli', 'main.ts')],
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    // Google's clients stay in node_modules, where they are loaded only by the commands that need them.
    external: ['@google-cloud/*', 'google-auth-library', 'google-gax', '@grpc/*'],
    logLevel: 'warning',
    absWorkingDir: root,
    write: false,
  });
  await stop();
  mkdirSync(dirname(bundle), { recursive: true });
  // Renamed into place, so that two that build at once do not read half a bundle.
  const half = `${bundle}.${process.pid}`;
  writeFileSync(half, outputFiles[0].contents);
  renameSync(half, bundle);
}

// Whoever reads our output may stop reading, as head does; the status is that of a program which SIGPIPE ends.
process.stdout.on('error', (error) => process.exit(error.code === 'EPIPE' ? 141 : 2));
if (isStale()) await build();
const { main } = createRequire(import.meta.url)(bundle);
const { stdin, stdout, stderr, env } = process;
process.exitCode = await main(process.argv.slice(2), { stdin, stdout, stderr, env });
