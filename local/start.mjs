/** `npm start`: builds, then runs the whole system in this process and its children. */
import { createRequire } from 'node:module';
import { stop } from 'esbuild';
import { buildAll } from './build.mjs';

process.stdout.write('Building …\n');
await buildAll();
await stop();
createRequire(import.meta.url)('../dist/local/main.js');
