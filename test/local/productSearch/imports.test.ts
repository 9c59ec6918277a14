import {
  addImage,
  addProduct,
  addProductSet,
  createWorld,
  IMAGE_URI,
  idsOf,
  membersOf,
  PARENT,
  refusal,
  type World,
} from './setup';

const CSV = 'gs://csv/import.csv';

function start(world: World, csv: string): string {
  world.put(CSV, csv);
  return world.model.importProductSets({ parent: PARENT, csvFileUri: CSV }).name;
}

/** Imports to the end and gives `code: message` of each line. */
function statusesOf(world: World, csv: string): string[] {
  const name = start(world, csv);
  world.pass(10_000);
  const { response } = world.model.getOperation({ name });
  return response?.kind === 'import' ? response.statuses.map(({ code, message }) => `${code}: ${message}`) : [];
}

const good = (image: string, product = 'p', set = 's') => `${IMAGE_URI},${image},${set},${product},apparel-v2,,,`;

describe('a line', () => {
  it.each([
    ['the line of the live test of the service', `${IMAGE_URI},i,s,p,apparel,display name,"color=black,style=formal",`],
    ['fields that are all quoted', `"${IMAGE_URI}","i","s","p","toys-v2","a ""toy""","",""`],
    ['a pixel polygon', `${IMAGE_URI},i,s,p,toys-v2,,,"0,0,400,0,400,500,0,500"`],
    ['a CRLF', `${good('i')}\r`],
    ['2,048 characters', `${IMAGE_URI},i,s,p,toys-v2,${'é'.repeat(2048 - IMAGE_URI.length - 17)},,`],
  ])('is imported: %s', (_, line) => {
    expect(statusesOf(createWorld(), line)).toEqual(['0: ']);
  });

  it.each([
    ['seven columns', `${IMAGE_URI},i,s,p,toys-v2,,`, /^3: The number of columns in the csv line should be 8$/],
    ['a polygon without quotes', `${IMAGE_URI},i,s,p,toys-v2,,,0,0,1,1`, /^3: The number of columns/],
    ['a blank line', '', /^3: The number of columns/],
    ['an open quote', `${IMAGE_URI},i,s,p,toys-v2,"name,,`, /^3: The csv line has a quote that is not closed/],
    ['text behind a quote', `${IMAGE_URI},"i"x,s,p,toys-v2,,,`, /^3: The csv line has a character behind/],
    ['2,049 characters', good('i'.repeat(2049)), /^3: The csv line is longer than 2048 characters/],
    ['no uri', ',i,s,p,toys-v2,,,', /^3: uri must not be empty/],
    ['a uri without an object', 'gs://images,i,s,p,toys-v2,,,', /^3: image-uri must be gs:\/\/bucket\/object/],
    ['an image that is not there', 'gs://images/x.png,i,s,p,toys-v2,,,', /^5: Image not found: gs:\/\/images\/x.png/],
    ['no set', `${IMAGE_URI},i,,p,toys-v2,,,`, /^3: product-set-id must not be empty/],
    ['no product', `${IMAGE_URI},i,s,,toys-v2,,,`, /^3: product-id must not be empty/],
    ['no category', `${IMAGE_URI},i,s,p,,,,`, /^3: product-category must not be empty/],
    ['an unknown category', `${IMAGE_URI},i,s,p,shoes,,,`, /^3: Invalid product_category: 'shoes'/],
    ['a long id', `${IMAGE_URI},i,s,${'p'.repeat(129)},toys-v2,,,`, /^3: product-id must be at most 128/],
    ['a slash', `${IMAGE_URI},a/b,s,p,toys-v2,,,`, /^3: image-id cannot contain/],
    ['a label without value', `${IMAGE_URI},i,s,p,toys-v2,,style,`, /^3: labels must be key=value pairs, .* 'style'/],
    ['an odd polygon', `${IMAGE_URI},i,s,p,toys-v2,,,"1,2,3"`, /^3: bounding-poly must be an even count/],
    ['a polygon with a word', `${IMAGE_URI},i,s,p,toys-v2,,,"1,x"`, /^3: bounding-poly must be numbers, .* 'x'/],
    ['a negative pixel', `${IMAGE_URI},i,s,p,toys-v2,,,"-1,2,3,4"`, /^3: .* non-negative integers/],
    ['a share above 1', `${IMAGE_URI},i,s,p,toys-v2,,,"0.5,2,0,0"`, /^3: .* must be in \[0, 1\]/],
  ])('has a status that says what is wrong, and leaves nothing: %s', (_, line, expected) => {
    const world = createWorld();

    expect(statusesOf(world, `${line}\n`)).toEqual([expect.stringMatching(expected)]);
    expect(world.model.listProducts({ parent: PARENT }).items).toEqual([]);
    expect(world.model.listProductSets({ parent: PARENT }).items).toEqual([]);
  });

  it('that is no UTF-8 fails alone', () => {
    const world = createWorld();
    world.put(CSV, Buffer.concat([Buffer.from([0xe9, 0x0a]), Buffer.from(good('i'))]));
    const { name } = world.model.importProductSets({ parent: PARENT, csvFileUri: CSV });
    world.pass(10_000);

    const { response } = world.model.getOperation({ name });

    expect(response).toMatchObject({
      statuses: [{ code: 3, message: 'The csv line is not valid UTF-8.' }, { code: 0 }],
    });
  });
});

describe('an import', () => {
  it('creates sets and products on the fly, and the first line of a product defines it', () => {
    const world = createWorld();

    statusesOf(
      world,
      [
        `${IMAGE_URI},i1,s,p,apparel-v2,Shoe,"style=formal,style=mens",`,
        `${IMAGE_URI},i2,s,p,toys-v2,Other,colour=red,`,
        `${IMAGE_URI},i3,s,p,no-such-category,Other,nonsense,`,
      ].join('\n'),
    );

    expect(world.model.getProductSet({ name: `${PARENT}/productSets/s` }).displayName).toBe(' ');
    expect(world.model.getProduct({ name: `${PARENT}/products/p` })).toMatchObject({
      displayName: 'Shoe',
      productCategory: 'apparel-v2',
      productLabels: [
        { key: 'style', value: 'formal' },
        { key: 'style', value: 'mens' },
      ],
    });
    expect(idsOf(world.model.listReferenceImages({ parent: `${PARENT}/products/p` }).items)).toEqual([
      'i1',
      'i2',
      'i3',
    ]);
  });

  it('keeps the fields of what is there', () => {
    const world = createWorld();
    addProductSet(world, 's');
    const name = addProduct(world, 'p');

    statusesOf(world, `${IMAGE_URI},i,s,p,toys-v2,Other,colour=red,`);

    expect(world.model.getProduct({ name })).toMatchObject({ displayName: 'p', productCategory: 'general-v1' });
    expect(world.model.getProductSet({ name: `${PARENT}/productSets/s` }).displayName).toBe('s');
    expect(membersOf(world, 's')).toEqual(['p']);
  });

  it('assigns an id to each image without one', () => {
    const world = createWorld();

    statusesOf(world, [good(''), good('')].join('\n'));

    const ids = idsOf(world.model.listReferenceImages({ parent: `${PARENT}/products/p` }).items);
    expect(ids).toEqual([expect.stringMatching(/^[0-9a-f]{16}$/), expect.stringMatching(/^[0-9a-f]{16}$/)]);
  });

  it('adds the membership, not an image, where the image is there already', () => {
    const world = createWorld();
    statusesOf(world, good('i'));

    const statuses = statusesOf(world, [good('i', 'p', 'second'), good('j', 'p', 'second')].join('\n'));

    expect(statuses).toEqual(["6: ReferenceImage with ID 'i' already exists.", '0: ']);
    expect(membersOf(world, 'second')).toEqual(['p']);
    expect(membersOf(world, 's')).toEqual(['p']);
  });

  it('says so where the id is taken by another image', () => {
    const world = createWorld();
    addImage(world, addProduct(world, 'p'), 'i');

    const [status] = statusesOf(world, `${IMAGE_URI},i,s,p,toys-v2,,,"0,0,9,9"`);

    expect(status).toBe("6: ReferenceImage with ID 'i' already exists. It has another uri or bounding polygon.");
  });

  it('refuses a line that would put its product into one set too many', () => {
    const world = createWorld({ limits: { setsPerProduct: 1 } });

    const statuses = statusesOf(world, [good('i', 'p', 'a'), good('j', 'p', 'b')].join('\n'));

    expect(statuses).toEqual(['0: ', expect.stringMatching(/^3: .* at most 1 ProductSets/)]);
    expect(idsOf(world.model.listProductSets({ parent: PARENT }).items)).toEqual(['a']);
  });

  it('is SUCCESSFUL with one good line, and lists only the images that were imported', () => {
    const world = createWorld();
    const name = start(world, ['bad', good('i'), 'bad'].join('\n'));
    world.pass(10_000);

    const operation = world.model.getOperation({ name });

    expect(operation.state).toBe('SUCCESSFUL');
    expect(operation.response?.kind === 'import' && operation.response.listReferenceImages()).toEqual([
      { name: `${PARENT}/products/p/referenceImages/i`, uri: IMAGE_URI, boundingPolys: [] },
    ]);
  });

  it.each([
    ['only bad lines', 'bad\nbad\n', 2],
    ['an empty file', '', 0],
  ])('is FAILED without a good line: %s', (_, csv, count) => {
    const world = createWorld();
    const name = start(world, csv);
    world.pass(10_000);

    const operation = world.model.getOperation({ name });

    expect(operation).toMatchObject({ done: true, state: 'FAILED', response: { statuses: { length: count } } });
    expect(operation.error).toBeUndefined();
  });

  it('has done half of its lines after half of its time', () => {
    const world = createWorld();
    start(world, [1, 2, 3, 4].map((i) => good('i', `p${i}`)).join('\n'));

    world.pass(5_000);
    const halfway = membersOf(world, 's');
    world.pass(5_000);

    expect(halfway).toEqual(['p1', 'p2']);
    expect(membersOf(world, 's')).toEqual(['p1', 'p2', 'p3', 'p4']);
  });

  it('reads the file when it is called', () => {
    const world = createWorld();
    start(world, good('i'));
    world.put(CSV, good('i', 'other'));

    world.pass(10_000);

    expect(membersOf(world, 's')).toEqual(['p']);
  });

  it.each([
    ['a file that cannot be read', 'gs://csv/none.csv', '7: Error opening file: gs://csv/none.csv'],
    ['no URI', '', "3: csv_file_uri must be gs://bucket/object, but is ''."],
  ])('refuses the call: %s', (_, csvFileUri, expected) => {
    const { model } = createWorld();

    expect(refusal(() => model.importProductSets({ parent: PARENT, csvFileUri }))).toBe(expected);
  });

  it('takes 20,000 lines and no more', () => {
    const world = createWorld();
    const lines = Array.from({ length: 20_000 }, (_, i) => good(`${i}`, `p${i}`));

    expect(statusesOf(world, lines.join('\n'))).toHaveLength(20_000);
    expect(refusal(() => start(world, [...lines, good('x')].join('\n')))).toBe(
      '3: The csv file has 20001 lines; at most 20000 are allowed.',
    );
  });
});
