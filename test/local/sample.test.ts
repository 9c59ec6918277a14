import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { sampleCsv, sampleImages } from '../../local/sample/makeSample';
import { checkedCsv } from '../core/csv/checkedCsv';

const BUCKET = 'product-search-images';
const images = sampleImages();

describe('the sample CSV', () => {
  const csv = sampleCsv(BUCKET);

  it('is the one that lies beside its generator', () => {
    expect(readFileSync(join(__dirname, '../../local/sample/catalogue.csv'), 'utf8')).toBe(csv);
  });

  it('has a hundred good lines without a warning, several product sets, and products in two of them', () => {
    const { verdicts, totals } = checkedCsv(csv);

    expect(totals).toMatchObject({ lines: 100, valid: 100, ignored: 0 });
    expect(verdicts.flatMap((verdict) => verdict.warnings)).toEqual([]);
    expect(totals.productSetCount).toBeGreaterThan(3);
    expect(totals.imageCount).toBe(images.length);
    expect(totals.lines).toBeGreaterThan(totals.imageCount);
  });

  it('names the images that there are, and all of them', () => {
    const named = csv.split('\n').flatMap((line) => /^gs:\/\/product-search-images\/([^,]+),/.exec(line)?.[1] ?? []);

    expect([...new Set(named)].sort()).toEqual(images.map((image) => image.name).sort());
  });
});

describe('the sample images', () => {
  it('are PNGs of 640 by 640 pixels and less than 3 KB, all of them different', () => {
    for (const { bytes } of images) {
      expect(bytes.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
      expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([640, 640]);
      expect(bytes.length).toBeLessThan(3_000);
    }
    expect(new Set(images.map((image) => image.bytes.toString('base64'))).size).toBe(images.length);
  });

  it('hold 640 whole rows, and a chunk at the end', () => {
    const [image] = images;
    const bytes = image?.bytes ?? Buffer.alloc(0);
    const start = bytes.indexOf('IDAT');
    const rows = inflateSync(bytes.subarray(start + 4, start + 4 + bytes.readUInt32BE(start - 4)));

    expect(rows).toHaveLength(640 * (1 + 640 / 4));
    // The IEND chunk with its CRC, the same in every PNG.
    expect(bytes.subarray(-12).toString('hex')).toBe('0000000049454e44ae426082');
  });

  it('are the same ones every time', () => {
    expect(sampleImages()).toEqual(images);
  });
});
