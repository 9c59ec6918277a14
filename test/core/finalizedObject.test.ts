import { InvalidEventError } from '../../shared/core/errors';
import { parseFinalizedObject } from '../../shared/core/finalizedObject';

const DATA = {
  kind: 'storage#object',
  bucket: 'intake',
  name: 'us-east1/ä.csv',
  generation: '1587627537231057',
  metageneration: '1',
  size: '352',
  timeCreated: '2026-11-22T07:38:57.230Z',
};
const EVENT = {
  id: '1',
  specversion: '1.0',
  type: 'google.cloud.storage.object.v1.finalized',
  source: '//storage.googleapis.com/projects/_/buckets/intake',
  subject: 'objects/us-east1/ä.csv',
  time: '2026-11-22T07:38:57.230Z',
  data: DATA,
};
const OBJECT = {
  bucket: 'intake',
  name: 'us-east1/ä.csv',
  generation: '1587627537231057',
  size: 352,
  timeCreated: '2026-11-22T07:38:57.230Z',
};

describe('parseFinalizedObject', () => {
  it.each([
    ['a binary event with its bucket', { ...EVENT, bucket: 'intake' }],
    ['an event made from a legacy request', { ...EVENT, specversion: undefined }],
    ['numbers where others have strings', { ...EVENT, data: { ...DATA, generation: 1587627537231057, size: 352 } }],
    ['data that no one has parsed', { ...EVENT, data: JSON.stringify(DATA) }],
    ['data as bytes', { ...EVENT, data: Buffer.from(JSON.stringify(DATA)) }],
    ['no subject', { ...EVENT, subject: undefined }],
  ])('reads %s', (_, event) => {
    expect(parseFinalizedObject(event)).toEqual(OBJECT);
  });

  it.each([
    ['nothing', undefined],
    ['another type', { ...EVENT, type: 'google.cloud.storage.object.v1.deleted' }],
    ['another source', { ...EVENT, source: '//storage.googleapis.com/projects/_/buckets/other' }],
    ['a source in a project', { ...EVENT, source: '//storage.googleapis.com/projects/my-project/buckets/intake' }],
    ['another bucket', { ...EVENT, bucket: 'other' }],
    ['another subject', { ...EVENT, subject: 'objects/other.csv' }],
    ['no data', { ...EVENT, data: undefined }],
    ['data that is no JSON', { ...EVENT, data: 'x' }],
    ['no generation', { ...EVENT, data: { ...DATA, generation: undefined } }],
    ['a generation that is no number', { ...EVENT, data: { ...DATA, generation: '1a' } }],
    ['an empty name', { ...EVENT, data: { ...DATA, name: '' } }],
  ])('refuses %s', (_, event) => {
    expect(() => parseFinalizedObject(event)).toThrow(InvalidEventError);
  });
});
