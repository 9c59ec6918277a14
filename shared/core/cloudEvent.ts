/** Reads the one CloudEvent of an HTTP request in binary, structured or legacy form; throws InvalidEventError. Pure. */
import { z } from 'zod';
import { InvalidEventError } from './errors';
import { issuesShown } from './pushMessage';

/** Header names in lower case, as Node gives them. */
type Headers = Readonly<Record<string, string | string[] | undefined>>;
type Fields = Record<string, unknown>;

/** The form in which events came before CloudEvents, as far as it tells of objects. */
const LEGACY_TYPES = new Map([['google.storage.object.finalize', 'google.cloud.storage.object.v1.finalized']]);

const required = z.string({ error: 'is required' }).min(1, { error: 'is empty' });
const Attributes = z.looseObject({
  specversion: z.literal('1.0', { error: 'must be "1.0"' }),
  id: required,
  source: required,
  type: required,
});

const Legacy = z.object({
  eventId: required,
  eventType: required,
  resource: z.union([z.string(), z.looseObject({ name: z.string() }).transform(({ name }) => name)]),
});

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The attributes, and `data` as it came: parsed where the framework knew it as JSON, bytes or text where it did not. */
export function readCloudEvent(headers: Headers, body: unknown): Fields {
  const contentType = String(headers['content-type'] ?? '');
  if (/^application\/cloudevents-batch/i.test(contentType)) {
    throw new InvalidEventError('not one CloudEvent but a batch: send each event by itself');
  }
  const isStructured = /^application\/cloudevents/i.test(contentType);
  const event = !isStructured && hasAttributes(headers) ? fromHeaders(headers, body) : fromBody(body);
  const attributes = Attributes.safeParse(event);
  if (attributes.success) return event;
  throw new InvalidEventError(`not a CloudEvent: ${issuesShown(attributes.error)}`);
}

function hasAttributes(headers: Headers): boolean {
  return Object.keys(Attributes.shape).some((name) => headers[`ce-${name}`] !== undefined);
}

function fromHeaders(headers: Headers, body: unknown): Fields {
  const attributes = Object.entries(headers).filter(([name]) => name.startsWith('ce-'));
  return { ...Object.fromEntries(attributes.map(([name, value]) => [name.slice('ce-'.length), value])), data: body };
}

function fromBody(body: unknown): Fields {
  if (!isFields(body)) {
    throw new InvalidEventError('no CloudEvent: there are no ce- headers, and the body is no JSON object that is one');
  }
  const context = isFields(body.context) ? body.context : body;
  if (context.eventType !== undefined) return fromLegacy(context, body.data);
  const { data_base64: base64, ...event } = body;
  return base64 === undefined ? event : { ...event, data: bytesOf(base64, event.data) };
}

/** https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md#31-handling-of-data */
function bytesOf(base64: unknown, data: unknown): Uint8Array {
  if (data !== undefined) throw new InvalidEventError('the event has both data and data_base64: give one of them');
  if (typeof base64 !== 'string' || !BASE64.test(base64)) {
    throw new InvalidEventError('the data_base64 of the event must be base64');
  }
  return Buffer.from(base64, 'base64');
}

function fromLegacy(context: Fields, data: unknown): Fields {
  const legacy = Legacy.safeParse(context);
  if (!legacy.success) throw new InvalidEventError(`not a legacy event: ${issuesShown(legacy.error)}`);
  const { eventId, eventType, resource } = legacy.data;
  const type = LEGACY_TYPES.get(eventType);
  const [, bucket, object] = /^(projects\/[^/]+\/buckets\/[^/]+)\/(objects\/.+)$/s.exec(resource) ?? [];
  if (type === undefined || bucket === undefined) {
    const right = `${[...LEGACY_TYPES.keys()].join(', ')} of projects/_/buckets/BUCKET/objects/NAME`;
    throw new InvalidEventError(`a legacy event of another type or resource: it must be ${right}`);
  }
  const source = `//storage.googleapis.com/${bucket}`;
  return { specversion: '1.0', id: eventId, type, source, subject: object, data };
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}
