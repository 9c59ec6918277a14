import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { runCli } from './cli/runCli';

const ROOT = join(__dirname, '..');
const PAGES = ['README.md', 'bench/README.md', ...markdownUnder('docs')];

function markdownUnder(folder: string): string[] {
  const names = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith('.md')).map((name) => `${folder}/${name}`);
}

const textOf = (page: string) => readFileSync(join(ROOT, page), 'utf8');

/** As GitHub makes them. */
function anchorsOf(page: string): Set<string> {
  const headings = [...textOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} -]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

function brokenLinks(page: string): string[] {
  const links = [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  return links.filter((link) => {
    if (/^https?:/.test(link)) return false;
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? page : relative(ROOT, resolve(ROOT, dirname(page), path));
    if (!existsSync(join(ROOT, target))) return true;
    return anchor !== undefined && !anchorsOf(target).has(anchor);
  });
}

/** The calls of the program in a page's code, without what stands behind `#`. */
function callsOf(page: string): string[][] {
  const calls = textOf(page).matchAll(/(?:\bpsc|npx product-search-cleanup) ([a-z]+[^\n`#;,)]*)/g);
  return [...calls].map(([, call = '']) => call.trim().split(/\s+/));
}

describe('the documentation', () => {
  it.each(PAGES)('has no link in %s that leads nowhere', (page) => {
    expect(brokenLinks(page)).toEqual([]);
  });

  it.each(['README.md', 'docs/runbook.md'])(
    'names only commands and options in %s that the program has',
    async (page) => {
      const calls = callsOf(page);
      const faults: string[] = [];
      for (const [verb = '', ...words] of calls) {
        const { status, out } = await runCli([verb, '--help'], {});
        const unknown = words.filter((word) => word.startsWith('--') && !out.includes(word));
        if (status !== 0 || unknown.length > 0) faults.push(`${[verb, ...words].join(' ')}: ${unknown.join(' ')}`);
      }

      expect(calls.length).toBeGreaterThan(1);
      expect(faults).toEqual([]);
    },
  );
});
