/**
 * Reads proto3 JSON as Google's front ends do: both spellings of a field's name, every unknown name and every value of
 * the wrong type refused by its path. What comes back is safe for the serializer, which would pass over most of that.
 */
import type { JSONValue } from 'proto3-json-serializer';
import protobuf from 'protobufjs';
import { STATUS_CODES } from '../../shared/core/errors';
import { StatusError } from '../statusError';
import { scalarOf } from './jsonScalar';

/** The same message with camelCase names; throws INVALID_ARGUMENT that lists everything that is wrong. */
export function readJsonInput(type: protobuf.Type, json: unknown): JSONValue {
  const problems: string[] = [];
  const value = readMessage(type, json, '', problems);
  if (problems.length > 0) throw new StatusError(STATUS_CODES.INVALID_ARGUMENT, problems.join('\n'));
  return value;
}

/** `ackDeadlineSeconds` and `ack_deadline_seconds` name the same field. */
export function fieldOf(type: protobuf.Type, name: string): protobuf.Field | null {
  const own = type.fields[name] ?? (name.includes('_') ? type.fields[protobuf.util.camelCase(name)] : undefined);
  return own?.resolve() ?? null;
}

export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Types whose JSON has rules of its own, which the serializer knows. */
const FREE_FORM = new Set(['Any', 'Struct', 'Value', 'ListValue'].map((name) => `.google.protobuf.${name}`));

function readMessage(type: protobuf.Type, json: unknown, path: string, problems: string[]): JSONValue {
  if (FREE_FORM.has(type.fullName)) return json as JSONValue;
  const scalar = scalarOf(type);
  if (scalar) return readScalar(scalar, json, path, problems);
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    problems.push(invalid(path, `type.googleapis.com/${type.fullName.slice(1)}`, json));
    return {};
  }
  const result: Record<string, JSONValue> = {};
  for (const [name, value] of Object.entries(json)) {
    const field = fieldOf(type, name);
    if (!field) {
      const at = path === '' ? '' : ` at '${path}'`;
      problems.push(`Invalid JSON payload received. Unknown name "${name}"${at}: Cannot find field.`);
    } else if (value !== null) {
      const inner = path === '' ? snakeCase(field.name) : `${path}.${snakeCase(field.name)}`;
      result[field.name] = readField(field, value, inner, problems);
    }
  }
  return result;
}

function readField(field: protobuf.Field, json: unknown, path: string, problems: string[]): JSONValue {
  if (field instanceof protobuf.MapField) return readMap(field, json, path, problems);
  if (!field.repeated) return readOne(field, json, path, problems);
  if (!Array.isArray(json)) {
    problems.push(`Invalid value at '${path}' (a list is expected), ${JSON.stringify(json)}`);
    return [];
  }
  return json.map((item, index) => readOne(field, item, `${path}[${index}]`, problems));
}

function readMap(field: protobuf.Field, json: unknown, path: string, problems: string[]): JSONValue {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    problems.push(`Invalid value at '${path}' (an object is expected), ${JSON.stringify(json)}`);
    return {};
  }
  const entries = Object.entries(json).map(([key, value]) => [
    key,
    readOne(field, value, `${path}[${key}].value`, problems),
  ]);
  return Object.fromEntries(entries) as JSONValue;
}

function readOne(field: protobuf.Field, json: unknown, path: string, problems: string[]): JSONValue {
  const type = field.resolvedType;
  if (type instanceof protobuf.Type) return readMessage(type, json, path, problems);
  const scalar = scalarOf(type ?? field.type);
  return scalar ? readScalar(scalar, json, path, problems) : (json as JSONValue);
}

function readScalar(
  scalar: { label: string; read: (json: unknown) => JSONValue | undefined },
  json: unknown,
  path: string,
  problems: string[],
): JSONValue {
  const value = scalar.read(json);
  if (value !== undefined) return value;
  problems.push(invalid(path, scalar.label, json));
  return null;
}

function invalid(path: string, label: string, json: unknown): string {
  const text = JSON.stringify(json) ?? 'nothing';
  const shown = text.length > 200 ? `${text.slice(0, 200)}…` : text;
  return path === ''
    ? `Invalid JSON payload received. A JSON object is expected, not ${shown}`
    : `Invalid value at '${path}' (${label}), ${shown}`;
}
