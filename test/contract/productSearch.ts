/** What every implementation of the `ProductSearch` port promises. */
import type { ProductSearch, ReferenceImage } from '../../shared/ports';

export interface ProductSearchUnderTest {
  productSearch: ProductSearch;
  /** Lets a running operation end. */
  finishOperations(): Promise<void>;
  /** Puts an object into the Cloud Storage that the service reads. */
  put(uri: string, content: string): void;
}

const AT = 'us-west1';
const IMAGE = 'gs://images/shoe.png';

/** Registers the contract's cases. `make` is called once; each case has ids of its own. */
export function testProductSearch(make: () => Promise<ProductSearchUnderTest>): void {
  let search: ProductSearch;
  let world: ProductSearchUnderTest;

  beforeAll(async () => {
    world = await make();
    search = world.productSearch;
    world.put(IMAGE, 'png');
  });

  const shoe = (id: string) => ({
    id,
    displayName: 'Shoe',
    description: 'A shoe',
    productCategory: 'apparel-v2',
    productLabels: [{ key: 'style', value: 'women' }],
  });
  const image = (id: string): ReferenceImage => ({ id, uri: IMAGE, boundingPolys: [] });

  async function runImport(csv: string): Promise<Awaited<ReturnType<ProductSearch['getOperation']>>> {
    world.put('gs://csv/import.csv', csv);
    const name = await search.importProductSets(AT, 'gs://csv/import.csv');
    await world.finishOperations();
    return search.getOperation(name);
  }

  describe('product sets', () => {
    it('gives back what was created, never indexed', async () => {
      await expect(search.createProductSet(AT, { id: 'set-a', displayName: 'Set A' })).resolves.toBe('created');

      const set = await search.getProductSet(AT, 'set-a');

      expect(set).toEqual({ id: 'set-a', displayName: 'Set A', indexTime: undefined, indexError: undefined });
    });

    it('says that one exists, is absent, was updated, was deleted', async () => {
      await search.createProductSet(AT, { id: 'set-b', displayName: 'B' });

      await expect(search.createProductSet(AT, { id: 'set-b', displayName: 'B' })).resolves.toBe('exists');
      await expect(search.updateProductSet(AT, { id: 'set-b', displayName: 'New' })).resolves.toBe('updated');
      expect((await search.getProductSet(AT, 'set-b'))?.displayName).toBe('New');
      await expect(search.deleteProductSet(AT, 'set-b')).resolves.toBe('deleted');
      await expect(search.deleteProductSet(AT, 'set-b')).resolves.toBe('absent');
      await expect(search.updateProductSet(AT, { id: 'set-b', displayName: 'New' })).resolves.toBe('absent');
      await expect(search.getProductSet(AT, 'set-b')).resolves.toBeNull();
    });

    it('lists each set once, page by page', async () => {
      for (let i = 0; i < 5; i += 1) await search.createProductSet('us-east1', { id: `set-${i}`, displayName: 'S' });

      const ids: string[] = [];
      let pageToken: string | undefined;
      do {
        const page = await search.listProductSets('us-east1', { pageSize: 2, pageToken });
        ids.push(...page.items.map(({ id }) => id));
        pageToken = page.nextPageToken;
      } while (pageToken);

      expect(ids.sort()).toEqual(['set-0', 'set-1', 'set-2', 'set-3', 'set-4']);
    });
  });

  describe('products', () => {
    it('keeps every field', async () => {
      await expect(search.createProduct(AT, shoe('product-a'))).resolves.toBe('created');
      await expect(search.createProduct(AT, shoe('product-a'))).resolves.toBe('exists');
      await expect(search.getProduct(AT, 'product-a')).resolves.toEqual(shoe('product-a'));
    });

    it('updates display name, description and labels, and empties them', async () => {
      await search.createProduct(AT, shoe('product-b'));
      const changed = { ...shoe('product-b'), displayName: 'Boot', description: '', productLabels: [] };

      await expect(search.updateProduct(AT, changed)).resolves.toBe('updated');

      await expect(search.getProduct(AT, 'product-b')).resolves.toEqual(changed);
      await expect(search.updateProduct(AT, { ...changed, id: 'nothing' })).resolves.toBe('absent');
    });

    it('deletes a product with its images', async () => {
      await search.createProduct(AT, shoe('product-c'));
      await search.createReferenceImage(AT, 'product-c', image('image-1'));

      await expect(search.deleteProduct(AT, 'product-c')).resolves.toBe('deleted');

      await expect(search.deleteProduct(AT, 'product-c')).resolves.toBe('absent');
      await expect(search.getProduct(AT, 'product-c')).resolves.toBeNull();
      await expect(search.listReferenceImages(AT, 'product-c')).resolves.toBeNull();
      await expect(search.getReferenceImage(AT, 'product-c', 'image-1')).resolves.toBeNull();
    });

    it('lists up to a hundred on a page by default', async () => {
      for (let i = 0; i < 101; i += 1) await search.createProduct('asia-east1', shoe(`product-${i}`));

      const first = await search.listProducts('asia-east1');
      const second = await search.listProducts('asia-east1', { pageToken: first.nextPageToken });

      expect([first.items.length, second.items.length]).toEqual([100, 1]);
      expect(second.nextPageToken).toBeUndefined();
      expect(new Set([...first.items, ...second.items].map(({ id }) => id)).size).toBe(101);
    });
  });

  describe('reference images', () => {
    it('keeps uri and polygons', async () => {
      const withPolys: ReferenceImage = {
        ...image('image-a'),
        boundingPolys: [
          {
            vertices: [
              { x: 0, y: 0 },
              { x: 400, y: 500 },
            ],
            normalizedVertices: [],
          },
          {
            vertices: [],
            normalizedVertices: [
              { x: 0.25, y: 0 },
              { x: 0.5, y: 1 },
            ],
          },
        ],
      };
      await search.createProduct(AT, shoe('product-d'));

      await expect(search.createReferenceImage(AT, 'product-d', withPolys)).resolves.toBe('created');

      await expect(search.createReferenceImage(AT, 'product-d', withPolys)).resolves.toBe('exists');
      await expect(search.getReferenceImage(AT, 'product-d', 'image-a')).resolves.toEqual(withPolys);
      await expect(search.listReferenceImages(AT, 'product-d')).resolves.toMatchObject({ items: [withPolys] });
      await expect(search.deleteReferenceImage(AT, 'product-d', 'image-a')).resolves.toBe('deleted');
      await expect(search.deleteReferenceImage(AT, 'product-d', 'image-a')).resolves.toBe('absent');
    });

    it('refuses an image of a product that is not there as INVALID_ARGUMENT', async () => {
      const creating = search.createReferenceImage(AT, 'nothing', image('image-1'));

      await expect(creating).rejects.toMatchObject({
        name: 'ServiceError',
        call: 'ProductSearch.CreateReferenceImage',
        status: 'INVALID_ARGUMENT',
      });
    });
  });

  it('takes ids of any characters but a slash, as they are', async () => {
    const id = 'läuft +%2F&=?# "靴" \\ …';
    await search.createProductSet(AT, { id, displayName: ' Set ' });
    await search.createProduct(AT, { ...shoe(id), displayName: ' ', description: 'two\nlines' });

    await expect(search.createReferenceImage(AT, id, image(id))).resolves.toBe('created');
    await expect(search.addProductToProductSet(AT, id, id)).resolves.toBe('added');

    const product = { ...shoe(id), displayName: ' ', description: 'two\nlines' };
    await expect(search.getProductSet(AT, id)).resolves.toMatchObject({ id, displayName: ' Set ' });
    await expect(search.getProduct(AT, id)).resolves.toEqual(product);
    await expect(search.listProductsInProductSet(AT, id)).resolves.toMatchObject({ items: [product] });
    await expect(search.getReferenceImage(AT, id, id)).resolves.toEqual(image(id));
    await expect(search.listReferenceImages(AT, id)).resolves.toMatchObject({ items: [image(id)] });
  });

  describe('memberships', () => {
    it('puts a product into a set and takes it out, repeatably', async () => {
      await search.createProductSet(AT, { id: 'set-c', displayName: 'C' });
      await search.createProduct(AT, shoe('product-e'));

      await expect(search.addProductToProductSet(AT, 'set-c', 'product-e')).resolves.toBe('added');
      await expect(search.addProductToProductSet(AT, 'set-c', 'product-e')).resolves.toBe('added');
      const inside = await search.listProductsInProductSet(AT, 'set-c');
      await expect(search.removeProductFromProductSet(AT, 'set-c', 'product-e')).resolves.toBe('removed');
      await expect(search.removeProductFromProductSet(AT, 'set-c', 'product-e')).resolves.toBe('removed');

      expect(inside.items).toEqual([shoe('product-e')]);
      await expect(search.listProductsInProductSet(AT, 'set-c')).resolves.toEqual({
        items: [],
        nextPageToken: undefined,
      });
      await expect(search.addProductToProductSet(AT, 'nothing', 'product-e')).resolves.toBe('absent');
      await expect(search.addProductToProductSet(AT, 'set-c', 'nothing')).resolves.toBe('absent');
      await expect(search.removeProductFromProductSet(AT, 'nothing', 'product-e')).resolves.toBe('absent');
    });

    it('gives an empty page for a set that is not there', async () => {
      const page = await search.listProductsInProductSet(AT, 'no-such-set');

      expect(page).toEqual({ items: [], nextPageToken: undefined });
    });
  });

  describe('operations', () => {
    it('imports a CSV and gives one status a line', async () => {
      const operation = await runImport(
        [
          `${IMAGE},image-1,imported-set,imported-product,apparel-v2,,"style=women,category=shoe","0.25,0.25,0.5,0.5"`,
          `${IMAGE},image-2,imported-set`,
          `gs://images/none.png,image-3,imported-set,imported-product,apparel-v2,,,`,
        ].join('\n'),
      );

      expect(operation).toMatchObject({ done: true, state: 'SUCCESSFUL', error: undefined });
      expect(operation?.statuses?.map(({ code }) => code)).toEqual([0, 3, 5]);
      expect(operation?.statuses?.[1]?.message).toContain('The number of columns in the csv line should be 8');
      expect(Date.parse(operation?.endTime ?? '')).toBeGreaterThanOrEqual(Date.parse(operation?.submitTime ?? ''));
      expect((await search.getProductSet(AT, 'imported-set'))?.displayName).toBe(' ');
      await expect(search.listProductsInProductSet(AT, 'imported-set')).resolves.toMatchObject({
        items: [{ id: 'imported-product', displayName: ' ', productLabels: [{ key: 'style' }, { key: 'category' }] }],
      });
      await expect(search.getReferenceImage(AT, 'imported-product', 'image-1')).resolves.toMatchObject({
        boundingPolys: [
          {
            vertices: [],
            normalizedVertices: [
              { x: 0.25, y: 0.25 },
              { x: 0.5, y: 0.5 },
            ],
          },
        ],
      });
    });

    it('ends an import without a good line as FAILED, with its statuses', async () => {
      const operation = await runImport('one,two\n');

      expect(operation).toMatchObject({ done: true, state: 'FAILED', statuses: [{ code: 3 }] });
    });

    it('is PROCESSING first, and found by any form of its name', async () => {
      world.put('gs://csv/slow.csv', `${IMAGE},image-1,slow-set,slow-product,apparel-v2,,,`);
      const name = await search.importProductSets(AT, 'gs://csv/slow.csv');
      const id = name.split('/').pop();

      const running = await search.getOperation(`locations/${AT}/operations/${id}`);
      await world.finishOperations();
      const done = await search.getOperation(name);

      expect(name).toMatch(/\/locations\/us-west1\/operations\/[0-9a-f]{16}$/);
      expect(running).toMatchObject({ done: false, state: 'PROCESSING', name: `locations/${AT}/operations/${id}` });
      expect(running?.statuses).toBeUndefined();
      expect(done).toMatchObject({ done: true, state: 'SUCCESSFUL' });
    });

    it('purges the products of a set and leaves the set', async () => {
      await search.createProductSet(AT, { id: 'set-d', displayName: 'D' });
      await search.createProduct(AT, shoe('product-f'));
      await search.addProductToProductSet(AT, 'set-d', 'product-f');

      const name = await search.purgeProducts(AT, { productSetId: 'set-d' });
      const blocked = search.deleteProductSet(AT, 'set-d');
      await expect(blocked).rejects.toMatchObject({ status: 'ABORTED', faultClass: 'busy' });
      await world.finishOperations();

      expect(await search.getOperation(name)).toMatchObject({ done: true, state: 'SUCCESSFUL', statuses: undefined });
      await expect(search.getProduct(AT, 'product-f')).resolves.toBeNull();
      await expect(search.getProductSet(AT, 'set-d')).resolves.toMatchObject({ id: 'set-d' });
    });

    it('purges orphans only', async () => {
      await search.createProductSet('europe-west1', { id: 'set', displayName: 'S' });
      await search.createProduct('europe-west1', shoe('orphan'));
      await search.createProduct('europe-west1', shoe('member'));
      await search.addProductToProductSet('europe-west1', 'set', 'member');

      await search.purgeProducts('europe-west1', { orphans: true });
      await world.finishOperations();

      const { items } = await search.listProducts('europe-west1');
      expect(items.map(({ id }) => id)).toEqual(['member']);
    });

    it('refuses an import of a CSV that cannot be read', async () => {
      const starting = search.importProductSets(AT, 'gs://csv/none.csv');

      await expect(starting).rejects.toMatchObject({ status: 'PERMISSION_DENIED', faultClass: 'configuration' });
      await expect(starting).rejects.toThrow('Error opening file: gs://csv/none.csv');
    });

    it('gives null for an operation that the service does not know', async () => {
      const name = `projects/local-project/locations/${AT}/operations/0123456789abcdef`;

      await expect(search.getOperation(name)).resolves.toBeNull();
    });
  });

  it('says which call was refused, and why', async () => {
    const listing = search.listProducts('us-central1');

    await expect(listing).rejects.toMatchObject({ call: 'ProductSearch.ListProducts', status: 'INVALID_ARGUMENT' });
    await expect(listing).rejects.toThrow("Unsupported location: 'us-central1'");
  });
}
