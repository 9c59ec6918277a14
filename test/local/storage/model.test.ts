import { contentOf } from '../../../local/storage/content';
import { createStorageModel, type StorageModel } from '../../../local/storage/model';
import { StorageModelError } from '../../../local/storage/modelErrors';
import type { ObjectFields } from '../../../local/storage/modelObject';
import type { Preconditions } from '../../../local/storage/modelPreconditions';

const START = Date.UTC(2026, 10, 22);
const NOT_MET = { status: 412, reason: 'conditionNotMet' };

describe('the Cloud Storage model', () => {
  let now: number;
  let model: StorageModel;

  beforeEach(() => {
    now = START;
    model = createStorageModel({ clock: { now: () => now, sleep: async () => {} } });
    model.insertBucket('bucket-1');
    model.insertBucket('bucket-2');
  });

  function put(name: string, body = 'x', fields: ObjectFields = {}, conditions: Preconditions = {}) {
    return model.insertObject({ bucket: 'bucket-1', name }, contentOf(Buffer.from(body)), fields, conditions);
  }

  function refusalOf(run: () => unknown): StorageModelError {
    try {
      run();
    } catch (error) {
      if (error instanceof StorageModelError) return error;
      throw error;
    }
    throw new Error('nothing was refused');
  }

  describe('generations', () => {
    it('are microseconds of the clock and rise even if it stands still or goes back', () => {
      expect(put('a').generation).toBe('1795305600000000');
      expect(put('a').generation).toBe('1795305600000001');
      now -= 5000;
      expect(put('b').generation).toBe('1795305600000002');
    });

    it('start again at metageneration 1, which every change of metadata raises', () => {
      put('a', 'x', { contentType: 'text/csv', metadata: { keep: '1', drop: '2' } });
      now += 1000;
      const patch = { cacheControl: 'no-store', metadata: { drop: null, add: '3' } };
      const patched = model.patchObject({ bucket: 'bucket-1', name: 'a' }, patch);

      expect(patched).toMatchObject({ metageneration: '2', contentType: 'text/csv', cacheControl: 'no-store' });
      expect(patched.metadata).toEqual({ keep: '1', add: '3' });
      expect(patched.updated).toBe('2026-11-22T00:00:01.000Z');
      expect(patched.timeCreated).toBe('2026-11-22T00:00:00.000Z');
      expect(put('a').metageneration).toBe('1');
    });

    it('lose with an update what it does not name, and with null in a patch what it names', () => {
      const ref = { bucket: 'bucket-1', name: 'a' };
      put('a', 'x', { contentType: 'text/csv', contentEncoding: 'gzip', metadata: { k: 'v' } });

      expect(model.patchObject(ref, { contentEncoding: null, metadata: null })).toEqual(
        expect.not.objectContaining({ contentEncoding: expect.anything() }),
      );
      expect(model.updateObject(ref, { cacheControl: 'no-store' }).contentType).toBeUndefined();
    });

    it('do not change under a reader', () => {
      const before = put('a', 'x', { metadata: { k: 'v' } });
      model.patchObject({ bucket: 'bucket-1', name: 'a' }, { metadata: { k: 'w' } });

      expect(before.metadata).toEqual({ k: 'v' });
    });

    it('have the etag that the service gives to the same generation', () => {
      // The pair stands in the sample event of https://github.com/googleapis/google-cloudevents.
      now = 1587627537231.057;

      expect(put('a')).toMatchObject({ generation: '1587627537231057', etag: 'CNHZkbuF/ugCEAE=' });
    });
  });

  describe('preconditions', () => {
    it.each<[string, Preconditions, boolean]>([
      ['the live generation', { ifGenerationMatch: '1795305600000000' }, true],
      ['another generation', { ifGenerationMatch: '17' }, false],
      ['no live object', { ifGenerationMatch: '0' }, false],
      ['not the live generation', { ifGenerationNotMatch: '1795305600000000' }, false],
      ['not another generation', { ifGenerationNotMatch: '17' }, true],
      ['any live object', { ifGenerationNotMatch: '0' }, true],
      ['the metageneration', { ifMetagenerationMatch: '1' }, true],
      ['another metageneration', { ifMetagenerationMatch: '2' }, false],
      ['not the metageneration', { ifMetagenerationNotMatch: '1' }, false],
      [
        'generation and another metageneration',
        { ifGenerationMatch: '1795305600000000', ifMetagenerationMatch: '2' },
        false,
      ],
    ])('on %s decide about every write of what is there', (_title, conditions, holds) => {
      const ref = { bucket: 'bucket-1', name: 'a' };
      put('a');
      put('b');
      const writes = [
        () => model.patchObject(ref, { metadata: { k: 'v' } }, conditions),
        () => model.copyObject({ ...ref, name: 'b' }, ref, { conditions }),
        () => model.composeObject(ref, [{ name: 'b' }], {}, conditions),
        () => model.deleteObject(ref, conditions),
        () => put('a', 'y', {}, conditions),
      ];
      const outcomes = writes.map((write) => {
        model = createStorageModel({ clock: { now: () => START, sleep: async () => {} } });
        model.insertBucket('bucket-1');
        put('a');
        put('b');
        if (holds) return write() === null;
        return refusalOf(write).message === 'At least one of the pre-conditions you specified did not hold.';
      });

      expect(outcomes).toEqual(Array(5).fill(!holds));
    });

    it('that exclude the generation answer a read with not modified', () => {
      const { generation } = put('a');
      const ref = { bucket: 'bucket-1', name: 'a' };

      expect(refusalOf(() => model.getObject(ref, { ifGenerationNotMatch: generation })).status).toBe(304);
      expect(refusalOf(() => model.getObject(ref, { ifMetagenerationMatch: '2' }))).toMatchObject(NOT_MET);
      expect(model.getObject(ref, { ifGenerationMatch: generation }).generation).toBe(generation);
    });

    it('on nothing hold for a create and fail for a replacement', () => {
      expect(refusalOf(() => put('new', 'x', {}, { ifGenerationMatch: '5' }))).toMatchObject(NOT_MET);
      expect(refusalOf(() => put('new', 'x', {}, { ifGenerationNotMatch: '0' }))).toMatchObject(NOT_MET);
      expect(put('new', 'x', {}, { ifGenerationMatch: '0' }).name).toBe('new');
    });

    it('on the source of a copy and on each source of a composition are kept, too', () => {
      put('a');
      const ref = { bucket: 'bucket-1', name: 'a' };
      const copy = () => model.copyObject(ref, { ...ref, name: 'c' }, { sourceConditions: { ifGenerationMatch: '5' } });
      const compose = () => model.composeObject({ ...ref, name: 'c' }, [{ name: 'a', ifGenerationMatch: '5' }]);

      expect(refusalOf(copy)).toMatchObject(NOT_MET);
      expect(refusalOf(compose)).toMatchObject(NOT_MET);
      expect(model.listObjects('bucket-1').objects.map(({ name }) => name)).toEqual(['a']);
    });
  });

  describe('what is not there', () => {
    it('is refused in the words of the service', () => {
      const missing = refusalOf(() => model.getObject({ bucket: 'bucket-1', name: 'a/b' }));
      const nowhere = refusalOf(() => model.listObjects('bucket-3'));

      expect(missing).toMatchObject({ status: 404, reason: 'notFound', message: 'No such object: bucket-1/a/b' });
      expect(nowhere).toMatchObject({ status: 404, message: 'The specified bucket does not exist.' });
    });

    it('is any generation but the live one', () => {
      const old = put('a');
      put('a');

      expect(refusalOf(() => model.deleteObject({ ...old })).status).toBe(404);
      expect(refusalOf(() => model.copyObject(old, { bucket: 'bucket-2', name: 'a' })).status).toBe(404);
    });
  });

  describe('names', () => {
    it.each([
      '',
      'x'.repeat(1025),
      'ä'.repeat(513),
      'a\rb',
      'a\nb',
      '.',
      '..',
      'a\ud800',
      '.well-known/acme-challenge/x',
    ])('refuse the object %j', (name) => {
      expect(refusalOf(() => put(name)).status).toBe(400);
    });

    it.each(['x'.repeat(1024), 'a//b', '/', ' ', '#?%', '😀', '...', 'a/../b'])('allow the object %j', (name) => {
      expect(put(name).name).toBe(name);
    });

    it.each(['', 'ab', 'UPPER', 'a_b-', '-ab', 'a..b', '192.168.0.1', 'goog-1', 'my-google-1', 'x'.repeat(64)])(
      'refuse the bucket %j',
      (name) => {
        expect(refusalOf(() => model.insertBucket(name)).status).toBe(400);
      },
    );

    it.each(['abc', '3com', 'a_b', 'a.b-c', `${'x'.repeat(63)}.y1`])('allow the bucket %j', (name) => {
      expect(model.insertBucket(name).name).toBe(name);
    });
  });

  describe('copies and compositions', () => {
    it('keep all metadata of the source unless they are given their own', () => {
      put('a', 'x', { contentType: 'text/csv', metadata: { k: 'v' } });
      const ref = { bucket: 'bucket-1', name: 'a' };
      const kept = model.copyObject(ref, { bucket: 'bucket-2', name: 'a' });
      const own = model.copyObject(ref, { bucket: 'bucket-2', name: 'b' }, { fields: { cacheControl: 'no-store' } });

      expect(kept).toMatchObject({ contentType: 'text/csv', metadata: { k: 'v' } });
      expect(own).toMatchObject({ cacheControl: 'no-store', metadata: {} });
      expect(own.contentType).toBeUndefined();
    });

    it('put contents one after the other, with a CRC32C but without an MD5', () => {
      put('a', 'one,');
      put('b', 'two,');
      const to = { bucket: 'bucket-1', name: 'ab' };
      const composed = model.composeObject(to, [{ name: 'a' }, { name: 'b' }, { name: 'a' }]);

      expect(Buffer.concat(composed.content.chunks).toString()).toBe('one,two,one,');
      expect(composed.content).toMatchObject({ size: 12, crc32c: contentOf(Buffer.from('one,two,one,')).crc32c });
      expect(composed.content.md5Hash).toBeUndefined();
      expect(model.composeObject(to, [{ name: 'ab' }, { name: 'a' }]).componentCount).toBe(4);
    });

    it('need 1 to 32 sources that exist', () => {
      put('a');
      const to = { bucket: 'bucket-1', name: 'c' };
      const many = (count: number) => Array.from({ length: count }, () => ({ name: 'a' }));

      expect(refusalOf(() => model.composeObject(to, []))).toMatchObject({ status: 400, reason: 'required' });
      expect(refusalOf(() => model.composeObject(to, many(33))).status).toBe(400);
      expect(refusalOf(() => model.composeObject(to, [{ name: 'none' }])).status).toBe(404);
      expect(model.composeObject(to, many(32)).componentCount).toBe(32);
    });
  });

  describe('buckets', () => {
    it('exist once, keep what was set, and go only when empty', () => {
      put('a');
      const patched = model.patchBucket('bucket-1', { labels: { team: 'a' } });

      expect(refusalOf(() => model.insertBucket('bucket-1'))).toMatchObject({ status: 409, reason: 'conflict' });
      expect(patched).toMatchObject({ metageneration: '2', settings: { labels: { team: 'a' } } });
      expect(refusalOf(() => model.deleteBucket('bucket-1'))).toMatchObject({ status: 409 });
      model.deleteObject({ bucket: 'bucket-1', name: 'a' });
      model.deleteBucket('bucket-1');
      expect(model.listBuckets().map(({ name }) => name)).toEqual(['bucket-2']);
    });

    it('refuse versioning, which this service does not have', () => {
      expect(refusalOf(() => model.patchBucket('bucket-1', { versioning: { enabled: true } })).status).toBe(400);
    });
  });

  it('refuses more than 8 KiB of custom metadata', () => {
    expect(put('a', 'x', { metadata: { k: 'v'.repeat(8191) } }).metadata.k).toHaveLength(8191);
    expect(refusalOf(() => put('a', 'x', { metadata: { k: 'v'.repeat(8192) } })).status).toBe(400);
  });

  it('tells listeners of every new generation until they leave', () => {
    const heard: string[] = [];
    const leave = model.onFinalize(({ name }) => heard.push(name));
    put('a');
    put('a');
    model.copyObject({ bucket: 'bucket-1', name: 'a' }, { bucket: 'bucket-2', name: 'b' });
    model.patchObject({ bucket: 'bucket-1', name: 'a' }, { metadata: { k: 'v' } });
    leave();
    put('c');

    expect(heard).toEqual(['a', 'a', 'b']);
  });
});
