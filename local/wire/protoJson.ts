/** Carries messages between JSON and the plain objects that handlers see, the same ones that gRPC gives them. */
import { fromProto3JSON, toProto3JSON } from 'proto3-json-serializer';
import type protobuf from 'protobufjs';
import { readJsonInput } from './jsonInput';

/**
 * How a message looks to a handler, over gRPC and REST alike: camelCase names, 64-bit integers and enums as strings,
 * bytes as Buffers, absent fields with their default (absent messages: null).
 */
export const PLAIN_OBJECTS = {
  longs: String,
  enums: String,
  bytes: Buffer,
  defaults: true,
  oneofs: true,
} as const;

/** Throws INVALID_ARGUMENT that names what does not fit the type. */
export function plainObjectFromJson(type: protobuf.Type, json: unknown): object {
  const message = fromProto3JSON(type, readJsonInput(type, json));
  return type.toObject(message ?? type.create(), PLAIN_OBJECTS);
}

/** A handler's answer as JSON; fields that hold their default are left out, as Google's front ends do. */
export function jsonFromPlainObject(type: protobuf.Type, value: object, numericEnums: boolean): unknown {
  const message = type.fromObject(value);
  dropDefaults(message);
  return toProto3JSON(message, { numericEnums });
}

/** Wrappers are there or not; their default is a value. */
const KEEPS_DEFAULTS = /^\.google\.protobuf\.(\w+Value|Any|Timestamp|Duration|FieldMask)$/;

function dropDefaults(message: protobuf.Message): void {
  const type = message.$type;
  if (KEEPS_DEFAULTS.test(type.fullName)) return;
  const values = message as unknown as Record<string, unknown>;
  for (const field of type.fieldsArray) {
    const value = values[field.name];
    if (!Object.hasOwn(values, field.name)) continue;
    if (value === null || (field.partOf === null && isDefault(field.resolve(), value))) delete values[field.name];
    else for (const inner of innerMessages(value)) dropDefaults(inner);
  }
}

function isDefault(field: protobuf.Field, value: unknown): boolean {
  if (field.map) return Object.keys(value as object).length === 0;
  if (Array.isArray(value) || Buffer.isBuffer(value)) return value.length === 0;
  if (typeof value === 'object') return field.long && String(value) === '0';
  return value === field.typeDefault;
}

function innerMessages(value: unknown): protobuf.Message[] {
  if (Array.isArray(value)) return value.filter(isMessage);
  if (isMessage(value)) return [value];
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return [];
  return Object.values(value).filter(isMessage);
}

function isMessage(value: unknown): value is protobuf.Message {
  return typeof value === 'object' && value !== null && '$type' in value;
}
