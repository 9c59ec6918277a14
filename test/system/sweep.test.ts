import { imageLine } from './imageLine';
import { IMAGES, type LocalSystem, STATE, startLocalSystem } from './localSystem';

jest.setTimeout(120_000);

describe('a sweep over the wire', () => {
  let system: LocalSystem;

  beforeAll(async () => {
    system = await startLocalSystem({ LOCAL_OPERATION_SECONDS: '0.3', LOCAL_TICK_SECONDS: '0.5' });
  });

  afterAll(() => system.stop());

  it('removes what a delete left and keeps what is used', async () => {
    const [gone, used] = [await system.image('gone.png'), await system.image('used.png')];
    const lines = imageLine({ uri: gone, productId: 'p-gone' }) + imageLine({ uri: used, productId: 'p-used' });
    await system.events.ended(await system.drop('seed.csv', lines));
    const deleted = await system.command({
      command: 'deleteProduct',
      productId: 'p-gone',
      requestId: 'delete',
      imageFiles: 'removeUnlessUsed',
    });

    const sweep = { command: 'sweepImageFiles', olderThanDays: 0 };
    const dry = await system.command({ ...sweep, requestId: 'dry', dryRun: true, prefix: `gs://${IMAGES}/` });
    const left = await system.names(STATE, 'candidates/');
    const swept = await system.command({ ...sweep, requestId: 'sweep', force: true });

    expect(deleted.data).toMatchObject({ outcome: 'succeeded', counts: { imageFilesPending: 1 } });
    expect(left).toEqual(['candidates/cmd-delete-00001.json']);
    expect(dry.data).toMatchObject({ outcome: 'dryRun', counts: { scanned: 2, referenced: 1, removed: 1, kept: 1 } });
    expect(swept.type).toBe('product-search.sweep.completed.v1');
    expect(swept.data).toMatchObject({ outcome: 'succeeded', counts: { scanned: 1, removed: 1, failed: 0 } });
    expect(await system.names(IMAGES)).toEqual(['used.png']);
    expect(await system.names(STATE, 'candidates/')).toEqual([]);
  });
});
