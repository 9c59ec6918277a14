import { addImage, addProduct, addProductSet, createWorld, PARENT, refusal, START_MS } from './setup';

describe('quotas', () => {
  it('count all management calls of a project in any minute, but not GetOperation', () => {
    const { model, pass } = createWorld({ limits: { managementPerMinute: 3 } });
    const list = (project: string) =>
      refusal(() => model.listProducts({ parent: `projects/${project}/locations/us-west1` }));
    list('p');
    pass(30_000);
    list('p');
    refusal(() => model.getOperation({ name: 'operations/none' }));
    list('p');

    expect(list('p')).toBe(
      "8: Quota exceeded for quota metric 'Management requests' and limit 'Management requests per minute' " +
        "of service 'vision.googleapis.com' for consumer 'project:p'.",
    );
    expect(list('q')).toBe('no error');
    pass(30_000);
    expect([list('p'), list('p')]).toEqual(['no error', expect.stringMatching(/^8: /)]);
  });

  it('limit the creation of reference images by themselves', () => {
    const world = createWorld({ limits: { createReferenceImagePerMinute: 1 } });
    const parent = addProduct(world, 'p');
    addImage(world, parent, 'i');

    expect(refusal(() => addImage(world, parent, 'j'))).toMatch(/^8: .*'CreateReferenceImage requests per minute'/);
    expect(refusal(() => addProduct(world, 'q'))).toBe('no error');
    world.pass(60_000);
    expect(refusal(() => addImage(world, parent, 'j'))).toBe('no error');
  });

  it('limit imports in any 24 hours, and an import that is refused by them does not count', () => {
    const world = createWorld({ limits: { importsPerDay: 2 } });
    world.put('gs://csv/x.csv', 'bad');
    const start = () => refusal(() => world.model.importProductSets({ parent: PARENT, csvFileUri: 'gs://csv/x.csv' }));
    start();
    world.pass(12 * 3_600_000);
    start();

    expect(start()).toMatch(/^8: .*'ImportProductSets requests per day'/);
    world.pass(12 * 3_600_000);
    expect([start(), start()]).toEqual(['no error', expect.stringMatching(/^8: /)]);
  });

  it('are the documented ones by default', () => {
    const world = createWorld();
    const list = () => refusal(() => world.model.listProducts({ parent: PARENT }));

    const answers = Array.from({ length: 2_401 }, list);

    expect(answers.filter((answer) => answer === 'no error')).toHaveLength(2_400);
    expect(answers[2_400]).toMatch(/^8: /);
  });
});

describe('the index of a set', () => {
  const indexOf = ({ model }: ReturnType<typeof createWorld>, name: string) => {
    const { indexTimeMs, indexError } = model.getProductSet({ name });
    return { indexTimeMs, indexError };
  };

  it('lags behind a change, and is then newer than it', () => {
    const world = createWorld();
    const name = addProductSet(world, 's');

    world.pass(59_999);
    const before = indexOf(world, name);
    world.pass(1);

    expect(before).toEqual({ indexTimeMs: 0, indexError: null });
    expect(indexOf(world, name)).toEqual({ indexTimeMs: START_MS + 60_000, indexError: null });
  });

  it('holds a change from before it, and is renewed after a later one', () => {
    const world = createWorld();
    const name = addProductSet(world, 's');
    world.pass(50_000);
    const product = addProduct(world, 'p', 's');
    world.pass(1_000_000);
    const first = indexOf(world, name).indexTimeMs;

    addImage(world, product, 'i');
    world.pass(60_000);

    expect(first).toBe(START_MS + 60_000);
    expect(indexOf(world, name).indexTimeMs).toBe(START_MS + 1_110_000);
  });

  it('fails while there are too many images, and says so', () => {
    const world = createWorld({ limits: { imagesPerSet: 1 } });
    const name = addProductSet(world, 's');
    const product = addProduct(world, 'p', 's');
    addImage(world, product, 'i');
    const image = addImage(world, product, 'j');

    world.pass(60_000);
    const full = indexOf(world, name);
    world.model.deleteReferenceImage({ name: image });
    world.pass(60_000);

    expect(full.indexTimeMs).toBe(0);
    expect(full.indexError).toMatchObject({ code: 9, message: expect.stringContaining('has 2 reference images') });
    expect(indexOf(world, name)).toEqual({ indexTimeMs: START_MS + 120_000, indexError: null });
  });
});
