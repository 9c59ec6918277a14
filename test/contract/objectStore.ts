/** What every `ObjectStore` promises, run on the model and on Google's client against the local server. */
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { ServiceError } from '../../shared/core/errors';
import type { ObjectStore } from '../../shared/ports';

export interface ObjectStoreUnderTest {
  store: ObjectStore;
  /** An empty bucket; there is no bucket of this name with `-missing` behind it. */
  bucket: string;
  close(): Promise<void>;
}

const TEXT = { contentType: 'text/plain' };

export function objectStoreContract(name: string, make: () => Promise<ObjectStoreUnderTest>): void {
  describe(`ObjectStore: ${name}`, () => {
    let subject: ObjectStoreUnderTest;
    let store: ObjectStore;
    let bucket: string;

    beforeAll(async () => {
      subject = await make();
      ({ store, bucket } = subject);
    });

    afterAll(() => subject.close());

    async function put(object: string, body = object) {
      const written = await store.write({ bucket, name: object }, body, TEXT);
      if (written === null) throw new Error('a write without a precondition was refused');
      return written;
    }

    it('gives back what was written, with its metadata', async () => {
      const object = { bucket, name: 'ordner/ä b+c%20d#?.csv' };
      const written = await store.write(object, 'größe', {
        contentType: 'text/csv',
        metadata: { due: '17', 'a-b': 'ü' },
      });
      const read = await store.read(object);

      expect(written).toMatchObject({ ...object, size: 7, contentType: 'text/csv', metageneration: '1' });
      expect(written?.metadata).toEqual({ due: '17', 'a-b': 'ü' });
      expect(written?.generation).toMatch(/^[1-9]\d*$/);
      expect(written?.timeCreated).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
      expect(read).toEqual({ object: written, body: Buffer.from('größe') });
      expect(await store.stat(object)).toEqual(written);
    });

    it('says null for what is not there', async () => {
      const object = { bucket, name: 'never-written' };

      expect(await store.stat(object)).toBeNull();
      expect(await store.read(object)).toBeNull();
      expect(await store.openRead(object, '17')).toBeNull();
      expect(await store.stat({ bucket: `${bucket}-missing`, name: 'x' })).toBeNull();
    });

    it('takes an empty body, a buffer and a stream', async () => {
      const bytes = Buffer.alloc(300_000, 'line\r\n--b\r\n');
      await store.write({ bucket, name: 'empty' }, '', TEXT);
      await store.write({ bucket, name: 'buffer' }, bytes, TEXT);
      await store.write({ bucket, name: 'stream' }, Readable.from([bytes.subarray(0, 7), bytes.subarray(7)]), TEXT);

      expect((await store.read({ bucket, name: 'empty' }))?.body).toEqual(Buffer.alloc(0));
      expect((await store.read({ bucket, name: 'buffer' }))?.body.equals(bytes)).toBe(true);
      expect((await store.read({ bucket, name: 'stream' }))?.body.equals(bytes)).toBe(true);
    });

    it('passes on the fault of a stream that it was to write, and writes nothing', async () => {
      const source = Readable.from(
        (async function* () {
          yield Buffer.from('half');
          throw new Error('the source broke');
        })(),
      );

      await expect(store.write({ bucket, name: 'half' }, source, TEXT)).rejects.toThrow('the source broke');
      expect(await store.stat({ bucket, name: 'half' })).toBeNull();
    });

    it('gives a higher generation to every write, also when the content stays', async () => {
      const first = await put('twice', 'same');
      const second = await put('twice', 'same');

      expect(BigInt(second.generation)).toBeGreaterThan(BigInt(first.generation));
    });

    it('creates only where nothing is with generation 0', async () => {
      const object = { bucket, name: 'claim' };
      const first = await store.write(object, 'mine', { ...TEXT, ifGenerationMatch: '0' });
      const second = await store.write(object, 'yours', { ...TEXT, ifGenerationMatch: '0' });

      expect(first).not.toBeNull();
      expect(second).toBeNull();
      expect((await store.read(object))?.body.toString()).toBe('mine');
    });

    it('lets exactly one of many claims win', async () => {
      const object = { bucket, name: 'race' };
      const claim = (index: number) => store.write(object, `${index}`, { ...TEXT, ifGenerationMatch: '0' });
      const results = await Promise.all(Array.from({ length: 8 }, (_, index) => claim(index)));
      const winner = results.findIndex((result) => result !== null);

      expect(results.filter((result) => result !== null)).toHaveLength(1);
      expect((await store.read(object))?.body.toString()).toBe(`${winner}`);
    });

    it('replaces only the generation that was seen', async () => {
      const first = await put('swap', 'a');
      const second = await store.write(first, 'b', { ...TEXT, ifGenerationMatch: first.generation });
      const third = await store.write(first, 'c', { ...TEXT, ifGenerationMatch: first.generation });

      expect(second).not.toBeNull();
      expect(third).toBeNull();
      expect((await store.read(first))?.body.toString()).toBe('b');
    });

    it('knows only the live generation', async () => {
      const old = await put('replaced', 'old');
      const live = await put('replaced', 'live');

      expect(await store.stat(old, old.generation)).toBeNull();
      expect(await store.read(old, old.generation)).toBeNull();
      expect(await store.openRead(old, old.generation)).toBeNull();
      expect((await store.read(old, live.generation))?.body.toString()).toBe('live');
    });

    it('streams the content of a generation', async () => {
      const bytes = Buffer.alloc(1_000_000, 'abcdefg');
      const written = await store.write({ bucket, name: 'long' }, bytes, TEXT);
      const stream = await store.openRead({ bucket, name: 'long' }, written?.generation ?? '');

      expect(stream).not.toBeNull();
      expect((await buffer(stream ?? Readable.from([]))).equals(bytes)).toBe(true);
    });

    it('lets go of a stream that nobody reads to its end', async () => {
      const written = await put('unread', 'x'.repeat(1_000_000));
      const stream = await store.openRead(written, written.generation);
      stream?.destroy();

      expect(stream?.destroyed).toBe(true);
      expect((await store.stat(written))?.generation).toBe(written.generation);
    });

    it('harms no other call when a stream is left early', async () => {
      const long = await put('left-early', 'x'.repeat(8_000_000));

      for (let time = 0; time < 3; time += 1) {
        const stream = await store.openRead(long, long.generation);
        for await (const chunk of stream ?? []) if ((chunk as Buffer).length > 0) break;
        expect(await put(`after-${time}`)).toMatchObject({ name: `after-${time}` });
      }
    });

    it('deletes, and says whether there was anything to delete', async () => {
      const object = await put('gone');

      expect(await store.delete(object)).toBe('deleted');
      expect(await store.delete(object)).toBe('absent');
      expect(await store.delete(object, { ifGenerationMatch: object.generation })).toBe('absent');
    });

    it('does not delete what was written since it was looked at', async () => {
      const seen = await put('kept', 'old');
      const live = await put('kept', 'new');

      expect(await store.delete(seen, { ifGenerationMatch: seen.generation })).toBe('changed');
      expect(await store.delete(seen, { ifGenerationMatch: live.generation })).toBe('deleted');
    });

    it('copies content, content type and metadata of one generation', async () => {
      const written = await store.write({ bucket, name: 'from' }, 'a,b', {
        contentType: 'text/csv',
        metadata: { k: 'v' },
      });
      const from = { bucket, name: 'from', generation: written?.generation ?? '' };
      const copied = await store.copy(from, { bucket, name: 'to/ä' });

      expect(copied).toMatchObject({ name: 'to/ä', contentType: 'text/csv', metadata: { k: 'v' }, size: 3 });
      expect((await store.read({ bucket, name: 'to/ä' }))?.body.toString()).toBe('a,b');
    });

    it('keeps the content type of a copy that gets metadata of its own', async () => {
      const written = await store.write({ bucket, name: 'typed' }, 'a', {
        contentType: 'text/csv',
        metadata: { old: '1' },
      });
      const from = { bucket, name: 'typed', generation: written?.generation ?? '' };
      const copied = await store.copy(from, { bucket, name: 'retyped' }, { metadata: { new: '2' } });

      expect(copied).toMatchObject({ contentType: 'text/csv' });
      expect((await store.stat({ bucket, name: 'retyped' }))?.metadata).toEqual({ new: '2' });
    });

    it('says why it could not copy', async () => {
      const old = await put('source', 'old');
      const live = await put('source', 'live');
      await put('taken');
      const claim = { ifGenerationMatch: '0' };

      expect(await store.copy(old, { bucket, name: 'never' })).toBe('source-gone');
      expect(await store.copy(old, { bucket, name: 'never' }, { metadata: {} })).toBe('source-gone');
      expect(await store.copy(live, { bucket, name: 'taken' }, claim)).toBe('precondition');
      expect(await store.copy(live, { bucket, name: 'free' }, claim)).toMatchObject({ name: 'free' });
      expect(await store.stat({ bucket, name: 'never' })).toBeNull();
    });

    it('throws where the bucket that it is to write into or list does not exist', async () => {
      const live = await put('somewhere');
      const nowhere = { bucket: `${bucket}-missing`, name: 'x' };

      await expect(store.write(nowhere, 'x', TEXT)).rejects.toMatchObject({ status: 'NOT_FOUND' });
      await expect(store.copy(live, nowhere)).rejects.toMatchObject({ status: 'NOT_FOUND' });
      await expect(store.list({ bucket: nowhere.bucket, prefix: '' })).rejects.toBeInstanceOf(ServiceError);
    });

    it('throws for a name that no object may have', async () => {
      const write = store.write({ bucket, name: 'x'.repeat(1025) }, 'x', TEXT);

      await expect(write).rejects.toMatchObject({ call: 'Storage.ObjectsInsert', status: 'INVALID_ARGUMENT' });
    });

    it('lists page by page in the order of UTF-8 bytes, under the prefix alone', async () => {
      const names = ['list/Z', 'list/a', 'list/a/b', 'list/ä', 'list/\uff5e', 'list/😀'];
      for (const each of [...names].reverse()) await put(each);
      await put('listing');
      const pages: string[][] = [];
      let pageToken: string | undefined;
      do {
        const page = await store.list({ bucket, prefix: 'list/', pageToken, maxResults: 2 });
        pages.push(page.objects.map((object) => object.name));
        pageToken = page.nextPageToken;
      } while (pageToken !== undefined && pages.length < 10);

      expect(pages).toEqual([names.slice(0, 2), names.slice(2, 4), names.slice(4)]);
      expect(await store.list({ bucket, prefix: 'list/nothing' })).toEqual({ objects: [] });
    });

    it('lists objects with everything that stat says of them', async () => {
      await store.write({ bucket, name: 'listed/one' }, 'x', { ...TEXT, metadata: { due: '5' } });
      const { objects } = await store.list({ bucket, prefix: 'listed/' });

      expect(objects).toEqual([await store.stat({ bucket, name: 'listed/one' })]);
    });
  });
}
