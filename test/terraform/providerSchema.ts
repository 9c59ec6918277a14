/** The schemas of the providers that terraform/ uses: names and types, as far as a configuration can be checked by them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** As Terraform writes types in JSON: `"string"`, `["map", "string"]`. */
export type TypeText = string | readonly unknown[];

/** Blanks between: `required`, `optional`, `computed`, `optional computed`. */
export type Attribute = readonly [flags: string, type: TypeText];

export interface Block {
  attributes: Record<string, Attribute>;
  blocks?: Record<string, NestedBlock>;
}

export interface NestedBlock extends Block {
  nesting: 'single' | 'list' | 'set';
  min?: number;
  max?: number;
}

export interface ProviderSchema {
  resources: Record<string, Block>;
  data: Record<string, Block>;
}

function isTree(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `over` laid over `under`: trees are joined name by name, anything else is replaced. */
function laidOver(under: unknown, over: unknown): unknown {
  if (!isTree(under) || !isTree(over)) return over;
  const joined = { ...under };
  for (const [name, value] of Object.entries(over)) joined[name] = name in under ? laidOver(under[name], value) : value;
  return joined;
}

function readSchema(file: string): unknown {
  return JSON.parse(readFileSync(join(__dirname, 'schema', file), 'utf8'));
}

/** By the provider's address in the registry. */
export const PROVIDERS: Readonly<Record<string, ProviderSchema>> = {
  'hashicorp/archive': readSchema('archive-2.json') as ProviderSchema,
  'hashicorp/google': laidOver(readSchema('google-6.json'), readSchema('google-7.json')) as ProviderSchema,
};

/** The schema of a resource (or data source) of any provider; undefined where none of them has it. */
export function schemaOf(kind: 'resources' | 'data', type: string): Block | undefined {
  return Object.values(PROVIDERS).find((provider) => type in provider[kind])?.[kind][type];
}
