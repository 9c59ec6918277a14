/** What proto3 JSON allows for one value (https://protobuf.dev/programming-guides/json/), by its type. */
import type { JSONValue } from 'proto3-json-serializer';
import protobuf from 'protobufjs';

export interface Scalar {
  /** The type's name in Google's error messages. */
  label: string;
  /** The value as the serializer takes it; undefined where it is none of this type. */
  read(json: unknown): JSONValue | undefined;
}

/** How values of a type are read; null for a message that has fields. */
export function scalarOf(type: protobuf.ReflectionObject | string): Scalar | null {
  if (typeof type === 'string') return SCALARS[type] ?? null;
  if (type instanceof protobuf.Enum) return enumOf(type);
  const read = WELL_KNOWN[type.fullName];
  return read ? { label: `type.googleapis.com/${type.fullName.slice(1)}`, read } : null;
}

const SCALARS: Record<string, Scalar> = {
  string: { label: 'TYPE_STRING', read: (json) => (typeof json === 'string' ? json : undefined) },
  bool: { label: 'TYPE_BOOL', read: (json) => (typeof json === 'boolean' ? json : undefined) },
  bytes: { label: 'TYPE_BYTES, base64', read: readBase64 },
  double: { label: 'TYPE_DOUBLE', read: readFloat },
  float: { label: 'TYPE_FLOAT', read: readFloat },
  int32: { label: 'TYPE_INT32', read: (json) => readInteger(json, -(2n ** 31n), 2n ** 31n - 1n) },
  sint32: { label: 'TYPE_SINT32', read: (json) => readInteger(json, -(2n ** 31n), 2n ** 31n - 1n) },
  uint32: { label: 'TYPE_UINT32', read: (json) => readInteger(json, 0n, 2n ** 32n - 1n) },
  int64: { label: 'TYPE_INT64', read: (json) => readInteger(json, -(2n ** 63n), 2n ** 63n - 1n) },
  sint64: { label: 'TYPE_SINT64', read: (json) => readInteger(json, -(2n ** 63n), 2n ** 63n - 1n) },
  uint64: { label: 'TYPE_UINT64', read: (json) => readInteger(json, 0n, 2n ** 64n - 1n) },
};

const WELL_KNOWN: Record<string, (json: unknown) => JSONValue | undefined> = {
  '.google.protobuf.Timestamp': readTimestamp,
  '.google.protobuf.Duration': (json) =>
    typeof json === 'string' && /^\d{1,12}(\.\d{1,9})?s$/.test(json) ? json : undefined,
  '.google.protobuf.FieldMask': readFieldMask,
  '.google.protobuf.BoolValue': (json) => SCALARS.bool?.read(json),
  '.google.protobuf.StringValue': (json) => SCALARS.string?.read(json),
  '.google.protobuf.BytesValue': (json) => SCALARS.bytes?.read(json),
  '.google.protobuf.DoubleValue': (json) => SCALARS.double?.read(json),
  '.google.protobuf.FloatValue': (json) => SCALARS.float?.read(json),
  '.google.protobuf.Int32Value': (json) => SCALARS.int32?.read(json),
  '.google.protobuf.UInt32Value': (json) => SCALARS.uint32?.read(json),
  '.google.protobuf.Int64Value': (json) => SCALARS.int64?.read(json),
  '.google.protobuf.UInt64Value': (json) => SCALARS.uint64?.read(json),
};

function enumOf(type: protobuf.Enum): Scalar {
  return {
    label: `type.googleapis.com/${type.fullName.slice(1)}`,
    read: (json) => {
      if (typeof json === 'number' && Number.isInteger(json)) return json;
      return typeof json === 'string' && Object.hasOwn(type.values, json) ? json : undefined;
    },
  };
}

function readBase64(json: unknown): string | undefined {
  if (typeof json !== 'string' || !/^[A-Za-z0-9+/_-]*={0,2}$/.test(json)) return undefined;
  return json.replace(/=+$/, '').length % 4 === 1 ? undefined : json;
}

function readFloat(json: unknown): number | undefined {
  if (typeof json === 'number') return json;
  if (json === 'NaN' || json === 'Infinity' || json === '-Infinity') return Number(json);
  if (typeof json !== 'string' || json.trim() === '' || Number.isNaN(Number(json))) return undefined;
  return Number(json);
}

/** Numbers and their strings, `1e3` and `7.0` included; a string goes on as a string, since it may not fit a number. */
function readInteger(json: unknown, least: bigint, most: bigint): number | string | undefined {
  if (typeof json === 'string' && !/^-?\d+$/.test(json)) return undefined;
  if (typeof json !== 'string' && !(typeof json === 'number' && Number.isInteger(json))) return undefined;
  const value = BigInt(json);
  return value >= least && value <= most ? json : undefined;
}

const RFC3339 = /^(\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2})(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})$/;

/** Always in UTC: the serializer takes the fraction of a time with an offset for longer than it is. */
function readTimestamp(json: unknown): string | undefined {
  const match = typeof json === 'string' ? RFC3339.exec(json) : null;
  if (!match) return undefined;
  const ms = Date.parse(`${match[1]}${match[3]}`.toUpperCase());
  if (Number.isNaN(ms)) return undefined;
  return `${new Date(ms).toISOString().slice(0, 19)}${match[2] ?? ''}Z`;
}

/** `displayName,productLabels` → paths as gRPC has them: `display_name`, `product_labels`. */
function readFieldMask(json: unknown): string | undefined {
  if (typeof json !== 'string') return undefined;
  return json.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
