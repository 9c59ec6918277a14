/** Wishes to cancel that come at awkward times, or name what cannot be cancelled. */
import { importRequestId } from '../../shared/core/names';
import { fault, rows } from './shoes';
import { createWorld } from './world';

const HOUR = 3_600_000;
const IMPORTED = 'product-search.import.completed.v1';
const CANCELLED = 'product-search.cancel.completed.v1';
const REJECTED = 'product-search.message.rejected.v1';

describe('cancelRequest', () => {
  it('does not abandon a file by force while its second operation has only just begun', async () => {
    const world = createWorld();
    world.productSearch.failNextLines([1], { code: 14, message: 'try again' });
    await world.drop('shoes.csv', rows(world));
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

    expect(world.events(CANCELLED)[0]?.data).toMatchObject({
      outcome: 'rejected',
      problems: [{ code: 'not-cancellable' }],
    });
    expect(world.events(IMPORTED)[0]?.data).toMatchObject({
      outcome: 'succeeded',
      counts: { imported: 3, failed: 0 },
    });
  });

  it('ends a large file that is being checked as cancelled, not as one that takes too long', async () => {
    const world = createWorld({ INVOCATION_SECONDS: '40' });
    // One line of 40 MB, so that the clock is looked at once.
    const file = world.put('large.csv', Buffer.concat([Buffer.alloc(40 * 1024 * 1024, 'x'), Buffer.from('\n')]));
    const id = importRequestId(file.bucket, file.name, file.generation);
    const { openRead } = world.ports.objects;
    let reads = 0;
    world.ports.objects.openRead = async (...parameters) => {
      reads += 1;
      // The time of the first invocation is used up; of the second, 30 of 40 seconds are over when the wish comes.
      if (reads === 1) world.pass(41_000);
      if (reads === 2) {
        await world.publish({ command: 'cancelRequest', cancels: id, requestId: 'stop' });
        world.pass(30_000);
      }
      return openRead.apply(world.ports.objects, parameters);
    };

    await world.deliverDrop(file);
    await world.settle();

    const [imported] = world.events(IMPORTED);
    const [cancelled] = world.events(CANCELLED);
    const codes = imported?.data.problems.map(({ code, message }) => `${code}: ${message}`);
    expect({ imported: imported?.data.outcome, codes, cancelled: cancelled?.data.outcome }).toEqual({
      imported: 'cancelled',
      codes: ['cancelled: Cancelled by cmd-stop'],
      cancelled: 'succeeded',
    });
  });

  it('is refused of a merged import, whose files would fail without having been handed to the service', async () => {
    const world = createWorld({ IMPORTS_PER_DAY: '2', IMPORT_RESERVE: '0' });
    for (const name of ['first', 'a', 'b']) {
      await world.drop(`${name}.csv`, `${world.image(`${name}.png`)},i1,${name}-set,${name}-1,apparel-v2,,,\n`);
    }
    const merged = () => world.calls('importProductSets') > 1;
    world.failCall('importProductSets', fault('RESOURCE_EXHAUSTED'), { times: 50, when: merged });
    while (!merged()) {
      world.pass(60_000);
      await world.fire();
      while (await world.deliverContinuations());
    }
    // What a person reads of its file: "This file is imported together with others by bat-…".
    const waiting = (await world.open()).find(({ waiting }) => waiting?.for === 'batch')?.waiting?.detail ?? '';
    const batch = /bat-[0-9a-f]{32}/.exec(waiting)?.[0];
    await world.publish({ command: 'cancelRequest', cancels: batch, requestId: 'stop' });
    await world.settle();

    expect(world.events(REJECTED)[0]?.data).toMatchObject({ problems: [{ field: 'cancels' }] });
    expect(world.events(IMPORTED).map(({ data }) => data.outcome)).toEqual(['succeeded', 'succeeded', 'succeeded']);
  });
});
