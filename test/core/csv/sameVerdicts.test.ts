import fc from 'fast-check';
import { createFileChecker } from '../../../shared/core/csv/fileChecker';
import { checkedCsv, checkedSlowly } from './checkedCsv';

/** Few values, so that lines meet: the same image again, the same product otherwise, a product in many sets. */
const uris = [
  'gs://images/a.png',
  'gs://images/a.png',
  'gs://images/b/ä b.png',
  'gs://images/ä',
  'gs://shop.example.com/b.png',
  'gs://1.2.3.4/b.png',
  'gs://im/a',
  'gs://-images/a.png',
  'gs://images/',
  'gs://images/..',
  'gs://images/a, b.png',
  'gs://images/a.png ',
  'https://storage.googleapis.com/images/a.png',
  `gs://images/${'x'.repeat(1_025)}`,
  'gs://images/"a".png',
];
const ids = [
  'i1',
  'i2',
  'i1',
  'i2',
  'ü',
  '',
  'a/b',
  ' x',
  '.',
  '..',
  'x y',
  `${'x'.repeat(129)}`,
  'a"b',
  'a,b',
  '日本',
];
const categories = ['general-v1', 'general-v1', 'apparel-v2', 'apparel', 'general-v2', '', 'GENERAL-V1'];
const names = [
  '',
  '',
  'Mug',
  'Mug, 0.3 l',
  ' Mug',
  'Mug ',
  'the "best"',
  'Läufer „Förde“',
  'a\u00a0b',
  '🤖',
  '\u3000',
  '"',
];
const labels = [
  '',
  'a=b',
  'a=b,c=d',
  'a=b, c=d',
  'a= b',
  'a',
  'a=',
  '=b',
  'a=b=c',
  'a=b,',
  'ä=ö',
  `a=${'x'.repeat(129)}`,
  '"=a',
];
const polys = [
  '',
  '',
  '0,0,300,300',
  '0.1,0.1,0.9,0.9',
  '0.0,0.0,1.0,1.0',
  '00,0,3,3',
  '0,0,1.5,1',
  '0.10,0.1,0.9,0.9',
];
const oddPolys = [
  '1,2,3',
  '1,2',
  '0.,.5,1,1',
  '0.5,0.5,1,1',
  '9999999999,1,2,3',
  '1234567890,1,2,3',
  '1,,2,3',
  'a,b,c,d',
  '1.0,1.1,0.1,0.1',
];

/** Written with quotes where they are needed, or always, or never. */
const style = fc.constantFrom<(text: string) => string>(
  (text) => (/[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text),
  (text) => (/[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text),
  (text) => `"${text.replaceAll('"', '""')}"`,
  (text) => text,
);
const mostly = (good: string, others: string[]) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(good) }, fc.constantFrom(...others));
const line = fc
  .tuple(
    style,
    mostly('gs://images/a.png', uris),
    fc.oneof({ weight: 4, arbitrary: fc.nat(40).map((number) => `img-${number}`) }, fc.constantFrom(...ids)),
    fc.oneof({ weight: 8, arbitrary: fc.nat(3).map((number) => `set-${number}`) }, fc.constantFrom(...ids)),
    fc.oneof({ weight: 8, arbitrary: fc.nat(3).map((number) => `sku-${number}`) }, fc.constantFrom(...ids)),
    mostly('general-v1', categories),
    mostly('Mug', names),
    mostly('a=b,c=d', labels),
    mostly('', [...polys, ...oddPolys]),
  )
  .map(([write, ...columns]) => columns.map(write).join(','));

const lines = fc.array(fc.oneof({ weight: 12, arbitrary: line }, fc.constantFrom('', ' ', 'a,"b', 'c",', ',,,,,,,')), {
  maxLength: 60,
});
const goodFile = fc
  .tuple(lines, fc.constantFrom('\n', '\n', '\r\n'), fc.boolean())
  .map(([all, end, isEnded]) => Buffer.from(all.join(end) + (isEnded ? end : '')));

/** Bytes that break a line in one way or another: quotes, separators, line ends, and pieces of UTF-8. */
const odd = fc.oneof(
  fc
    .constantFrom(
      '"',
      ',',
      '\n',
      '\r',
      '\0',
      '\t',
      ' ',
      '/',
      '=',
      '0',
      '.',
      '\x7f',
      '\u0085',
      '\u00a0',
      '\u2028',
      '\ufeff',
      '\ufffd',
      '€',
      '🤖',
    )
    .map((text) => Buffer.from(text)),
  fc
    .constantFrom(
      [0xc3],
      [0xa9],
      [0xe2, 0x82],
      [0xed, 0xa0, 0x80],
      [0xc0, 0x80],
      [0xf5, 0x80, 0x80, 0x80],
      [0xff, 0xfe],
      [0xf0, 0x9f, 0xa4],
    )
    .map((bytes) => Buffer.from(bytes)),
  fc.uint8Array({ minLength: 1, maxLength: 2 }).map((bytes) => Buffer.from(bytes)),
);
const mutation = fc.record({ at: fc.nat(8_000), remove: fc.nat(3), put: odd });
const brokenFile = fc.tuple(goodFile, fc.array(mutation, { minLength: 1, maxLength: 6 })).map(([file, mutations]) =>
  mutations.reduce((bytes, { at, remove, put }) => {
    const place = bytes.length === 0 ? 0 : at % bytes.length;
    return Buffer.concat([bytes.subarray(0, place), put, bytes.subarray(place + remove)]);
  }, file),
);

describe('the quick ways to a verdict', () => {
  it.each([
    ['generated', goodFile, 31],
    ['broken', brokenFile, 32],
  ])('say of %s files what the general way says', (_, files, seed) => {
    let plain = 0;
    fc.assert(
      fc.property(files, fc.constantFrom(7, 100, 100_000), fc.boolean(), (file, chunkBytes, assignImageIds) => {
        const options = { assignImageIds, maxSetsPerProduct: 2, maxImagesPerSet: 12, chunkBytes };
        const quick = checkedCsv(file, options);
        const slow = checkedSlowly(file, options);
        expect(quick.verdicts).toEqual(slow.verdicts);
        expect(quick.totals).toMatchObject(slow.totals);
        plain += quick.verdicts.filter((verdict) => verdict.kind === 'valid' && verdict.warnings.length === 0).length;
      }),
      { seed, numRuns: 1_500 },
    );
    expect(plain).toBeGreaterThan(1_000);
  });

  it('leave out nothing but what there is nothing to say about', () => {
    fc.assert(
      fc.property(brokenFile, (file) => {
        const { verdicts, totals } = checkedCsv(file);
        const checker = createFileChecker({ onlyFindings: true });
        const found = [...checker.push(file)];
        const end = checker.end();
        expect([...found, ...end.verdicts]).toEqual(
          verdicts.filter((verdict) => verdict.kind !== 'valid' || verdict.warnings.length > 0),
        );
        expect(end.totals).toEqual(totals);
      }),
      { seed: 33, numRuns: 500 },
    );
  });
});
