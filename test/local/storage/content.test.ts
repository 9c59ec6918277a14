import { createHash } from 'node:crypto';
import { CRC32C } from '@google-cloud/storage';
import fc from 'fast-check';
import { concatContent, contentOf, createContentBuilder, sliceContent } from '../../../local/storage/content';
import { compareNames } from '../../../local/storage/modelNames';

const chunk = fc.uint8Array({ maxLength: 70 }).map((bytes) => Buffer.from(bytes));

describe('content', () => {
  it('has the hashes that the official client computes, however it arrives', () => {
    fc.assert(
      fc.property(fc.array(chunk, { maxLength: 6 }), (chunks) => {
        const builder = createContentBuilder();
        for (const each of chunks) builder.push(each);
        const whole = Buffer.concat(chunks);
        const official = new CRC32C();
        official.update(whole);

        expect(builder.finish()).toMatchObject({
          size: whole.length,
          crc32c: official.toString(),
          md5Hash: createHash('md5').update(whole).digest('base64'),
        });
      }),
    );
  });

  it('has the CRC32C of the published check value', () => {
    expect(Buffer.from(contentOf(Buffer.from('123456789')).crc32c, 'base64').toString('hex')).toBe('e3069283');
  });

  it('is cut as a buffer is', () => {
    fc.assert(
      fc.property(fc.array(chunk, { maxLength: 5 }), fc.nat(300), fc.nat(300), (chunks, start, length) => {
        const content = concatContent(chunks.map(contentOf));
        const slice = Buffer.concat([...sliceContent(content, start, start + length)]);

        expect(slice.equals(Buffer.concat(chunks).subarray(start, start + length))).toBe(true);
      }),
    );
  });
});

describe('the order of names', () => {
  it('is that of their UTF-8 bytes', () => {
    const name = fc.string({ unit: 'binary', maxLength: 6 });
    fc.assert(
      fc.property(name, name, (a, b) => {
        expect(Math.sign(compareNames(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
    );
  });
});
