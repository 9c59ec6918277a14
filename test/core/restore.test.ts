import {
  compareProduct,
  isSameImage,
  isSameProduct,
  joinComparisons,
  type PresentProduct,
  type RestoreAction,
} from '../../shared/core/restore';
import type { SnapshotImage, SnapshotProduct } from '../../shared/core/snapshot';

const poly = (x: number) => ({
  vertices: [
    { x: 0, y: 0 },
    { x, y: 400 },
  ],
  normalizedVertices: [],
});
const image = (id: string, x?: number): SnapshotImage => ({
  id,
  uri: `gs://bkt/${id}.png`,
  boundingPolys: x === undefined ? [] : [poly(x)],
});
const PRODUCT = {
  id: 'p',
  displayName: 'Shoe',
  description: 'Of leather',
  productCategory: 'apparel-v2',
  productLabels: [
    { key: 'a', value: '1' },
    { key: 'b', value: '2' },
  ],
};
const WANTED: SnapshotProduct = {
  product: PRODUCT,
  productSetIds: ['shoes', 'sale'],
  referenceImages: [image('one'), image('two', 400)],
};
const THERE: PresentProduct = { product: PRODUCT, images: WANTED.referenceImages };
const everywhere = () => true;

function made(present: PresentProduct | null, isMember?: (set: string) => boolean | undefined): string[] {
  return compareProduct(WANTED, present, isMember).actions.map(nameOf);
}

function nameOf(action: RestoreAction): string {
  if (action.make === 'productSet') return `set ${action.productSet.id}`;
  if (action.make === 'product') return action.exists ? 'update' : 'create';
  if (action.make === 'image') return `image ${action.image.id}`;
  return `${action.unsure ? 'perhaps ' : ''}into ${action.productSetId}`;
}

describe('what it takes to bring a product back', () => {
  it.each<[string, PresentProduct | null, ((set: string) => boolean | undefined) | undefined, string[]]>([
    ['that is gone', null, undefined, ['create', 'image one', 'image two', 'into shoes', 'into sale']],
    ['that is there', THERE, everywhere, []],
    ['that is in one of its sets', THERE, (set) => set === 'shoes', ['into sale']],
    ['whose sets are not known', THERE, undefined, ['perhaps into shoes', 'perhaps into sale']],
    ['with another name', { ...THERE, product: { ...PRODUCT, displayName: 'Boot' } }, everywhere, ['update']],
    ['with another description', { ...THERE, product: { ...PRODUCT, description: '' } }, everywhere, ['update']],
    ['with other labels', { ...THERE, product: { ...PRODUCT, productLabels: [] } }, everywhere, ['update']],
    ['that has lost an image', { ...THERE, images: [image('one')] }, everywhere, ['image two']],
    ['whose image has another polygon', { ...THERE, images: [image('one'), image('two', 500)] }, everywhere, []],
    ['of another category', { product: { ...PRODUCT, productCategory: 'toys-v2' }, images: [] }, everywhere, []],
  ])('%s', (_case, present, isMember, actions) => {
    expect(made(present, isMember)).toEqual(actions);
  });

  it('counts what is there, and what stands in the way', () => {
    const counts = (present: PresentProduct | null) => {
      const { alreadyPresent, failed, problems } = compareProduct(WANTED, present, everywhere);
      return { alreadyPresent, failed, codes: problems.map(({ code }) => code) };
    };

    expect(counts(null)).toEqual({ alreadyPresent: 0, failed: 0, codes: [] });
    expect(counts(THERE)).toEqual({ alreadyPresent: 3, failed: 0, codes: [] });
    expect(counts({ ...THERE, images: [image('one', 300), image('two', 400)] })).toEqual({
      alreadyPresent: 2,
      failed: 1,
      codes: ['image-id-taken'],
    });
    expect(counts({ product: { ...PRODUCT, productCategory: 'toys-v2' }, images: [image('one')] })).toEqual({
      alreadyPresent: 1,
      failed: 2,
      codes: ['category-differs'],
    });
  });

  it('is done kind by kind, because images and memberships need their products', () => {
    const other = { ...WANTED, product: { ...PRODUCT, id: 'q' } };

    const { actions } = joinComparisons([compareProduct(WANTED, null), compareProduct(other, null)]);

    expect(actions.map(({ make }) => make)).toEqual([
      ...Array(2).fill('product'),
      ...Array(4).fill('image'),
      ...Array(4).fill('membership'),
    ]);
  });
});

describe('sameness', () => {
  it('of products does not depend on the order of labels, but on how often each is there', () => {
    const [a, b] = PRODUCT.productLabels;
    if (a === undefined || b === undefined) throw new Error('no labels');

    expect(isSameProduct(PRODUCT, { ...PRODUCT, productLabels: [b, a] })).toBe(true);
    expect(isSameProduct(PRODUCT, { ...PRODUCT, productLabels: [a, a, b] })).toBe(false);
    expect(isSameProduct(PRODUCT, { ...PRODUCT, productLabels: [a] })).toBe(false);
  });

  it('of images depends on the order of polygons, and on pixels not being normalised', () => {
    const [one, two] = [poly(300), poly(400)];
    const normalised = { vertices: [], normalizedVertices: one.vertices };
    const withPolys = (...boundingPolys: SnapshotImage['boundingPolys']) => ({ ...image('i'), boundingPolys });

    expect(isSameImage(withPolys(one, two), withPolys(one, two))).toBe(true);
    expect(isSameImage(withPolys(one, two), withPolys(two, one))).toBe(false);
    expect(isSameImage(withPolys(one), withPolys(normalised))).toBe(false);
    expect(isSameImage(withPolys(one), withPolys())).toBe(false);
  });
});
