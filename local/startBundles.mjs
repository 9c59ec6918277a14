/** `npm run start:bundles`: the whole system on the bundles that are in `dist/` now, as `npm run build` left them. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const dist = join(dirname(fileURLToPath(import.meta.url)), '..', 'dist');
const FUNCTIONS = ['importProductSets', 'runCommand', 'continueRequest', 'pollOperations', 'console'];

/** What runs, so that it can be told apart from what was deployed. */
function described(name) {
  const code = readFileSync(join(dist, name, 'function.js'));
  const digest = createHash('sha256').update(code).digest('hex').slice(0, 12);
  return `${name.padEnd(18)} ${(code.length / 1e6).toFixed(1)} MB  sha256 ${digest}\n`;
}

try {
  for (const name of FUNCTIONS) process.stdout.write(described(name));
} catch (error) {
  if (error.code !== 'ENOENT') throw error;
  process.stderr.write(`There is no ${error.path}; run npm run build first\n`);
  process.exit(1);
}
createRequire(import.meta.url)('../dist/local/main.js');
