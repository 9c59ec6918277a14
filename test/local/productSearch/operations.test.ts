import {
  addProduct,
  addProductSet,
  createWorld,
  IMAGE_URI,
  membersOf,
  PARENT,
  refusal,
  START_MS,
  type World,
} from './setup';

function startImport(world: World, lines = 1): string {
  const csv = Array.from({ length: lines }, (_, i) => `${IMAGE_URI},i,s,p${i},toys-v2,,,`).join('\n');
  world.put('gs://csv/x.csv', csv);
  return world.model.importProductSets({ parent: PARENT, csvFileUri: 'gs://csv/x.csv' }).name;
}

const idOf = (name: string) => name.slice(name.lastIndexOf('/') + 1);

it('starts under a name with project and is then named by location only', () => {
  const world = createWorld();

  const name = startImport(world);

  expect(name).toMatch(/^projects\/p\/locations\/us-west1\/operations\/[0-9a-f]{16}$/);
  expect(world.model.getOperation({ name }).name).toBe(`locations/us-west1/operations/${idOf(name)}`);
});

it('finds an operation by all forms of its name, and by no wrong one', () => {
  const world = createWorld();
  const id = idOf(startImport(world));
  const get = (prefix: string) => refusal(() => world.model.getOperation({ name: `${prefix}operations/${id}` }));

  expect(['', 'projects/p/', 'locations/us-west1/', 'projects/p/locations/us-west1/'].map(get)).toEqual(
    Array(4).fill('no error'),
  );
  expect(['projects/q/', 'locations/us-east1/', 'x/'].map(get)).toEqual(
    Array(3).fill(expect.stringMatching(/^5: Operation not found/)),
  );
});

it('is PROCESSING until its time is over, then done with the time of its end', () => {
  const world = createWorld();
  const name = startImport(world);

  world.pass(9_999);
  const running = world.model.getOperation({ name });
  world.pass(90_001);
  const done = world.model.getOperation({ name });

  expect(running).toEqual({ name: done.name, done: false, state: 'PROCESSING', submitTimeMs: START_MS });
  expect(done).toMatchObject({ done: true, submitTimeMs: START_MS, endTimeMs: START_MS + 10_000 });
});

it('ends at once where operations take no time', () => {
  const world = createWorld({ operationMs: 0 });

  const name = startImport(world);

  expect(world.model.getOperation({ name }).done).toBe(true);
  expect(membersOf(world, 's')).toEqual(['p0']);
});

it('does things in the order of their times, however late somebody looks', () => {
  const world = createWorld();
  addProductSet(world, 's');
  addProduct(world, 'old', 's');
  const purged = world.model.purgeProducts({ parent: PARENT, target: { productSetId: 's' }, force: true }).name;
  world.pass(10_000);
  const imported = startImport(world);

  world.pass(1_000_000);

  expect(membersOf(world, 's')).toEqual(['p0']);
  expect(world.model.getOperation({ name: purged }).endTimeMs).toBe(START_MS + 10_000);
  expect(world.model.getOperation({ name: imported }).endTimeMs).toBe(START_MS + 20_000);
});

describe('on demand', () => {
  it('fails with an error and without an effect, once', () => {
    const world = createWorld();
    world.model.failNextOperation({ code: 14, message: 'Gone wrong.' });

    const failing = startImport(world);
    const fine = startImport(world);
    world.pass(10_000);

    const failed = world.model.getOperation({ name: failing });
    expect(failed).toMatchObject({ done: true, state: 'FAILED', error: { code: 14, message: 'Gone wrong.' } });
    expect(failed.response).toBeUndefined();
    expect(world.model.getOperation({ name: fine }).response).toMatchObject({ statuses: [{ code: 0 }] });
  });

  it('forgets an operation, whose work goes on', () => {
    const world = createWorld();
    const name = startImport(world);

    world.model.forgetOperation(name);
    world.pass(10_000);

    expect(refusal(() => world.model.getOperation({ name }))).toMatch(/^5: /);
    expect(membersOf(world, 's')).toEqual(['p0']);
  });

  it('stalls an operation until it is resumed', () => {
    const world = createWorld();
    const name = startImport(world, 4);
    world.pass(5_000);

    world.model.stallOperation(name);
    world.pass(86_400_000);
    const stalled = membersOf(world, 's');
    world.model.resumeOperation(name);
    world.pass(5_000);

    expect(stalled).toEqual(['p0', 'p1']);
    expect(membersOf(world, 's')).toHaveLength(4);
    expect(world.model.getOperation({ name }).state).toBe('SUCCESSFUL');
  });

  it('cancels an operation; what is done stays done', () => {
    const world = createWorld();
    const name = startImport(world, 4);
    world.pass(5_000);

    world.model.cancelOperation(name);
    world.pass(5_000);

    const { done, state, endTimeMs, response } = world.model.getOperation({ name });
    expect({ done, state, endTimeMs }).toEqual({ done: true, state: 'CANCELLED', endTimeMs: START_MS + 5_000 });
    expect(response?.kind === 'import' && response.statuses.map(({ code }) => code)).toEqual([0, 0, 1, 1]);
    expect(membersOf(world, 's')).toEqual(['p0', 'p1']);
  });

  it('lets go of the set of a purge that was cancelled', () => {
    const world = createWorld();
    const set = addProductSet(world, 's');
    addProduct(world, 'p', 's');
    const { name } = world.model.purgeProducts({ parent: PARENT, target: { productSetId: 's' }, force: true });

    world.model.cancelOperation(name);
    world.pass(10_000);

    expect(membersOf(world, 's')).toEqual(['p']);
    expect(refusal(() => world.model.deleteProductSet({ name: set }))).toBe('no error');
  });
});
