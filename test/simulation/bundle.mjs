/** Bundles the simulator with the engine that it runs, in memory, as it stands or with a text of one file replaced. */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** The text of a source with the patch applied. Throws where the patch does not fit exactly once. */
export function patched(text, { file, find, replace, also }) {
  const parts = text.split(find);
  if (parts.length !== 2) throw new Error(`${file} holds this text ${parts.length - 1} times, not once:\n${find}`);
  const result = parts.join(replace);
  return also === undefined ? result : patched(result, { file, ...also });
}

/** Writes the bundle to that path. */
export async function bundleSimulator(path, patch) {
  const plugin = {
    name: 'patch',
    setup({ onLoad }) {
      if (patch === undefined) return;
      const file = join(ROOT, patch.file);
      onLoad({ filter: /\.ts$/ }, (args) =>
        args.path === file ? { contents: patched(readFileSync(file, 'utf8'), patch), loader: 'ts' } : undefined,
      );
    },
  };
  const { outputFiles } = await build({
    entryPoints: [join(ROOT, 'test', 'simulation', 'main.ts')],
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    logLevel: 'warning',
    absWorkingDir: ROOT,
    plugins: [plugin],
    sourcemap: 'inline',
    write: false,
  });
  writeFileSync(path, outputFiles[0].contents);
}
