/** Bundles what runs: a deployable folder a function, and the local system that runs those very folders. */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { consolePage } from '../functions/console/pagePlugin.mjs';
import { functionPackage } from './functionPackages.mjs';
import { ownMappings } from './ownMappings.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

export const FUNCTIONS = ['importProductSets', 'runCommand', 'continueRequest', 'pollOperations', 'console'];

/** The framework finds a function only in the copy of itself that runs it. */
const OUTSIDE = ['@google-cloud/functions-framework'];

/** Source maps count for what is loaded after this line; a stack then names our files and lines. */
const ENTRY = `process.setSourceMapsEnabled(true);\nrequire('./function.js');\n`;

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
    entryPoints: FUNCTIONS.map((name) => ({ in: `functions/${name}.ts`, out: `${name}/function` })),
    outdir: 'dist',
    external: OUTSIDE,
    // Names stay: stacks are read by people, and Error Reporting groups by them.
    minifyWhitespace: true,
    metafile: true,
    plugins: [consolePage()],
  });
  const local = build({
    ...common,
    entryPoints: ['local/main.ts', 'local/functionHost.ts'],
    outdir: 'dist/local',
    packages: 'external',
  });
  await Promise.all([functions.then(writeFunctions), local.then(({ outputFiles }) => writeWhole(outputFiles))]);
}

async function writeFunctions({ outputFiles, metafile }) {
  const [rootPackage, rootLock] = await Promise.all([readJson('package.json'), readJson('package-lock.json')]);
  const described = FUNCTIONS.flatMap((name) => {
    const { imports } = metafile.outputs[`dist/${name}/function.js`];
    const files = functionPackage(name, outsideImports(imports), { rootPackage, rootLock });
    return Object.entries(files).map(([file, content]) =>
      textFile(name, file, `${JSON.stringify(content, null, 2)}\n`),
    );
  });
  const entries = FUNCTIONS.map((name) => textFile(name, 'index.js', ENTRY));
  await writeWhole([...outputFiles.map(withOwnMappings), ...described, ...entries]);
}

function withOwnMappings({ path, contents, text }) {
  return path.endsWith('.map') ? { path, contents: Buffer.from(ownMappings(text)) } : { path, contents };
}

/**
 * What the bundle asks of its `node_modules`. Besides, esbuild leaves alone what is part of Node, and what is not
 * installed but only tried for (`try { require('encoding') }` of node-fetch); a plain import of that ends the build.
 */
function outsideImports(imports) {
  return OUTSIDE.filter((name) => imports.some(({ path }) => path === name || path.startsWith(`${name}/`)));
}

async function readJson(name) {
  return JSON.parse(await readFile(join(root, name), 'utf8'));
}

function textFile(name, file, text) {
  return { path: join(root, 'dist', name, file), contents: Buffer.from(text) };
}

/** Whole files only, and only what has changed: two systems may be started from one checkout at the same time. */
async function writeWhole(outputFiles) {
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
