import type { StoredObject } from '../../shared/ports';
import { fault } from './shoes';
import { createWorld, STATE, type World } from './world';

const OPEN = { bucket: STATE, name: 'requests/open/cmd-same.json' };
const CLOSED = { bucket: STATE, name: 'requests/closed/cmd-same.json' };
const LATER = '2026-11-22T20:00:00Z';

/** Another invocation closes the request just before the n-th time that its records are read from now on. */
function closeBeforeRead(world: World, n: number): void {
  let reads = 0;
  const when = (...[object]: unknown[]) => {
    if (![OPEN.name, CLOSED.name].includes((object as StoredObject).name)) return false;
    reads += 1;
    if (reads === n) {
      const { content, contentType } = world.storage.getObject(OPEN);
      world.storage.insertObject(CLOSED, content, { contentType });
      world.storage.deleteObject(OPEN);
    }
    return false;
  };
  world.failCall('read', null, { when });
}

describe('a command whose id is taken by a request that ends at this moment', () => {
  it.each([1, 2, 3])('is rejected where its content is another (it ends before read %d)', async (n) => {
    const world = createWorld();
    const first = { command: 'deleteProduct', productId: 'p1', requestId: 'same', notBefore: LATER };
    await world.publish(first, '1');
    expect(world.names(STATE, 'requests/open/')).toEqual([OPEN.name]);

    closeBeforeRead(world, n);
    await world.publish({ ...first, productId: 'p2' }, '2');

    const [rejected] = world.events('product-search.message.rejected.v1');
    expect(rejected?.data).toMatchObject({ messageId: '2', problems: [{ code: 'request-id-conflict' }] });
  });

  it.each([1, 2, 3])('is acknowledged where it is the same (it ends before read %d)', async (n) => {
    const world = createWorld();
    const first = { command: 'deleteProduct', productId: 'p1', requestId: 'same', notBefore: LATER };
    await world.publish(first, '1');

    closeBeforeRead(world, n);
    await world.publish(first, '2');

    expect(world.events('product-search.message.rejected.v1')).toEqual([]);
  });
});

describe('a command whose id was used before for other content', () => {
  it('is rejected although its first delivery dies where it has to take its own record back', async () => {
    const world = createWorld();
    await world.publish({ command: 'deleteProduct', productId: 'p1', requestId: 'same' }, '1');
    const again = { command: 'deleteProduct', productId: 'p2', requestId: 'same' };
    const isClosed = (...[object]: unknown[]) => (object as StoredObject).name === CLOSED.name;
    world.failCall('read', fault('UNAVAILABLE'), { when: isClosed });

    await expect(world.publish(again, '2')).rejects.toThrow('said the service');
    await world.publish(again, '2');
    await world.settle();

    const [rejected] = world.events('product-search.message.rejected.v1');
    expect(rejected?.data).toMatchObject({ messageId: '2', problems: [{ code: 'request-id-conflict' }] });
    expect(world.events('product-search.delete.completed.v1')).toHaveLength(1);
  });
});
