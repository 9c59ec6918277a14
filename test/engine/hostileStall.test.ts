/** A file whose first operation stalled for a day and then ended; its second one has just begun. */
import { rows } from './shoes';
import { createWorld } from './world';

const HOUR = 3_600_000;

it('is not abandoned by force while its second operation has only just begun', async () => {
  const world = createWorld();
  world.productSearch.failNextLines([1], { code: 14, message: 'try again' });
  const file = await world.drop('shoes.csv', rows(world));
  const first = (await world.open())[0]?.waiting?.operation ?? '';
  world.productSearch.stallOperation(first);
  world.pass(25 * HOUR);
  await world.fire();
  while (await world.deliverContinuations());
  expect(world.events('product-search.operation.stalled.v1')).toHaveLength(1);
  world.productSearch.resumeOperation(first);
  world.pass(60_000);
  await world.fire();
  while (await world.deliverContinuations());
  const [open] = await world.open();
  expect(open?.operations).toHaveLength(2);

  await world.publish({ command: 'cancelRequest', cancels: open?.id, force: true, requestId: 'stop' });
  await world.settle();

  expect(file).toBeDefined();
  // Contract: force abandons one whose operation is stalled. This one has run for no time at all.
  expect(world.events('product-search.cancel.completed.v1')[0]?.data).toMatchObject({
    outcome: 'rejected',
    problems: [{ code: 'not-cancellable' }],
  });
  expect(world.events('product-search.import.completed.v1')[0]?.data).toMatchObject({
    outcome: 'succeeded',
    counts: { imported: 3, failed: 0 },
  });
});
