/** The console's bundle as it is deployed, made for a test: the page is inside, the framework is the test's own. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');

/** Outside of jest, which cannot import the plugin's ECMAScript module. The framework is named by its path: the bundle lies in no package. */
function buildScript(outfile: string): string {
  const framework = require.resolve('@google-cloud/functions-framework');
  return `
    import { build } from 'esbuild';
    import { consolePage } from './functions/console/pagePlugin.mjs';
    const framework = {
      name: 'framework',
      setup: ({ onResolve }) => onResolve({ filter: /^@google-cloud.functions-framework$/ }, () => ({
        path: ${JSON.stringify(framework)}, external: true,
      })),
    };
    await build({
      entryPoints: ['functions/console.ts'], outfile: ${JSON.stringify(outfile)}, bundle: true, platform: 'node',
      target: 'node20', format: 'cjs', logLevel: 'error', plugins: [framework, consolePage()],
    });`;
}

/** Registers the function `console` with the framework, from its bundle. */
export function loadConsoleBundle(): void {
  const folder = mkdtempSync(join(tmpdir(), 'console-bundle-'));
  try {
    const outfile = join(folder, 'console.js');
    execFileSync(process.execPath, ['--input-type=module', '--eval', buildScript(outfile)], { cwd: ROOT });
    require(outfile);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
