import {
  InvalidSnapshotError,
  parseSnapshotIndex,
  parseSnapshotPart,
  snapshotUriFault,
} from '../../shared/core/snapshot';

const FOLDER = 'gs://state/snapshots/cmd-1';
const AT = 'projects/p/locations/us-west1';
const INDEX = {
  version: 1,
  requestId: 'cmd-1',
  projectId: 'p',
  location: 'us-west1',
  target: { productSetId: null },
  digest: 'd',
  productSets: [{ name: `${AT}/productSets/shoes`, displayName: 'Shoes' }],
  parts: [{ products: `${FOLDER}/products-00001.jsonl`, csv: [], digest: 'd1' }],
};
const PRODUCT = { name: `${AT}/products/p1`, displayName: 'P', productCategory: 'toys-v2' };

function readIndex(change: object) {
  return parseSnapshotIndex(JSON.stringify({ ...INDEX, ...change }), `${FOLDER}/snapshot.json`);
}

function readPart(line: object) {
  return parseSnapshotPart(`${JSON.stringify(line)}\n`, 'gs://state/part', { projectId: 'p', location: 'us-west1' });
}

describe('snapshot.json', () => {
  it('is read with the display names by bare id', () => {
    expect(readIndex({})).toMatchObject({ location: 'us-west1', displayNames: new Map([['shoes', 'Shoes']]) });
  });

  it.each<[string, object, RegExp]>([
    ['another version', { version: 2 }, /snapshot\.json.*version: must be 1/],
    ['no such location', { location: 'us-central1' }, /location/],
    ['a part elsewhere', { parts: [{ products: 'gs://other/products-00001.jsonl', digest: '' }] }, /not beside it/],
    ['a part in a folder', { parts: [{ products: `${FOLDER}/x/products-00001.jsonl`, digest: '' }] }, /not beside it/],
    ['a part that is a CSV', { parts: [{ products: `${FOLDER}/import-00001.csv`, digest: '' }] }, /not beside it/],
    [
      'a set of another project',
      { productSets: [{ name: 'projects/q/x', displayName: '' }] },
      /should begin with proj/,
    ],
  ])('is refused with %s', (_case, change, message) => {
    expect(() => readIndex(change)).toThrow(InvalidSnapshotError);
    expect(() => readIndex(change)).toThrow(message);
  });
});

describe('a part', () => {
  it('is read as the API writes it: what is 0 or empty is left out', () => {
    const referenceImages = [
      { name: `${PRODUCT.name}/referenceImages/i`, uri: 'gs://b/1', boundingPolys: [{ vertices: [{}, { x: 4 }] }] },
    ];

    expect(readPart({ product: PRODUCT, productSets: [`${AT}/productSets/shoes`], referenceImages })).toEqual([
      {
        product: { id: 'p1', displayName: 'P', description: '', productCategory: 'toys-v2', productLabels: [] },
        productSetIds: ['shoes'],
        referenceImages: [
          {
            id: 'i',
            uri: 'gs://b/1',
            boundingPolys: [
              {
                vertices: [
                  { x: 0, y: 0 },
                  { x: 4, y: 0 },
                ],
                normalizedVertices: [],
              },
            ],
          },
        ],
      },
    ]);
  });

  it.each<[string, object, RegExp]>([
    ['no product', {}, /line 1 .*product/],
    ['no category', { product: { ...PRODUCT, productCategory: '' } }, /productCategory/],
    [
      'a product of another location',
      { product: { ...PRODUCT, name: 'projects/p/locations/us-east1/products/p1' } },
      /us-east1/,
    ],
    [
      'an image of another product',
      { product: PRODUCT, referenceImages: [{ name: `${AT}/products/p2/referenceImages/i`, uri: 'gs://b/1' }] },
      /p2/,
    ],
    ['a name without an id', { product: { ...PRODUCT, name: `${AT}/products/` } }, /end with an id/],
  ])('is refused with %s', (_case, line, message) => {
    expect(() => readPart(line)).toThrow(InvalidSnapshotError);
    expect(() => readPart(line)).toThrow(message);
  });
});

it.each([
  [`${FOLDER}/snapshot.json`, true],
  ['gs://other/snapshots/cmd-1/snapshot.json', false],
  ['gs://state/staging/cmd-1/snapshot.json', false],
  ['gs://state/snapshots/snapshot.json', false],
  ['gs://state/snapshots/cmd-1/x/snapshot.json', false],
  ['snapshots/cmd-1/snapshot.json', false],
])('%s is a snapshot of the bucket "state": %s', (uri, isOne) => {
  expect(snapshotUriFault(uri, 'state') === null).toBe(isOne);
});
