import fc from 'fast-check';
import type { z } from 'zod';
import { COMMAND_SCHEMAS } from '../../shared/core/commandSchema';
import { good } from './goodCommands';

/** A schema under what makes it optional, gives it a default or reads it as something else. */
function inner(schema: z.ZodType): z.ZodType {
  const { def } = schema as unknown as { def: { type: string; innerType?: z.ZodType; in?: z.ZodType } };
  if (def.type === 'pipe') return inner(def.in as z.ZodType);
  return def.innerType === undefined ? schema : inner(def.innerType);
}

/** Every field, those of fields included; of a field that has few values, each value. */
function pathsOf(schema: z.ZodType, path: string): string[] {
  const { def } = inner(schema) as unknown as {
    def: { type: string; shape?: Record<string, z.ZodType>; entries?: Record<string, string>; values?: unknown[] };
  };
  if (def.shape !== undefined) {
    return Object.entries(def.shape).flatMap(([name, field]) => pathsOf(field, `${path}.${name}`));
  }
  const few = def.type === 'boolean' ? [true, false] : (def.values ?? Object.values(def.entries ?? {}));
  return [path, ...few.map((value) => `${path}=${value}`)];
}

/** The same of a command that is said. */
function saidIn(value: unknown, path: string): string[] {
  const own = [path, ...(typeof value === 'object' ? [] : [`${path}=${value}`])];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return own;
  return [...own, ...Object.entries(value).flatMap(([name, field]) => saidIn(field, `${path}.${name}`))];
}

describe('the commands that the fuzz tests make', () => {
  it('have every field that a command may have, and each of its few values', () => {
    const said = new Set(
      fc.sample(good, { seed: 1, numRuns: 5_000 }).flatMap((one) => saidIn(one, String(one.command))),
    );
    const paths = Object.entries(COMMAND_SCHEMAS).flatMap(([name, schema]) => pathsOf(schema, name));

    expect(paths.length).toBeGreaterThan(150);
    expect(paths).toEqual(
      expect.arrayContaining([
        'deleteProducts.where.labels',
        'cancelRequest.force=true',
        'deleteProducts.derived.invalidate',
      ]),
    );
    expect(paths.filter((path) => !said.has(path))).toEqual([]);
  });

  it('name every location, its old name included', () => {
    const locations = new Set(fc.sample(good, { seed: 1, numRuns: 1_000 }).map(({ location }) => location));

    expect([...locations].sort()).toEqual([
      'asia-east1',
      'eu-west1',
      'europe-west1',
      'us-east1',
      'us-west1',
      undefined,
    ]);
  });
});
