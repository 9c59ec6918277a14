/** Reads a folder of Terraform files as one module, without terraform. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parse } from '@cdktf/hcl2json';

// The parser is a Go program whose runtime sets timers for seconds to come; none of them may keep the process.
const { setTimeout: original } = globalThis;
globalThis.setTimeout = Object.assign(
  (...given: Parameters<typeof original>) => original(...given).unref(),
  original,
) as typeof original;

export type Tree = Record<string, unknown>;

export interface Declared {
  type: string;
  name: string;
  /** As in the source: expressions are strings with `${…}`. */
  body: Tree;
}

export interface HclModule {
  /** Absolute. */
  folder: string;
  variables: Record<string, Tree>;
  locals: Record<string, unknown>;
  outputs: Record<string, Tree>;
  calls: Record<string, Tree>;
  resources: Declared[];
  data: Declared[];
}

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Blocks are lists of bodies, however often they may stand there. */
export function bodiesOf(value: unknown): Tree[] {
  return (Array.isArray(value) ? value : [value]).filter(isTree);
}

function labelled(value: unknown): Record<string, Tree> {
  const blocks: Record<string, Tree> = {};
  for (const [name, body] of Object.entries(isTree(value) ? value : {})) blocks[name] = bodiesOf(body)[0] ?? {};
  return blocks;
}

function declared(value: unknown): Declared[] {
  return Object.entries(isTree(value) ? value : {}).flatMap(([type, named]) =>
    Object.entries(labelled(named)).map(([name, body]) => ({ type, name, body })),
  );
}

/** Rejects with file and line where the syntax is wrong. */
export async function parseModule(folder: string, sources: Record<string, string>): Promise<HclModule> {
  const module: HclModule = { folder, variables: {}, locals: {}, outputs: {}, calls: {}, resources: [], data: [] };
  for (const [file, text] of Object.entries(sources)) {
    const parsed: Tree = await parse(file, text);
    Object.assign(module.variables, labelled(parsed.variable));
    Object.assign(module.outputs, labelled(parsed.output));
    Object.assign(module.calls, labelled(parsed.module));
    for (const body of bodiesOf(parsed.locals)) Object.assign(module.locals, body);
    module.resources.push(...declared(parsed.resource));
    module.data.push(...declared(parsed.data));
  }
  return module;
}

/** The module in `folder`; problems name files from `root` on. */
export function readModule(folder: string, root: string): Promise<HclModule> {
  const files = readdirSync(folder).filter((file) => file.endsWith('.tf'));
  const text = (file: string) => readFileSync(join(folder, file), 'utf8');
  return parseModule(folder, Object.fromEntries(files.map((file) => [relative(root, join(folder, file)), text(file)])));
}
