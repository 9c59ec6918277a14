/** Says field by field what is wrong with a command: the schema's issues in our words, and the rules between fields. Pure. */
import type { z } from 'zod';
import { type Problem, shownValue } from './problem';

type Fields = Record<string, unknown>;

const SHOWN_FIELD = 100;

/** One problem for each issue of a schema; several for one issue that names several unknown fields. */
export function schemaProblems(issues: readonly z.core.$ZodIssue[], raw: Fields, known: readonly string[]): Problem[] {
  return issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') return [valueProblem(issue, raw)];
    const has = issue.path.length === 0 ? `; ${String(raw.command)} has ${known.join(', ')}` : '';
    return issue.keys.map((key) => {
      const field = fieldPath([...issue.path, key]);
      return { code: 'unknown-field', field, message: `${field} is no field of this command${has}` };
    });
  });
}

function valueProblem(issue: z.core.$ZodIssue, raw: Fields): Problem {
  const field = fieldPath(issue.path);
  const value = valueAt(raw, issue.path);
  const isTypeIssue = issue.code === 'invalid_type' || issue.code === 'invalid_value';
  if (isTypeIssue && value === undefined) return { code: 'required', field, message: `${field} is required` };
  if (issue.code === 'invalid_value') {
    const wanted = issue.values.map((one) => JSON.stringify(one)).join(', ');
    const message = `${field} must be ${issue.values.length > 1 ? 'one of ' : ''}${wanted}, not ${valueShown(value)}`;
    return { code: typeof value === typeof issue.values[0] ? 'invalid-value' : 'wrong-type', field, message };
  }
  if (issue.code !== 'invalid_type') return { code: 'invalid-value', field, message: `${field} ${issue.message}` };
  if (typeof value === 'number') {
    const expected = issue.expected === 'int' ? 'a whole number' : typeShown(issue.expected);
    const code = issue.expected === 'int' ? 'invalid-value' : 'wrong-type';
    return { code, field, message: `${field} must be ${expected}, not ${value}` };
  }
  return {
    code: 'wrong-type',
    field,
    message: `${field} must be ${typeShown(issue.expected)}, not ${valueShown(value)}`,
  };
}

/** The rules that hold between fields, on the values as they were given: they are told even where a field is wrong. */
export function ruleProblems(raw: Fields, maxProductsCeiling: number): Problem[] {
  return [...targetProblems(raw), ...forceProblems(raw), ...ceilingProblems(raw, maxProductsCeiling)];
}

function targetProblems(raw: Fields): Problem[] {
  if (raw.command === 'deleteProducts') {
    return [...oneOf(raw, '', ['productIds', 'listUri', 'where']), ...atLeastOne(raw.where)];
  }
  if (raw.command === 'deleteDerivedResources' && isFields(raw.select)) {
    return oneOf(raw.select, 'select.', ['publicIds', 'prefix', 'tag', 'all']);
  }
  return [];
}

function oneOf(fields: Fields, path: string, names: readonly string[]): Problem[] {
  const given = names.filter((name) => fields[name] !== undefined);
  const message = `give exactly one of ${names.map((name) => path + name).join(', ')}`;
  if (given.length === 0) return [{ code: 'required', field: `${path}${names[0]}`, message }];
  return given.slice(1).map((name) => ({ code: 'invalid-value', field: path + name, message }));
}

function atLeastOne(where: unknown): Problem[] {
  const names = ['productSetId', 'idPrefix', 'labels', 'productCategory'];
  if (!isFields(where) || names.some((name) => where[name] !== undefined)) return [];
  return [{ code: 'required', field: 'where', message: `where needs at least one of ${names.join(', ')}` }];
}

function forceProblems(raw: Fields): Problem[] {
  const reason = forceReason(raw);
  if (reason === null || raw.force === true) return [];
  if (raw.force !== undefined && raw.force !== false) return [];
  const code = raw.force === undefined ? 'required' : 'invalid-value';
  return [{ code, field: 'force', message: `force must be true: ${reason}` }];
}

/** Why the command needs `force: true`, or null. A dry run changes nothing and needs none. */
function forceReason(raw: Fields): string | null {
  if (raw.command === 'deleteDerivedResources') {
    return raw.keepOriginal === false ? 'with keepOriginal: false the originals are deleted, too' : null;
  }
  if (raw.dryRun === true) return null;
  switch (raw.command) {
    case 'purgeProductsInProductSet':
    case 'purgeOrphanProducts':
      return 'a purge deletes many products at once; with dryRun: true it only says which';
    case 'sweepImageFiles':
      return 'a sweep removes files; with dryRun: true it only says which';
    case 'deleteProducts':
      if (raw.listUri === undefined && raw.where === undefined) return null;
      return 'what listUri or where stand for is not in the message; with dryRun: true it is only listed';
    default:
      return null;
  }
}

function ceilingProblems(raw: Fields, ceiling: number): Problem[] {
  if (typeof raw.maxProducts !== 'number' || raw.maxProducts <= ceiling) return [];
  const message = `maxProducts is ${raw.maxProducts}; at most ${ceiling} is allowed here (MAX_PRODUCTS_CEILING)`;
  return [{ code: 'invalid-value', field: 'maxProducts', message }];
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `productIds[3]`, `where.labels.color`, `where.labels["a b"]`, shortened where a name is very long. */
function fieldPath(path: readonly PropertyKey[]): string {
  const steps = path.map((step) => (typeof step === 'number' ? `[${step}]` : fieldStep(String(step)))).join('');
  const whole = steps.startsWith('.') ? steps.slice(1) : steps;
  return whole.length > SHOWN_FIELD ? `${whole.slice(0, SHOWN_FIELD)}…` : whole;
}

/** A name that is empty, invisible or written from right to left would make a sentence that nobody can read. */
function fieldStep(name: string): string {
  return /^[\p{L}\p{N}_-]+$/u.test(name) ? `.${name}` : `[${shownValue(name)}]`;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((inner, step) => {
    if (typeof inner !== 'object' || inner === null || !Object.hasOwn(inner, step)) return undefined;
    return Reflect.get(inner, step);
  }, value);
}

function typeShown(expected: string): string {
  if (expected === 'record') return 'an object';
  return `${/^[aeiou]/.test(expected) ? 'an' : 'a'} ${expected}`;
}

function valueShown(value: unknown): string {
  if (typeof value === 'string') return `the string ${shownValue(value)}`;
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
