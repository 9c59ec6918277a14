/** An esbuild plugin that makes `virtual:console-page`: page/main.tsx and page/style.css inside page/index.html. */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const page = join(dirname(fileURLToPath(import.meta.url)), 'page');

export function consolePage() {
  return {
    name: 'console-page',
    setup({ onResolve, onLoad, esbuild }) {
      onResolve({ filter: /^virtual:console-page$/ }, ({ path }) => ({ path, namespace: 'console-page' }));
      onLoad({ filter: /.*/, namespace: 'console-page' }, async () => {
        const [template, script, style] = await Promise.all([
          readFile(join(page, 'index.html'), 'utf8'),
          bundle(esbuild, 'main.tsx'),
          bundle(esbuild, 'style.css'),
        ]);
        const html = fill(fill(template, '/*STYLE*/', style), '/*SCRIPT*/', script);
        return { contents: `export const pageHtml = ${JSON.stringify(html)};`, loader: 'js' };
      });
    },
  };
}

async function bundle(esbuild, file) {
  const { outputFiles } = await esbuild.build({
    entryPoints: [join(page, file)],
    bundle: true,
    write: false,
    minify: true,
    platform: 'browser',
    target: 'es2022',
    format: 'iife',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    logLevel: 'warning',
  });
  return outputFiles[0].text.trim();
}

/** A function as replacement: in a text, `$&` of minified code would be taken for a pattern. */
function fill(template, marker, text) {
  if (!template.includes(marker)) throw new Error(`page/index.html lacks ${marker}`);
  if (/<\/(script|style)/i.test(text)) throw new Error(`what is put in for ${marker} would end its element`);
  return template.replace(marker, () => text);
}
