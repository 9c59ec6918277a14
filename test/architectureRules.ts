/** The arrows of docs/architecture.md as rules over the import lines of the sources. Pure: sources in, faults out. */
import { posix } from 'node:path';
import { parseSync } from '@swc/core';

/** Text by path from the root of the project, with forward slashes. */
export type Sources = ReadonlyMap<string, string>;

interface Source {
  path: string;
  /** Paths of files of the project, or bare module names. */
  imports: string[];
  mocks: string[];
  readsEnvironment: boolean;
  hasDefaultExport: boolean;
}

/** What the files of a folder, or one file, may import. A folder ends with a slash and always holds its own files. */
interface Zone {
  at: string;
  inside: readonly string[];
  outside: readonly RegExp[];
}

const BUILT_IN = /^node:/;
const CLOUD = /^(?:@google-cloud\/|google-auth-library|google-gax|@grpc\/)/;
const FRAMEWORK = /^@google-cloud\/functions-framework(?:\/|$)/;
const WIRE = /^(?:node:)?(?:http|https|http2|net|tls|dgram)$|^@grpc\//;

const [PORTS, CONFIG, LOG] = ['shared/ports.ts', 'shared/config.ts', 'shared/log.ts'];
const [CORE, LEDGER, STEPS, ENGINE] = ['shared/core/', 'shared/ledger/', 'shared/steps/', 'shared/engine/'];
const CLIENTS = 'shared/clients/';

/** The first zone that holds a file is its own: single files stand before their folders. */
const ZONES: readonly Zone[] = [
  { at: PORTS, inside: [CORE], outside: [/^node:stream$/] },
  { at: CONFIG, inside: [CORE], outside: [/^zod$/] },
  { at: LOG, inside: [PORTS], outside: [] },
  { at: 'shared/handler.ts', inside: [CLIENTS, CONFIG, CORE, LEDGER, LOG, PORTS], outside: [] },
  { at: CORE, inside: [], outside: [/^zod$/, /^papaparse$/, /^node:crypto$/] },
  { at: LEDGER, inside: [PORTS, CORE, CONFIG], outside: [] },
  {
    at: STEPS,
    inside: [LEDGER, PORTS, CORE, CONFIG, LOG],
    outside: [/^node:crypto$/, /^node:stream$/, /^node:zlib$/],
  },
  { at: ENGINE, inside: [STEPS, LEDGER, PORTS, CORE, CONFIG, LOG], outside: [/^zod$/] },
  { at: CLIENTS, inside: [PORTS, CORE, CONFIG], outside: [BUILT_IN, CLOUD] },
  { at: 'shared/console/', inside: [LEDGER, PORTS, CORE, CONFIG, LOG], outside: [/^zod$/] },
  { at: 'functions/console/page/', inside: ['shared/console/', CORE], outside: [/^preact(?:\/|$)/] },
  {
    at: 'functions/',
    inside: ['shared/handler.ts', 'shared/console/', ENGINE, LEDGER, PORTS, CORE, LOG],
    outside: [FRAMEWORK, BUILT_IN, /^virtual:/],
  },
  { at: 'local/main.ts', inside: ['local/', PORTS, CORE, LOG, CONFIG], outside: [/./] },
  { at: 'local/', inside: [PORTS, CORE, LOG], outside: [/./] },
  { at: 'cli/', inside: ['shared/'], outside: [/./] },
];

/** One sentence for each arrow that is forbidden. */
export function faultsOf(sources: Sources): string[] {
  const read = [...sources].map(([path, text]) => readSource(path, text, sources));
  const isTest = (path: string) => path.startsWith('test/');
  return [
    ...read.filter(({ path }) => !isTest(path)).flatMap(zoneFaults),
    ...read.flatMap(frameworkFaults),
    ...read.flatMap(habitFaults),
    ...modelFaults(new Map(read.map((source) => [source.path, source.imports]))),
    ...cycleFaults(new Map(read.map((source) => [source.path, source.imports]))),
  ];
}

function zoneFaults({ path, imports }: Source): string[] {
  const zone = ZONES.find(({ at }) => holds(at, path));
  if (zone === undefined) return [`${path} lies in no folder that docs/architecture.md names`];
  const mayImport = (target: string) =>
    isFile(target)
      ? [zone.at, ...zone.inside].some((allowed) => holds(allowed, target))
      : zone.outside.some((pattern) => pattern.test(target));
  return imports.filter((target) => !mayImport(target)).map((target) => `${path} must not import ${target}`);
}

/** The framework registers functions; a process that serves one is the only other that needs it. */
function frameworkFaults({ path, imports }: Source): string[] {
  if (path.startsWith('functions/') || path.startsWith('test/') || path === 'local/functionHost.ts') return [];
  return imports.filter((target) => FRAMEWORK.test(target)).map(() => `${path} must not know the functions framework`);
}

function habitFaults({ path, mocks, readsEnvironment, hasDefaultExport }: Source): string[] {
  const mayRead = path.startsWith('test/') || path === 'shared/handler.ts' || path === 'local/main.ts';
  return [
    ...(readsEnvironment && !mayRead ? [`${path} reads process.env; it is read once and passed on`] : []),
    ...(hasDefaultExport ? [`${path} has a default export`] : []),
    ...mocks.filter((target) => target.startsWith('.')).map((target) => `${path} mocks ${target}`),
  ];
}

/** The model has no wire in it: neither its files nor any file of the local services that they import. */
function modelFaults(graph: ReadonlyMap<string, string[]>): string[] {
  const models = [...graph.keys()].filter((path) => /^local\/[^/]+\/model[^/]*\.ts$/.test(path));
  const seen = new Set(models);
  for (const path of seen) {
    for (const target of graph.get(path) ?? []) if (target.startsWith('local/')) seen.add(target);
  }
  return [...seen].flatMap((path) =>
    (graph.get(path) ?? [])
      .filter((target) => WIRE.test(target))
      .map((target) => `${path} belongs to a model and must not import ${target}`),
  );
}

function cycleFaults(graph: ReadonlyMap<string, string[]>): string[] {
  const done = new Set<string>();
  const faults: string[] = [];
  function visit(path: string, way: readonly string[]): void {
    const from = way.indexOf(path);
    if (from >= 0) faults.push(`a cycle: ${[...way.slice(from), path].join(' → ')}`);
    if (from >= 0 || done.has(path)) return;
    for (const target of graph.get(path) ?? []) if (target.startsWith('shared/')) visit(target, [...way, path]);
    done.add(path);
  }
  for (const path of graph.keys()) if (path.startsWith('shared/')) visit(path, []);
  return faults;
}

function holds(at: string, path: string): boolean {
  return at.endsWith('/') ? path.startsWith(at) : path === at;
}

function isFile(target: string): boolean {
  return /^(?:functions|shared|local|cli|test|bench)\//.test(target);
}

function readSource(path: string, text: string, sources: Sources): Source {
  const source: Source = { path, imports: [], mocks: [], readsEnvironment: false, hasDefaultExport: false };
  walk(parseSync(text, { syntax: 'typescript', tsx: path.endsWith('.tsx') }), (node) => {
    const target = textOf(node.source) ?? (node.type === 'TsImportType' ? textOf(node.argument) : null);
    if (target !== null) source.imports.push(resolved(path, target, sources));
    if (node.type === 'CallExpression') readCall(node, source, sources);
    if (node.type === 'MemberExpression' && isName(node.object, 'process') && memberName(node) === 'env') {
      source.readsEnvironment = true;
    }
    if (String(node.type).startsWith('ExportDefault')) source.hasDefaultExport = true;
  });
  return source;
}

type Node = Record<string, unknown>;

/** `import('…')`, `require('…')` and `jest.mock('…')`. */
function readCall(node: Node, source: Source, sources: Sources): void {
  const [first] = node.arguments as { expression: unknown }[];
  const target = textOf(first?.expression);
  if (target === null) return;
  const callee = node.callee as Node;
  if (callee.type === 'Import' || isName(callee, 'require')) {
    source.imports.push(resolved(source.path, target, sources));
  }
  const isMock = ['mock', 'doMock', 'unstable_mockModule'].some((name) => isName(callee.property, name));
  if (isName(callee.object, 'jest') && isMock) source.mocks.push(target);
}

function walk(value: unknown, visit: (node: Node) => void): void {
  if (value === null || typeof value !== 'object') return;
  if (!Array.isArray(value) && typeof (value as Node).type === 'string') visit(value as Node);
  for (const part of Object.values(value)) walk(part, visit);
}

function isName(node: unknown, name: string): boolean {
  return (node as Node | undefined)?.type === 'Identifier' && (node as Node).value === name;
}

function memberName({ property }: Node): unknown {
  const { type, value, expression } = property as Node;
  return type === 'Computed' ? textOf(expression) : value;
}

function textOf(node: unknown): string | null {
  const literal = node as Node | null | undefined;
  return literal?.type === 'StringLiteral' ? String(literal.value) : null;
}

function resolved(from: string, target: string, sources: Sources): string {
  if (!target.startsWith('.')) return target;
  const stem = posix.join(posix.dirname(from), target);
  const candidates = [stem, `${stem}.ts`, `${stem}.tsx`, `${stem}/index.ts`];
  return candidates.find((path) => sources.has(path)) ?? `${stem}.ts`;
}
