import { fingerprint, shortFingerprint } from '../../../shared/core/csv/fingerprints';

function of(text: string, before = ''): { low: number; high: number } {
  const bytes = Buffer.from(`${before}${text}###`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return { ...fingerprint(view, Buffer.byteLength(before), Buffer.byteLength(before + text)) };
}

describe('fingerprint', () => {
  it('is the same wherever the bytes lie and whatever surrounds them', () => {
    for (const text of ['', 'a', 'abc', 'abcd', 'product-1', 'Läufer „Förde“']) {
      expect(of(text, 'xyz')).toEqual(of(text));
    }
  });

  it('tells short keys apart, of any length and with zero bytes', () => {
    const keys = [
      '',
      '\0',
      '\0\0',
      '\0\0\0\0',
      '\0\0\0\0\0',
      'a',
      'b',
      'ab',
      'ba',
      'abcd',
      'abcde',
      'bcde',
      'abcdabcd',
    ];

    expect(new Set(keys.map((key) => of(key).low)).size).toBe(keys.length);
    expect(new Set(keys.map((key) => of(key).high)).size).toBe(keys.length);
  });

  it('gives two hashes that do not go together', () => {
    const keys = Array.from({ length: 20_000 }, (_, index) => of(`product-${index}`));
    const near = (hashes: number[]) => new Set(hashes.map((hash) => hash >>> 12)).size;

    // Of 2^20 places, 20,000 keys take about 19,810, as they do where chance alone decides.
    expect(near(keys.map(({ low }) => low))).toBeGreaterThan(19_600);
    expect(near(keys.map(({ high }) => high))).toBeGreaterThan(19_600);
    expect(near(keys.map(({ low, high }) => low ^ high))).toBeGreaterThan(19_600);
  });

  it('tells apart where the first part of a key ends and the second begins', () => {
    const view = new DataView(new TextEncoder().encode('abcdefgh').buffer);
    const pairs = [1, 2, 3, 4, 5].map(
      (middle) => fingerprint(view, middle, 8, { ...fingerprint(view, 0, middle) }).low,
    );

    expect(new Set(pairs).size).toBe(pairs.length);
  });

  it('is as short as its lower half where that is enough', () => {
    const view = new DataView(new TextEncoder().encode('apparel-v2').buffer);

    expect(shortFingerprint(view, 0, 10)).toBe(fingerprint(view, 0, 10).low);
  });
});
