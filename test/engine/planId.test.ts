import { fault, seeded } from './shoes';
import type { World } from './world';

const ENDED = /^product-search\.(?:delete|purge)\.completed\.v1$/;

async function ended(world: World, command: Record<string, unknown>) {
  await world.publish(command);
  await world.settle();
  return world.events().findLast(({ type }) => ENDED.test(type))?.data;
}

function reportOf(world: World, data: Awaited<ReturnType<typeof ended>>) {
  return JSON.parse(world.text(data?.files.report));
}

const COMMANDS: [string, Record<string, unknown>][] = [
  ['deleteProducts', { productIds: ['p1', 'p2'] }],
  ['purgeProductsInProductSet', { productSetId: 'shoes' }],
  ['purgeOrphanProducts', {}],
];

describe('the plan that a command carries out', () => {
  it.each(COMMANDS)('of %s is named by its event and its report', async (command, fields) => {
    const world = await seeded();
    const planned = await ended(world, { command, ...fields, dryRun: true, requestId: 'look' });

    const done = await ended(world, { command, ...fields, force: true, planId: 'cmd-look', requestId: 'do' });

    expect(planned).toMatchObject({ outcome: 'dryRun', planId: 'cmd-look' });
    expect(done).toMatchObject({ requestId: 'cmd-do', outcome: 'succeeded', planId: 'cmd-look' });
    expect(reportOf(world, done).planId).toBe('cmd-look');
  });

  it('is named where it is refused because of it', async () => {
    const world = await seeded();
    const purge = { command: 'purgeProductsInProductSet', productSetId: 'shoes' };
    const planned = await ended(world, { ...purge, dryRun: true });
    await world.ports.productSearch.deleteProduct('us-west1', 'p3');

    const refused = await ended(world, { ...purge, force: true, planId: planned?.planId });

    expect(refused).toMatchObject({ outcome: 'rejected', problems: [{ code: 'plan-drifted' }] });
    expect(refused?.planId).toBe(planned?.planId);
  });

  it('is not named where there is none', async () => {
    const world = await seeded();

    const data = await ended(world, { command: 'purgeProductsInProductSet', productSetId: 'shoes', force: true });

    expect(data).toMatchObject({ outcome: 'succeeded' });
    expect(data).not.toHaveProperty('planId');
  });

  it('is no plan of the request that carried it out: nobody can carry that one out', async () => {
    const world = await seeded();
    const remove = { command: 'deleteProducts', productIds: ['p1'] };
    const planned = await ended(world, { ...remove, dryRun: true });
    const done = await ended(world, { ...remove, planId: planned?.planId });

    const again = await ended(world, { ...remove, planId: done?.requestId });

    expect(again).toMatchObject({ outcome: 'rejected', problems: [{ code: 'plan-unknown', field: 'planId' }] });
  });

  it('may be named as soon as its event is out, also where its dry run has not been closed yet', async () => {
    const world = await seeded();
    const purge = { command: 'purgeProductsInProductSet', productSetId: 'shoes' };
    world.failCall('write', fault('UNAVAILABLE'), {
      when: (object) => (object as { name: string }).name === 'requests/closed/cmd-look.json',
    });
    await world.publish({ ...purge, dryRun: true, requestId: 'look' });
    expect(world.events().at(-1)?.data).toMatchObject({ outcome: 'dryRun', planId: 'cmd-look' });

    const done = await ended(world, { ...purge, force: true, planId: 'cmd-look', requestId: 'do' });

    expect(done).toMatchObject({ requestId: 'cmd-do', outcome: 'succeeded', planId: 'cmd-look' });
  });
});

describe('a dry run', () => {
  it('that is held against an earlier plan makes one of its own', async () => {
    const world = await seeded();
    const remove = { command: 'deleteProducts', productIds: ['p1'], dryRun: true };
    await ended(world, { ...remove, requestId: 'first' });

    const second = await ended(world, { ...remove, planId: 'cmd-first', requestId: 'second' });

    expect(second).toMatchObject({ outcome: 'dryRun', planId: 'cmd-second' });
    expect(reportOf(world, second).planId).toBe('cmd-second');
  });

  it('that differs from the earlier plan has made none', async () => {
    const world = await seeded();
    const remove = { command: 'deleteProducts', productIds: ['p1', 'p2'], dryRun: true };
    await ended(world, { ...remove, requestId: 'first' });
    await world.ports.productSearch.deleteProduct('us-west1', 'p1');

    const second = await ended(world, { ...remove, planId: 'cmd-first' });

    expect(second).toMatchObject({ outcome: 'rejected', problems: [{ code: 'plan-drifted' }] });
    expect(second).not.toHaveProperty('planId');
  });
});
