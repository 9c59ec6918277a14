import { left, seedOriginals } from './derivedWorld';
import { SWEEP, SWEPT, useFile } from './sweepWorld';
import { createWorld, IMAGES } from './world';

describe('a sweep with derived', () => {
  it('cleans at Cloudinary what belonged to the files that it removed, and nothing else', async () => {
    const world = createWorld();
    await useFile(world, 'p1', world.image('shoes/used.png'));
    world.image('shoes/unused.png');
    seedOriginals(world, ['shoes/used', 'shoes/unused']);
    world.pass(60_000);

    await world.publish({ ...SWEEP, derived: { keepOriginal: true } });
    await world.settle();

    expect(world.events(SWEPT)[0]?.data).toMatchObject({
      outcome: 'succeeded',
      counts: { scanned: 2, referenced: 1, removed: 1, kept: 1, failed: 0, derived: 2, originals: 0 },
    });
    expect(world.names(IMAGES)).toEqual(['shoes/used.png']);
    expect(left(world)).toEqual([2, 2]);
  });

  it('that is cancelled half-way cleans what belonged to the files that it has removed by then', async () => {
    const world = createWorld();
    const names = Array.from({ length: 40 }, (_, n) => `shoes/${String(n).padStart(2, '0')}`);
    for (const name of names) world.image(`${name}.png`);
    seedOriginals(world, names);
    world.pass(60_000);
    world.onCall((call) => {
      if (call === 'delete' && world.calls('delete') === 10) {
        void world.publish({ command: 'cancelRequest', cancels: 'cmd-sweep', requestId: 'stop' });
        world.pass(35_000);
      }
    });

    await world.publish({ ...SWEEP, requestId: 'sweep', derived: { keepOriginal: true } });
    await world.settle();

    const stays = world.names(IMAGES).length;
    const [event] = world.events(SWEPT);
    expect(event?.data).toMatchObject({
      outcome: 'cancelled',
      counts: { removed: 40 - stays, derived: 2 * (40 - stays) },
    });
    expect([stays > 0, stays < 40]).toEqual([true, true]);
  });
});
