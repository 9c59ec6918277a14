/** Finalize events in every form that a sender may choose, true ones and forged ones. */
import type { FileMetadata } from '@google-cloud/storage';
import { IMAGES, INTAKE } from '../localSystem';
import { type RawAnswer, rawRequest } from '../rawRequest';
import { binaryHeaders, type HostileCase, JSON_BODY } from './hostileCase';

const TYPE = 'google.cloud.storage.object.v1.finalized';
const sourceOf = (bucket: string) => `//storage.googleapis.com/projects/_/buckets/${bucket}`;

interface Form {
  headers: Record<string, string>;
  body: unknown;
}

function structured(object: object, changed: Record<string, unknown> = {}): Form {
  const event = { specversion: '1.0', id: '1', type: TYPE, source: sourceOf(INTAKE), data: object, ...changed };
  return { headers: { 'content-type': 'application/cloudevents+json' }, body: event };
}

function binary(object: object, changed: Record<string, string> = {}): Form {
  return { headers: { ...binaryHeaders(TYPE, sourceOf(INTAKE)), ...changed }, body: object };
}

const base64Of = (data: unknown) => Buffer.from(JSON.stringify(data)).toString('base64');

function legacy(object: FileMetadata, eventType = 'google.storage.object.finalize'): Form {
  const name = `projects/_/buckets/${INTAKE}/objects/${object.name}`;
  const resource = { service: 'storage.googleapis.com', name, type: 'storage#object' };
  const context = { eventId: '1', timestamp: object.timeCreated, eventType, resource };
  return { headers: JSON_BODY, body: { context, data: object } };
}

/** A request that is no event at all. */
const sent = (body: unknown, contentType = 'application/json'): Form => ({
  headers: { 'content-type': contentType },
  body,
});

type Forge = (object: FileMetadata) => Form;

/** Each with what it claims, the answer's status and words, made from the true object of a file that was imported already. */
const FORGED: [string, number, RegExp, Forge][] = [
  [
    'another bucket in data and source',
    403,
    /is not the intake bucket/,
    (object) => binary({ ...object, bucket: IMAGES }, { 'ce-source': sourceOf(IMAGES) }),
  ],
  [
    'another bucket in the data only',
    400,
    /source .* another bucket/,
    (object) => binary({ ...object, bucket: IMAGES }),
  ],
  ['another bucket in an attribute', 400, /bucket attribute/, (object) => binary(object, { 'ce-bucket': IMAGES })],
  [
    'another project in the source',
    403,
    /names a project/,
    (object) => binary(object, { 'ce-source': `//storage.googleapis.com/projects/other/buckets/${INTAKE}` }),
  ],
  [
    'another object in the subject',
    400,
    /subject .* another object/,
    (object) => binary(object, { 'ce-subject': 'objects/other.csv' }),
  ],
  [
    'another type',
    400,
    /type: .*finalized/,
    (object) => binary(object, { 'ce-type': 'google.cloud.storage.object.v1.deleted' }),
  ],
  [
    'another type in the legacy form',
    400,
    /google\.storage\.object\.finalize/,
    (object) => legacy(object, 'google.storage.object.delete'),
  ],
  [
    'another source in structured mode',
    400,
    /another bucket/,
    (object) => structured(object, { source: sourceOf(IMAGES) }),
  ],
  ['a version that is none', 400, /specversion: must be "1.0"/, (object) => binary(object, { 'ce-specversion': '9' })],
  ['another version', 400, /specversion: must be "1.0"/, (object) => structured(object, { specversion: '0.3' })],
  ['to have no id', 400, /id: is required/, (object) => structured(object, { id: undefined })],
  [
    'a generation in another spelling',
    400,
    /generation: .*without zeros/,
    (object) => structured({ ...object, generation: `0${object.generation}` }),
  ],
  ['no generation to speak of', 400, /generation: .*from 1 on/, (object) => structured({ ...object, generation: '0' })],
  [
    'data in base64 that is none',
    400,
    /data_base64 .* must be base64/,
    (object) => structured(object, { data: undefined, data_base64: '%%%' }),
  ],
  [
    'data twice',
    400,
    /both data and data_base64/,
    (object) => structured(object, { data_base64: base64Of({ ...object, generation: '7' }) }),
  ],
  ['no data', 400, /data: must be the object/, (object) => structured(object, { data: undefined })],
  ['a batch', 400, /a batch/, (object) => sent([structured(object).body], 'application/cloudevents-batch+json')],
  ['a batch without saying so', 400, /no JSON object/, (object) => sent([structured(object).body])],
  [
    'a prototype',
    400,
    /data\.bucket/,
    (object) => structured(JSON.parse(`{"__proto__":${JSON.stringify(object)}}`) as object),
  ],
  ['to be text', 400, /no ce- headers/, () => sent('finalize', 'text/plain')],
  ['to be nothing', 400, /no ce- headers/, () => ({ headers: {}, body: '' })],
  ['to be JSON that breaks off', 400, /body cannot be read/, () => sent('{"bucket":')],
  ['to be in another charset', 415, /charset/, () => sent('{}', 'application/json; charset=klingon')],
];

export function hostileEvents(given: () => HostileCase): void {
  let object: FileMetadata = {};

  async function post({ headers, body }: Form, method = 'POST'): Promise<RawAnswer> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return rawRequest(given().urlOf('importProductSets'), { method, headers, body: text });
  }

  /** A file that has been imported and is gone from intake. */
  beforeAll(async () => {
    const { system, line } = given();
    const requestId = await system.drop('true event.csv', line({ productId: 'p-event' }));
    const [metadata] = await system.storage.bucket(INTAKE).file('true event.csv').getMetadata();
    object = metadata;
    await system.events.ended(requestId);
    await system.allClosed();
  });

  it.each([
    ['binary mode', () => binary(object, { 'ce-subject': 'objects/true%20event.csv' })],
    ['structured mode', () => structured(object, { subject: 'objects/true event.csv' })],
    ['structured mode as base64', () => structured(object, { data: undefined, data_base64: base64Of(object) })],
    ['the legacy form', () => legacy(object)],
  ])('that is true is acknowledged in %s, and known as delivered before', async (_form, make) => {
    const before = await given().requests();
    const answer = await post(make());

    expect([answer.status, answer.body]).toEqual([204, '']);
    expect(await given().requests()).toEqual(before);
  });

  it.each(FORGED)('that claims %s is refused, and nothing is done', async (_claim, status, reason, forge) => {
    const before = await given().requests();
    const answer = await post(forge(object));

    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toEqual({ error: expect.stringMatching(reason) });
    expect(answer.body).not.toMatch(/node_modules|\bat .*:\d+/);
    expect(await given().requests()).toEqual(before);
  });

  it.each(['GET', 'PUT', 'DELETE'])('that comes with %s is refused: events come by POST', async (method) => {
    const answer = await post({ ...binary(object), body: '' }, method);

    expect([answer.status, answer.headers.allow]).toEqual([405, 'POST']);
    expect(JSON.parse(answer.body)).toEqual({
      error: expect.stringMatching(`no event comes with ${method}.* by POST`),
    });
  });

  it('that is refused stands in the log with its reason', async () => {
    await post(binary(object, { 'ce-specversion': '7' }));
    const line = await given().logged('importProductSets', 'refused: no event of ours', /specversion/);

    expect(line).toMatchObject({ severity: 'ERROR' });
  });

  it('of a generation that never was ends as cancelled, and touches nothing', async () => {
    const before = await given().system.content().products();
    const { system } = given();
    const later = { ...object, generation: String(BigInt(object.generation ?? 0) + 1n), name: 'never.csv' };
    const answer = await post(structured(later));
    const event = await system.events.next(({ data }) => data.outcome === 'cancelled');

    expect(answer.status).toBe(204);
    expect(event.data.problems).toMatchObject([{ code: 'deleted', message: expect.stringContaining('never.csv') }]);
    expect(await system.content().products()).toEqual(before);
  });
}
