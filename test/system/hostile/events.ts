/** Finalize events in every form that a sender may choose, true ones and forged ones. */
import type { FileMetadata } from '@google-cloud/storage';
import { IMAGES, INTAKE } from '../localSystem';
import { rawRequest } from '../rawRequest';
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

function legacy(object: FileMetadata, eventType = 'google.storage.object.finalize'): Form {
  const name = `projects/_/buckets/${INTAKE}/objects/${object.name}`;
  const resource = { service: 'storage.googleapis.com', name, type: 'storage#object' };
  const context = { eventId: '1', timestamp: object.timeCreated, eventType, resource };
  return { headers: JSON_BODY, body: { context, data: object } };
}

/** Each with what it claims, made from the true object of a file that was imported already. */
const FORGED: [string, (object: FileMetadata) => Form][] = [
  [
    'another bucket in data and source',
    (object) => binary({ ...object, bucket: IMAGES }, { 'ce-source': sourceOf(IMAGES) }),
  ],
  ['another bucket in the data only', (object) => binary({ ...object, bucket: IMAGES })],
  ['another bucket in an attribute', (object) => binary(object, { 'ce-bucket': IMAGES })],
  [
    'another project in the source',
    (object) => binary(object, { 'ce-source': `//storage.googleapis.com/projects/other/buckets/${INTAKE}` }),
  ],
  ['another object in the subject', (object) => binary(object, { 'ce-subject': 'objects/other.csv' })],
  ['another type', (object) => binary(object, { 'ce-type': 'google.cloud.storage.object.v1.deleted' })],
  ['another type in the legacy form', (object) => legacy(object, 'google.storage.object.delete')],
  ['another source in structured mode', (object) => structured(object, { source: sourceOf(IMAGES) })],
  ['a generation in another spelling', (object) => structured({ ...object, generation: `0${object.generation}` })],
  ['no generation to speak of', (object) => structured({ ...object, generation: '0' })],
  ['data in base64 that is none', (object) => structured(object, { data: undefined, data_base64: '%%%' })],
  ['no data', (object) => structured(object, { data: undefined })],
  [
    'a batch',
    (object) => ({ ...structured([object]), headers: { 'content-type': 'application/cloudevents-batch+json' } }),
  ],
  ['a prototype', (object) => structured(JSON.parse(`{"__proto__":${JSON.stringify(object)}}`) as object)],
  ['to be text', () => ({ headers: { 'content-type': 'text/plain' }, body: 'finalize' })],
];

export function hostileEvents(given: () => HostileCase): void {
  let object: FileMetadata = {};

  async function post({ headers, body }: Form): Promise<{ status: number; body: string }> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return rawRequest(given().urlOf('importProductSets'), { method: 'POST', headers, body: text });
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
    ['the legacy form', () => legacy(object)],
  ])('that is true is acknowledged in %s, and known as delivered before', async (_form, make) => {
    const before = await given().requests();
    const answer = await post(make());

    expect([answer.status, answer.body]).toEqual([204, '']);
    expect(await given().requests()).toEqual(before);
  });

  it.each(FORGED)('that claims %s is refused, and nothing is done', async (_claim, forge) => {
    const before = await given().requests();
    const answer = await post(forge(object));

    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.body).not.toMatch(/node_modules|\bat .*:\d+/);
    expect(await given().requests()).toEqual(before);
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
