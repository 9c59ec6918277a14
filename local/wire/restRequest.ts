/** Reads an HTTP request as the message of a method: path variables, query parameters and body (google/api/http.proto). */
import protobuf from 'protobufjs';
import { STATUS_CODES } from '../../shared/core/errors';
import { StatusError } from '../statusError';
import type { Method } from './call';
import type { RouteMatch } from './httpRule';
import { fieldOf } from './jsonInput';
import { plainObjectFromJson } from './protoJson';

/** Parameters that every Google API takes (https://cloud.google.com/apis/docs/system-parameters); they bind no field. */
const SYSTEM_PARAMETERS = new Set([
  'access_token',
  'alt',
  'callback',
  'fields',
  'key',
  'oauth_token',
  'prettyPrint',
  'quotaUser',
  'upload_protocol',
  'uploadType',
  'userProject',
  '.xgafv',
]);

type Draft = Record<string, unknown>;

export function readRestRequest(match: RouteMatch<Method>, query: URLSearchParams, body: Buffer): object {
  const type = match.route.target.requestType;
  const draft = draftFromBody(type, match.route.body, body);
  for (const [path, value] of match.variables) setField(type, draft, path, [value]);
  for (const name of new Set(query.keys())) {
    if (isSystemParameter(name)) continue;
    if (!setField(type, draft, name, query.getAll(name))) {
      throw new StatusError(
        STATUS_CODES.INVALID_ARGUMENT,
        `Invalid JSON payload received. Unknown name "${name}": Cannot bind query parameter. ` +
          `Field '${name}' could not be found in request message.`,
      );
    }
  }
  return plainObjectFromJson(type, draft);
}

function isSystemParameter(name: string): boolean {
  return SYSTEM_PARAMETERS.has(name) || (name.startsWith('$') && SYSTEM_PARAMETERS.has(name.slice(1)));
}

function draftFromBody(type: protobuf.Type, target: string | undefined, body: Buffer): Draft {
  if (target === undefined) return {};
  const json = parseBody(body);
  if (target === '*') return json;
  const field = fieldOf(type, target);
  return field ? { [field.name]: json } : {};
}

/** No body at all is an empty message, as for `curl -X POST` without data. */
function parseBody(body: Buffer): Draft {
  if (body.length === 0) return {};
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StatusError(STATUS_CODES.INVALID_ARGUMENT, `Invalid JSON payload received. ${reason}`);
  }
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as Draft;
  throw new StatusError(
    STATUS_CODES.INVALID_ARGUMENT,
    'Invalid JSON payload received. The body must be a JSON object.',
  );
}

/** Sets `a.b_c` to what the strings mean for its type; false where the message has no such field. */
function setField(type: protobuf.Type, draft: Draft, path: string, values: string[]): boolean {
  const [name = '', ...rest] = path.split('.');
  const field = fieldOf(type, name);
  if (!field) return false;
  if (rest.length === 0) {
    const typed = values.map((value) => typedValue(field, value));
    replace(draft, field, field.repeated ? typed : typed.at(-1));
    return true;
  }
  if (!(field.resolvedType instanceof protobuf.Type) || field.repeated || field.map) return false;
  const given = draft[field.name] ?? draft[name];
  const inner: Draft = typeof given === 'object' && given !== null ? { ...given } : {};
  if (!setField(field.resolvedType, inner, rest.join('.'), values)) return false;
  replace(draft, field, inner);
  return true;
}

/** What the path says holds, whichever way the body spells the field. */
function replace(draft: Draft, field: protobuf.Field, value: unknown): void {
  for (const name of Object.keys(draft)) if (protobuf.util.camelCase(name) === field.name) delete draft[name];
  draft[field.name] = value;
}

function typedValue(field: protobuf.Field, value: string): unknown {
  if (field.type === 'bool' && /^(true|false)$/i.test(value)) return value.toLowerCase() === 'true';
  if (field.resolvedType instanceof protobuf.Enum && /^\d+$/.test(value)) return Number(value);
  return value;
}
