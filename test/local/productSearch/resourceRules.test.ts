import {
  addImage,
  addProduct,
  addProductSet,
  createWorld,
  idsOf,
  membersOf,
  PARENT,
  refusal,
  type World,
} from './setup';

const label = { key: 'k', value: 'v' };
const product = { displayName: 'P', productCategory: 'general-v1' };

function createdSet({ model }: World, productSetId: string, displayName = 'S'): string {
  return refusal(() => model.createProductSet({ parent: PARENT, productSet: { displayName }, productSetId }));
}

describe('ids', () => {
  it('may have 128 characters and anything but a slash', () => {
    const world = createWorld();

    expect(createdSet(world, 'é'.repeat(128))).toBe('no error');
    expect(createdSet(world, 'shoes_1.jpg')).toBe('no error');
    expect(createdSet(world, 'x'.repeat(129))).toBe('3: product_set_id must be at most 128 characters long.');
    expect(createdSet(world, 'a/b')).toMatch(/^3: product_set_id cannot contain the character '\/'/);
  });

  it('are assigned as 16 hex digits where none is given', () => {
    const { model } = createWorld();

    const names = [
      model.createProductSet({ parent: PARENT, productSet: { displayName: 'S' }, productSetId: '' }).name,
      model.createProduct({ parent: PARENT, product }).name,
    ];

    expect(names[0]).toMatch(/^projects\/p\/locations\/us-west1\/productSets\/[0-9a-f]{16}$/);
    expect(names[1]).toMatch(/^projects\/p\/locations\/us-west1\/products\/[0-9a-f]{16}$/);
  });

  it('are refused where they are in use, with the sentence of the service', () => {
    const world = createWorld();
    addProductSet(world, 'a');
    const parent = addProduct(world, 'a');
    addImage(world, parent, 'a');

    expect(createdSet(world, 'a')).toBe("6: ProductSet with ID 'a' already exists.");
    expect(refusal(() => addProduct(world, 'a'))).toBe("6: Product with ID 'a' already exists.");
    expect(refusal(() => addImage(world, parent, 'a'))).toBe("6: ReferenceImage with ID 'a' already exists.");
  });
});

describe('names', () => {
  it.each([
    ['another form', 'projects/p/products/x', /^3: Invalid resource name/],
    ['an empty project', 'projects//locations/us-west1/products/x', /^3: Invalid resource name/],
    ['a region without Product Search', 'projects/p/locations/us-central1/products/x', /^3: Unsupported location/],
    ['the name that is no region', 'projects/p/locations/eu-west1/products/x', /^3: Unsupported location/],
    [
      'a product that is not there',
      `${PARENT}/products/x`,
      /^5: Not found: projects\/p\/locations\/us-west1\/products\/x$/,
    ],
  ])('refuses %s', (_, name, expected) => {
    const { model } = createWorld();

    expect(refusal(() => model.getProduct({ name }))).toMatch(expected);
    expect(refusal(() => model.deleteProduct({ name }))).toMatch(expected);
  });

  it('keeps projects and locations apart', () => {
    const world = createWorld();
    addProduct(world, 'x');

    expect(world.model.listProducts({ parent: 'projects/other/locations/us-west1' }).items).toEqual([]);
    expect(world.model.listProducts({ parent: 'projects/p/locations/us-east1' }).items).toEqual([]);
    expect(idsOf(world.model.listProducts({ parent: PARENT }).items)).toEqual(['x']);
  });
});

describe('fields', () => {
  it.each([
    ['no display name', { displayName: '' }, '3: display_name must not be empty.'],
    ['a long display name', { displayName: 'x'.repeat(4097) }, '3: display_name must be at most 4096 characters.'],
    ['a long description', { description: 'x'.repeat(4097) }, '3: description must be at most 4096 characters.'],
    ['no category', { productCategory: '' }, '3: product_category must not be empty.'],
    [
      '501 labels',
      { productLabels: Array(501).fill(label) },
      '3: A product may have up to 500 product_labels, not 501.',
    ],
    ['an empty key', { productLabels: [{ ...label, key: '' }] }, '3: The key of a product label cannot be empty.'],
  ])('refuses %s', (_, fields, expected) => {
    const { model } = createWorld();

    expect(refusal(() => model.createProduct({ parent: PARENT, product: { ...product, ...fields } }))).toBe(expected);
  });

  it('counts label bytes, not characters, and allows a key twice', () => {
    const { model } = createWorld();
    const create = (productLabels: { key: string; value: string }[]) =>
      refusal(() => model.createProduct({ parent: PARENT, product: { ...product, productLabels } }));

    expect(create([{ key: 'k', value: 'é'.repeat(64) }])).toBe('no error');
    expect(create([{ key: 'k', value: 'é'.repeat(65) }])).toMatch(/^3: The value of a product label cannot exceed 128/);
    expect(create([label, label])).toBe('no error');
  });

  it.each(['homegoods-v2', 'apparel-v2', 'toys-v2', 'packagedgoods-v1', 'general-v1', 'homegoods', 'apparel', 'toys'])(
    'knows the category %s',
    (productCategory) => {
      const { model } = createWorld();

      const created = model.createProduct({ parent: PARENT, product: { ...product, productCategory } });

      expect(created.productCategory).toBe(productCategory);
    },
  );

  it('refuses a category that there is not', () => {
    const { model } = createWorld();
    const shoes = { ...product, productCategory: 'shoes' };

    expect(refusal(() => model.createProduct({ parent: PARENT, product: shoes }))).toMatch(
      /^3: Invalid product_category: 'shoes'/,
    );
  });
});

describe('reference images', () => {
  const poly = { normalizedVertices: [{ x: 0.5, y: 0.5 }] };

  it.each([
    ['no uri', { uri: '' }, /^3: uri must not be empty/],
    ['another scheme', { uri: 'https://x/y' }, /^3: uri must start with gs:\/\//],
    ['a long uri', { uri: `gs://${'x'.repeat(4092)}` }, /^3: uri must be at most 4096 characters/],
    ['a file that is not there', { uri: 'gs://images/none.png' }, /^3: Image not found: gs:\/\/images\/none.png/],
    ['11 polygons', { boundingPolys: Array(11).fill(poly) }, /^3: At most 10 bounding_polys/],
    ['a negative pixel', { boundingPolys: [{ vertices: [{ x: -1, y: 0 }] }] }, /^3: .* must be non-negative integers/],
    ['a share above 1', { boundingPolys: [{ normalizedVertices: [{ x: 1.1, y: 0 }] }] }, /^3: .* must be in \[0, 1\]/],
  ])('refuses %s', (_, fields, expected) => {
    const world = createWorld();
    const parent = addProduct(world, 'p');
    const referenceImage = { uri: 'gs://images/shoe.png', ...fields };

    expect(refusal(() => world.model.createReferenceImage({ parent, referenceImage }))).toMatch(expected);
  });

  it('need a product: INVALID_ARGUMENT to create one, NOT_FOUND to list them', () => {
    const world = createWorld();
    const parent = `${PARENT}/products/none`;

    expect(refusal(() => addImage(world, parent, 'i'))).toMatch(/^3: The parent product does not exist/);
    expect(refusal(() => world.model.listReferenceImages({ parent }))).toBe(`5: Not found: ${parent}`);
  });

  it('go with their product', () => {
    const world = createWorld();
    const parent = addProduct(world, 'p');
    const name = addImage(world, parent, 'i');

    world.model.deleteProduct({ name: parent });
    addProduct(world, 'p');

    expect(refusal(() => world.model.getReferenceImage({ name }))).toMatch(/^5: Not found/);
  });
});

describe('updates', () => {
  it('change only what the mask names', () => {
    const world = createWorld();
    const name = addProduct(world, 'p');

    const updated = world.model.updateProduct({
      product: { name, displayName: 'New', description: 'ignored' },
      updateMask: ['display_name'],
    });

    expect(updated).toMatchObject({ displayName: 'New', description: '' });
  });

  it('change every mutable field without a mask, and never the category', () => {
    const world = createWorld();
    const name = addProduct(world, 'p');

    world.model.updateProduct({
      product: { name, displayName: 'N', productCategory: 'toys-v2', productLabels: [label] },
    });

    expect(world.model.getProduct({ name })).toMatchObject({
      displayName: 'N',
      productCategory: 'general-v1',
      productLabels: [label],
    });
  });

  it.each(['product_category', 'name', 'labels', '*'])('refuse %s in the mask', (path) => {
    const world = createWorld();
    const name = addProduct(world, 'p');
    const update = () => world.model.updateProduct({ product: { name, displayName: 'N' }, updateMask: [path] });

    expect(refusal(update)).toMatch(/^3: Invalid path in update_mask/);
  });

  it('that break a rule change nothing', () => {
    const world = createWorld();
    const name = addProduct(world, 'p');
    const wrong = { name, displayName: 'New', productLabels: [{ key: '', value: '' }] };

    expect(refusal(() => world.model.updateProduct({ product: wrong }))).toMatch(/^3: /);
    expect(world.model.getProduct({ name }).displayName).toBe('p');
  });
});

describe('memberships', () => {
  it('survive in other sets when one set is deleted, and the products stay', () => {
    const world = createWorld();
    const name = addProductSet(world, 'a');
    const other = addProductSet(world, 'b');
    const shared = addProduct(world, 'shared', 'a');
    world.model.addProductToProductSet({ name: other, product: shared });
    addProduct(world, 'alone', 'a');

    world.model.deleteProductSet({ name });

    expect(membersOf(world, 'a')).toEqual([]);
    expect(membersOf(world, 'b')).toEqual(['shared']);
    expect(idsOf(world.model.listProducts({ parent: PARENT }).items)).toEqual(['alone', 'shared']);
  });

  it('are limited for a product', () => {
    const world = createWorld({ limits: { setsPerProduct: 2 } });
    const sets = ['a', 'b', 'c'].map((id) => addProductSet(world, id));
    const name = addProduct(world, 'p');
    const add = (set: string | undefined) =>
      refusal(() => world.model.addProductToProductSet({ name: set, product: name }));

    expect(sets.map(add)).toEqual(['no error', 'no error', expect.stringMatching(/^3: .* at most 2 ProductSets/)]);
    expect(add(sets[0])).toBe('no error');
  });

  it('are within one location', () => {
    const world = createWorld();
    const name = addProductSet(world, 'a');
    const add = () => world.model.addProductToProductSet({ name, product: 'projects/p/locations/us-east1/products/x' });

    expect(refusal(add)).toMatch(/^3: The Product must be in the location of the ProductSet/);
  });
});
