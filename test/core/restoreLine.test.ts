import fc from 'fast-check';
import { parseImportLine, parseLabels } from '../../local/productSearch/csvLine';
import { createFileChecker } from '../../shared/core/csv/fileChecker';
import { importLine, isWorthImporting } from '../../shared/core/restoreLine';
import type { SnapshotImage, SnapshotProduct } from '../../shared/core/snapshot';

const IMAGE: SnapshotImage = { id: 'i', uri: 'gs://bkt/1.png', boundingPolys: [] };

function productWith(
  fields: Partial<SnapshotProduct['product']> = {},
  productSetIds = ['shoes', 'sale'],
): SnapshotProduct {
  const product = { id: 'p', displayName: 'Shoe', description: '', productCategory: 'apparel-v2', productLabels: [] };
  return { product: { ...product, ...fields }, productSetIds, referenceImages: [] };
}

const pixels = (...points: [number, number][]) => ({
  vertices: points.map(([x, y]) => ({ x, y })),
  normalizedVertices: [],
});
const corners = (x: number) => ({
  vertices: [],
  normalizedVertices: [
    { x: 0, y: 0 },
    { x, y: 1 },
  ],
});

describe('the line of an image', () => {
  it.each<[string, SnapshotProduct, Partial<SnapshotImage>, string]>([
    ['names the first set', productWith(), {}, 'gs://bkt/1.png,i,shoes,p,apparel-v2,Shoe,,'],
    [
      'has one polygon in pixels',
      productWith(),
      { boundingPolys: [pixels([0, 0], [400, 500])] },
      'gs://bkt/1.png,i,shoes,p,apparel-v2,Shoe,,"0,0,400,500"',
    ],
    [
      'has labels that a column can hold',
      productWith({
        productLabels: [
          { key: 'k', value: 'v' },
          { key: 'k', value: 'w' },
        ],
      }),
      {},
      'gs://bkt/1.png,i,shoes,p,apparel-v2,Shoe,"k=v,k=w",',
    ],
    [
      'leaves out labels with =',
      productWith({ productLabels: [{ key: 'k', value: 'a=b' }] }),
      {},
      'gs://bkt/1.png,i,shoes,p,apparel-v2,Shoe,,',
    ],
    [
      'leaves out labels with a comma',
      productWith({ productLabels: [{ key: 'k', value: 'a,b=c' }] }),
      {},
      'gs://bkt/1.png,i,shoes,p,apparel-v2,Shoe,,',
    ],
    [
      'leaves out labels with blanks around',
      productWith({ productLabels: [{ key: 'k', value: ' v' }] }),
      {},
      'gs://bkt/1.png,i,shoes,p,apparel-v2,Shoe,,',
    ],
    [
      'leaves out a name with blanks around',
      productWith({ displayName: ' Shoe' }),
      {},
      'gs://bkt/1.png,i,shoes,p,apparel-v2,,,',
    ],
    [
      'leaves out a name with a quote',
      productWith({ displayName: '12" pan' }),
      {},
      'gs://bkt/1.png,i,shoes,p,apparel-v2,,,',
    ],
    [
      'leaves out the name that a blank one gets',
      productWith({ displayName: ' ' }),
      {},
      'gs://bkt/1.png,i,shoes,p,apparel-v2,,,',
    ],
    [
      'leaves out what makes it too long',
      productWith({ displayName: 'n'.repeat(2_048) }),
      {},
      'gs://bkt/1.png,i,shoes,p,apparel-v2,,,',
    ],
  ])('%s', (_case, product, image, line) => {
    expect(importLine(product, { ...IMAGE, ...image })).toBe(line);
  });

  it.each<[string, SnapshotProduct, Partial<SnapshotImage>]>([
    ['of a product in no set', productWith({}, []), {}],
    ['of a product of a legacy category', productWith({ productCategory: 'apparel' }), {}],
    ['with two polygons', productWith(), { boundingPolys: [pixels([0, 0], [9, 9]), pixels([0, 0], [5, 5])] }],
    ['with a normalised polygon', productWith(), { boundingPolys: [corners(0.5)] }],
    ['with a polygon of one point', productWith(), { boundingPolys: [pixels([1, 1])] }],
    ['with a polygon without a point', productWith(), { boundingPolys: [pixels()] }],
    ['whose file has a quote in its name', productWith(), { uri: 'gs://bkt/12".png' }],
    ['with an id that a CSV would trim', productWith(), { id: ' i' }],
    ['with a URI that fills a line', productWith(), { uri: `gs://bkt/${'n'.repeat(2_040)}` }],
  ])('is none %s', (_case, product, image) => {
    expect(importLine(product, { ...IMAGE, ...image })).toBeNull();
  });

  it('says nothing but the truth, to the service and to our own checker', () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
      fc.stringMatching(/^[a-z ,="'\r\n]{1,12}$/),
    );
    const id = text.filter((one) => !one.includes('/'));
    const polys = fc.array(
      fc.array(fc.tuple(fc.nat(5_000), fc.nat(5_000)), { maxLength: 4 }).map((points) => pixels(...points)),
      { maxLength: 2 },
    );
    const productLabels = fc.array(fc.record({ key: text, value: text }), { maxLength: 3 });
    fc.assert(
      fc.property(id, id, id, text, text, productLabels, polys, (...drawn) => {
        const [imageId, setId, productId, name, displayName, labels, boundingPolys] = drawn;
        const product = productWith({ id: productId, displayName, productLabels: labels }, [setId]);
        const image = { id: imageId, uri: `gs://bkt/${name}`, boundingPolys };

        const line = importLine(product, image);
        if (line === null) return;

        const { labels: labelText, displayName: nameText, ...read } = parseImportLine(line);
        expect(read).toEqual({
          imageUri: image.uri,
          imageId,
          productSetId: setId,
          productId,
          productCategory: 'apparel-v2',
          boundingPolys,
        });
        expect([displayName, '']).toContain(nameText);
        expect([labels, []]).toContainEqual(parseLabels(labelText));
        const checker = createFileChecker({ assignImageIds: false, maxSetsPerProduct: 5 });
        const verdicts = [...checker.push(Buffer.from(`${line}\n`)), ...checker.end().verdicts];
        expect(verdicts).toMatchObject([{ kind: 'valid', normalised: line }]);
      }),
      { numRuns: 500 },
    );
  });
});

describe('an import is worth its slots', () => {
  const slots = (used: number) => ({ limit: 120, reserve: 10, used, nextFreeAt: 0, importLines: 20_000 });

  it.each([
    [4_999, 0, false],
    [5_000, 0, true],
    [5_000, 53, true],
    [5_000, 54, false],
    [200_000, 44, true],
    [200_000, 45, false],
    [2_000_000, 0, false],
    [5_000, 120, false],
  ])('for %d lines, with %d of 120 used: %s', (lines, used, worth) => {
    expect(isWorthImporting(lines, 5_000, slots(used))).toBe(worth);
  });
});
