/** What is wrong with a module, as far as that can be said without terraform: names, attributes, references. */
import { join } from 'node:path';
import { bodiesOf, type Declared, type HclModule, isTree, type Tree } from './hcl';
import { type Reference, referencesIn } from './hclReferences';
import { type Block, schemaOf } from './providerSchema';

/** Reads the module that a call points to. */
export type ReadModule = (folder: string) => Promise<HclModule>;

const META = new Set(['count', 'depends_on', 'for_each', 'lifecycle', 'provider']);
const CALL_META = new Set(['count', 'depends_on', 'for_each', 'providers', 'source', 'version']);
const BUILT_IN = new Set(['count', 'each', 'path', 'self', 'terraform']);

/** One sentence a problem; empty where there is none. */
export async function problemsOf(module: HclModule, read: ReadModule): Promise<string[]> {
  const called = new Map<string, HclModule>();
  for (const [name, body] of Object.entries(module.calls)) {
    called.set(name, await read(join(module.folder, String(body.source))));
  }
  const bodies = [...module.resources.map((declared) => ({ kind: 'resources' as const, declared }))];
  const all = [...bodies, ...module.data.map((declared) => ({ kind: 'data' as const, declared }))];
  return [
    ...all.flatMap(({ kind, declared }) => bodyProblems(kind, declared)),
    ...Object.entries(module.calls).flatMap(([name, body]) => callProblems(name, body, called.get(name))),
    ...referenceProblems(module, called),
    ...unusedProblems(module),
  ];
}

function bodyProblems(kind: 'resources' | 'data', { type, name, body }: Declared): string[] {
  const schema = schemaOf(kind, type);
  if (schema === undefined) return [`${type} is not in test/terraform/schema: add its entry`];
  return blockProblems(`${type}.${name}`, body, schema, META);
}

function blockProblems(where: string, body: Tree, schema: Block, meta: ReadonlySet<string>): string[] {
  const dynamic = Object.entries(isTree(body.dynamic) ? body.dynamic : {}).map(
    ([name, blocks]) => [name, bodiesOf(blocks).flatMap((block) => bodiesOf(block.content))] as const,
  );
  const given = Object.entries(body).filter(([name]) => name !== 'dynamic' && !meta.has(name));
  const names = new Set([...given.map(([name]) => name), ...dynamic.map(([name]) => name)]);
  const required = Object.entries(schema.attributes).filter(([, [flags]]) => flags.includes('required'));
  const least = Object.entries(schema.blocks ?? {}).filter(([, block]) => (block.min ?? 0) > 0);
  return [
    ...[...required, ...least]
      .filter(([name]) => !names.has(name))
      .map(([name]) => `${where} lacks ${name}, which is required`),
    ...[...given, ...dynamic].flatMap(([name, value]) => partProblems(where, name, value, schema)),
  ];
}

function partProblems(where: string, name: string, value: unknown, schema: Block): string[] {
  const nested = schema.blocks?.[name];
  if (nested !== undefined) {
    return bodiesOf(value).flatMap((body) => blockProblems(`${where}.${name}`, body, nested, new Set()));
  }
  const attribute = schema.attributes[name];
  if (attribute === undefined) return [`${where} has no attribute ${name}`];
  return attribute[0] === 'computed' ? [`${where}.${name} is the provider's to say and cannot be set`] : [];
}

function callProblems(name: string, body: Tree, called: HclModule | undefined): string[] {
  if (called === undefined) return [`module.${name} has no source`];
  const given = Object.keys(body).filter((argument) => !CALL_META.has(argument));
  const required = Object.entries(called.variables).filter(([, variable]) => !('default' in variable));
  return [
    ...given
      .filter((argument) => !(argument in called.variables))
      .map((argument) => `module.${name} has no variable ${argument}`),
    ...required
      .filter(([variable]) => !given.includes(variable))
      .map(([variable]) => `module.${name} lacks ${variable}, which is required`),
  ];
}

/** Every string in a value, with the labels of the dynamic blocks around it: they are names, too. */
function* stringsIn(value: unknown, iterators: readonly string[] = []): Generator<[string, readonly string[]]> {
  if (typeof value === 'string') yield [value, iterators];
  else if (Array.isArray(value)) for (const element of value) yield* stringsIn(element, iterators);
  else if (isTree(value)) {
    const labels = isTree(value.dynamic) ? Object.keys(value.dynamic) : [];
    for (const part of Object.values(value)) yield* stringsIn(part, [...iterators, ...labels]);
  }
}

function referencesOf(value: unknown): Reference[] {
  return [...stringsIn(value)].flatMap(([text, iterators]) =>
    referencesIn(text).filter(([root = '']) => !iterators.includes(root)),
  );
}

/** All that stands in a module, without the types of variables, which are no expressions. */
function everything(module: HclModule): unknown[] {
  const { calls, data, locals, outputs, resources, variables } = module;
  return [calls, locals, outputs, resources, data, Object.values(variables).map((variable) => variable.validation)];
}

function referenceProblems(module: HclModule, called: ReadonlyMap<string, HclModule>): string[] {
  const problems = referencesOf(everything(module)).flatMap((reference) => {
    const problem = referenceProblem(reference, module, called);
    return problem === null ? [] : [`${reference.join('.').replaceAll('.[]', '[]')}: ${problem}`];
  });
  return [...new Set(problems)];
}

function referenceProblem(
  reference: Reference,
  module: HclModule,
  called: ReadonlyMap<string, HclModule>,
): string | null {
  const [root = '', name = '', ...rest] = reference;
  if (BUILT_IN.has(root)) return null;
  if (root === 'var') return name in module.variables ? null : 'no such variable';
  if (root === 'local') return name in module.locals ? null : 'no such local value';
  if (root === 'module') {
    const output = rest.find((part) => part !== '[]');
    if (!called.has(name)) return 'no such module';
    return output === undefined || output in (called.get(name)?.outputs ?? {}) ? null : 'the module has no such output';
  }
  const isData = root === 'data';
  const [type, label, path] = isData ? [name, rest[0], rest.slice(1)] : [root, name, rest];
  const declared = (isData ? module.data : module.resources).some((one) => one.type === type && one.name === label);
  if (!declared) return 'nothing of that name is declared';
  return pathProblem(path, schemaOf(isData ? 'data' : 'resources', type));
}

function pathProblem(path: readonly string[], schema: Block | undefined): string | null {
  const [first, ...rest] = path.filter((part) => part !== '[]');
  if (schema === undefined || first === undefined || first in schema.attributes) return null;
  const nested = schema.blocks?.[first];
  return nested === undefined ? `no attribute ${first}` : pathProblem(rest, nested);
}

function unusedProblems(module: HclModule): string[] {
  const used = new Set(referencesOf(everything({ ...module, variables: {} })).map(([root, name]) => `${root}.${name}`));
  return [
    ...Object.keys(module.variables).map((name) => `var.${name}`),
    ...Object.keys(module.locals).map((name) => `local.${name}`),
  ]
    .filter((name) => !used.has(name))
    .map((name) => `${name} is used nowhere`);
}
