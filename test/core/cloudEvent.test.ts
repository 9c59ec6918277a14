import { readCloudEvent } from '../../shared/core/cloudEvent';
import { InvalidEventError } from '../../shared/core/errors';

const TYPE = 'google.cloud.storage.object.v1.finalized';
const SOURCE = '//storage.googleapis.com/projects/_/buckets/intake';
const DATA = { bucket: 'intake', name: 'a.csv' };
const EVENT = { specversion: '1.0', id: '7', type: TYPE, source: SOURCE };
const JSON_BODY = { 'content-type': 'application/json' };
const STRUCTURED = { 'content-type': 'application/cloudevents+json; charset=utf-8' };
const BINARY = { ...JSON_BODY, 'ce-specversion': '1.0', 'ce-id': '7', 'ce-type': TYPE, 'ce-source': SOURCE };
const RESOURCE = 'projects/_/buckets/intake/objects/folder/a.csv';
const LEGACY = { eventId: '7', eventType: 'google.storage.object.finalize', resource: { name: RESOURCE } };
const base64Of = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64');

describe('a CloudEvent', () => {
  it.each<[string, Record<string, string>, unknown, object]>([
    ['binary mode', { ...BINARY, 'ce-bucket': 'intake' }, DATA, { ...EVENT, bucket: 'intake', data: DATA }],
    ['binary mode without data', BINARY, undefined, { ...EVENT, data: undefined }],
    ['structured mode', STRUCTURED, { ...EVENT, data: DATA }, { ...EVENT, data: DATA }],
    ['structured mode that says it is JSON', JSON_BODY, { ...EVENT, data: DATA }, { ...EVENT, data: DATA }],
    ['structured mode beside headers of its own', { ...BINARY, ...STRUCTURED }, { ...EVENT, id: '8' }, { id: '8' }],
    [
      'the legacy form',
      JSON_BODY,
      { context: LEGACY, data: DATA },
      { ...EVENT, subject: 'objects/folder/a.csv', data: DATA },
    ],
    ['the flat legacy form', JSON_BODY, { ...LEGACY, resource: RESOURCE, data: DATA }, { ...EVENT, data: DATA }],
  ])('is read in %s', (_form, headers, body, expected) => {
    expect(readCloudEvent(headers, body)).toMatchObject(expected);
  });

  it('is read with its data as base64, and gives the bytes', () => {
    const event = readCloudEvent(STRUCTURED, { ...EVENT, data_base64: base64Of(DATA) });

    expect(event).toEqual({ ...EVENT, data: Buffer.from(JSON.stringify(DATA)) });
  });

  it.each<[string, Record<string, string>, unknown, string]>([
    ['of another version', { ...BINARY, 'ce-specversion': '9' }, DATA, 'specversion: must be "1.0"'],
    ['of another version in structured mode', STRUCTURED, { ...EVENT, specversion: 1 }, 'specversion: must be "1.0"'],
    ['without a version', STRUCTURED, { ...EVENT, specversion: undefined }, 'specversion: must be "1.0"'],
    ['with one header only', { ...JSON_BODY, 'ce-id': '7' }, DATA, 'type: is required'],
    ['with an empty id', { ...BINARY, 'ce-id': '' }, DATA, 'id: is empty'],
    [
      'in a batch',
      { 'content-type': 'application/cloudevents-batch+json' },
      Buffer.from('[]'),
      'send each event by itself',
    ],
    ['in a list', STRUCTURED, [{ ...EVENT }], 'no JSON object'],
    ['as text', { 'content-type': 'text/plain' }, 'finalize', 'no ce- headers'],
    ['as bytes', { 'content-type': 'application/octet-stream' }, Buffer.from('{}'), 'no ce- headers'],
    ['that is not there', {}, undefined, 'no ce- headers'],
    ['whose base64 is none', STRUCTURED, { ...EVENT, data_base64: 'abc' }, 'data_base64 of the event must be base64'],
    ['whose base64 is no text', STRUCTURED, { ...EVENT, data_base64: null }, 'data_base64 of the event must be base64'],
    ['with both kinds of data', STRUCTURED, { ...EVENT, data: 1, data_base64: '' }, 'both data and data_base64'],
    [
      'of another legacy type',
      JSON_BODY,
      { context: { ...LEGACY, eventType: 'x' }, data: DATA },
      'google.storage.object.finalize',
    ],
    [
      'of a legacy resource that is no object',
      JSON_BODY,
      { context: { ...LEGACY, resource: 'x' } },
      'buckets/BUCKET/objects',
    ],
    ['without a legacy id', JSON_BODY, { context: { ...LEGACY, eventId: undefined } }, 'eventId: is required'],
  ])('%s is refused, and the refusal says what would be right', (_case, headers, body, reason) => {
    const read = () => readCloudEvent(headers, body);

    expect(read).toThrow(InvalidEventError);
    expect(read).toThrow(reason);
  });
});
