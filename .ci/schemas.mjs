/** `npm run schemas`: writes docs/events/*.schema.json from shared/core/eventSchema.ts; a test says when they differ. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = join(root, 'docs', 'events');
const outfile = join(root, 'dist', 'schemas', 'index.js');

const entry = join(root, 'shared', 'core', 'eventSchema.ts');
await build({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'cjs', logLevel: 'warning' });
const { EVENT_SCHEMAS, jsonSchemaOf } = createRequire(import.meta.url)(outfile);

mkdirSync(folder, { recursive: true });
for (const name of readdirSync(folder)) if (name.endsWith('.schema.json')) rmSync(join(folder, name));
for (const type of Object.keys(EVENT_SCHEMAS)) {
  writeFileSync(join(folder, `${type}.schema.json`), `${JSON.stringify(jsonSchemaOf(type), null, 2)}\n`);
}
