import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from '@swc/core';

const ROOT = join(__dirname, '..');
const CORPORA: Record<string, string> = { 'the corpus of files': 'csv', 'the corpus of commands': 'commands' };

type Node = Record<string, unknown>;

interface Titles {
  /** What is told of: of `describe`. */
  subjects: Set<string>;
  /** What is told: of `it`, with `…` for what a table fills in; by the file that holds them. */
  promises: Map<string, string[]>;
}

/** `it('…')`, `it.each(…)('…')` and the same of `describe`: the name of the function and the title. */
function titleOf({ type, callee, arguments: given }: Node): [string, string] | null {
  if (type !== 'CallExpression') return null;
  let named = callee as Node;
  while (named.type === 'CallExpression' || named.type === 'MemberExpression') {
    named = (named.type === 'CallExpression' ? named.callee : named.object) as Node;
  }
  const title = (given as { expression: Node }[])[0]?.expression;
  return title?.type === 'StringLiteral' ? [String(named.value), String(title.value)] : null;
}

function walk(value: unknown, visit: (node: Node) => void): void {
  if (value === null || typeof value !== 'object') return;
  if (!Array.isArray(value) && typeof (value as Node).type === 'string') visit(value as Node);
  for (const part of Object.values(value)) walk(part, visit);
}

function readTitles(): Titles {
  const titles: Titles = { subjects: new Set(), promises: new Map() };
  for (const path of readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })) {
    if (!path.endsWith('.ts')) continue;
    const promises: string[] = [];
    walk(parseSync(readFileSync(join(ROOT, 'test', path), 'utf8'), { syntax: 'typescript' }), (node) => {
      const [name, title = ''] = titleOf(node) ?? [];
      if (name === 'describe') titles.subjects.add(title.replace(/^an? /, ''));
      if (name === 'it') promises.push(title.replace(/%[a-z]/g, '…'));
    });
    titles.promises.set(`test/${path.replaceAll('\\', '/')}`, promises);
  }
  return titles;
}

/** The tests that a cell names: `subject: promise` with an optional file in brackets, one after the other with `; `. */
function faultsOf(cell: string, { subjects, promises }: Titles): string[] {
  return cell.split('; ').flatMap((named) => {
    const [, subject = '', promise = '', , file] = /^(.*?): (.*?)( \(`(.*)`\))?$/.exec(named) ?? [];
    const corpus = CORPORA[subject];
    if (corpus !== undefined) {
      const names = promise.replace(/ and the others$/, '').split(', ');
      const missing = names.filter((name) => !existsSync(join(ROOT, 'test/fuzz/corpus', corpus, `${name}.json`)));
      return missing.map((name) => `${subject} has no ${name}`);
    }
    const known = file === undefined ? [...promises.values()].flat() : (promises.get(file) ?? []);
    const pattern = new RegExp(
      `^${promise
        .split('…')
        .map((part) => part.replace(/[.*+?^$()[\]{}|\\]/g, '\\$&'))
        .join('.*')}$`,
    );
    return [
      ...(subjects.has(subject.replace(/^an? /, '')) ? [] : [`no test is about "${subject}" (${named})`]),
      ...(promise !== '…' && known.some((title) => pattern.test(title)) ? [] : [`no test promises "${promise}"`]),
    ];
  });
}

describe('the table of hostile input in docs/security.md', () => {
  const page = readFileSync(join(ROOT, 'docs/security.md'), 'utf8');
  const [, section = ''] = page.split('\n## Hostile input\n');
  const cells = [...section.matchAll(/^\| (?!input |---)(.*) \| (.*) \| (.*) \|$/gm)].map(([, , , cell = '']) => cell);
  const titles = readTitles();

  it('names only tests that there are', () => {
    expect(cells.length).toBeGreaterThan(20);
    expect(cells.flatMap((cell) => faultsOf(cell, titles))).toEqual([]);
  });

  it.each([
    ['hostile file: does what nobody promised', 'no test promises "does what nobody promised"'],
    ['hostile teapot: may be called …', 'no test is about "hostile teapot"'],
    ['hostile file: …', 'no test promises "…"'],
    ['hostile file: may be called … (`test/docs.test.ts`)', 'no test promises "may be called …"'],
    ['the corpus of files: nul, nowhere', 'the corpus of files has no nowhere'],
    ['the same', 'no test is about ""'],
  ])('would be told of %s', (cell, fault) => {
    expect(faultsOf(cell, titles)[0]).toContain(fault);
  });
});
