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
});
