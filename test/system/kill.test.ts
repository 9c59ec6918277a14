import { imageLine } from './imageLine';
import { type LocalSystem, STATE, startLocalSystem } from './localSystem';
import { until } from './until';

jest.setTimeout(150_000);

/** The shortest lease that the configuration takes: a dead invocation is taken over ten seconds after it. */
const LEASE_SECONDS = 30;

describe('a function process that is killed in the middle of a request', () => {
  let system: LocalSystem;
  let uri: string;

  beforeAll(async () => {
    system = await startLocalSystem({
      LOCAL_OPERATION_SECONDS: '0.5',
      LOCAL_TICK_SECONDS: '0.5',
      LEASE_SECONDS: String(LEASE_SECONDS),
    });
    uri = await system.image('shared.png');
    const seed = [1, 2, 3].map((number) => imageLine({ uri, productId: `p-${number}` })).join('');
    await system.events.ended(await system.drop('us-east1/seed.csv', seed));
    await system.allClosed();
  });

  afterAll(() => system.stop());

  /** Resolves when the request has written down that it is about to call, and has no answer yet. */
  async function callBegins(requestId: string): Promise<void> {
    await until(`${requestId} calls`, async () => {
      if (!(await system.names(STATE, 'requests/open/')).includes(`requests/open/${requestId}.json`)) return false;
      const record = await system.text(`gs://${STATE}/requests/open/${requestId}.json`);
      const { intent } = JSON.parse(record) as { intent?: { operation?: string } };
      return intent !== undefined && intent.operation === undefined;
    });
  }

  async function kill(name: string): Promise<void> {
    const dead = system.functions()[name];
    process.kill(dead?.pid ?? 0, 'SIGKILL');
    await until(`${name} is started again`, () => system.functions()[name]?.pid !== dead?.pid);
    expect(system.functions()[name]?.url).toBe(dead?.url);
  }

  it('loses and doubles nothing: the tick finishes the import and the purge once the lease is over', async () => {
    await system.fault({ method: 'ImportProductSets', code: 0, delayMs: 15_000 });
    await system.fault({ method: 'PurgeProducts', code: 0, delayMs: 15_000 });
    const lines = [1, 2, 3, 4].map((number) =>
      imageLine({ uri, imageId: '', productId: `p-new-${number % 2}${number}` }),
    );
    const importId = await system.drop('us-west1/new.csv', lines.join(''));
    const command = { command: 'purgeProductsInProductSet', productSetId: 'boots', force: true, location: 'us-east1' };
    await system.publish({ ...command, requestId: 'purge' });
    await Promise.all([callBegins(importId), callBegins('cmd-purge')]);
    await Promise.all([kill('importProductSets'), kill('runCommand')]);
    const killedAt = Date.now();
    const [imported, purged] = await Promise.all([system.events.ended(importId), system.events.ended('cmd-purge')]);

    expect(Date.now() - killedAt).toBeGreaterThan((LEASE_SECONDS - 10) * 1_000);
    expect(imported.data).toMatchObject({ outcome: 'succeeded', counts: { lines: 4, imported: 4, failed: 0 } });
    expect(purged.data).toMatchObject({ outcome: 'succeeded', counts: { products: 3, referenceImages: 3, failed: 0 } });
    expect(await system.content('us-west1').products()).toHaveLength(4);
    for (const product of await system.content('us-west1').products()) {
      expect(await system.content('us-west1').images(product)).toHaveLength(1);
    }
    expect(await system.content('us-east1').products()).toEqual([]);
    expect(await system.content('us-east1').productSets()).toEqual(['boots']);
    await system.allClosed();
    expect(system.events.terminalIds(importId)).toEqual([imported.id]);
    expect(system.events.terminalIds('cmd-purge')).toEqual([purged.id]);
    expect(system.output.text()).toMatch(/importProductSets ended \(SIGKILL\); it is started again/);
  });

  it('counts every line as imported where only the answer to the start was lost', async () => {
    await system.fault({ method: 'ImportProductSets', code: 14, afterEffect: true });
    const lines = ['a', 'b'].map((name) =>
      imageLine({ uri, imageId: '', productId: `p-${name}`, productSetId: 'lost' }),
    );
    const event = await system.events.ended(await system.drop('us-east1/lost.csv', lines.join('')));
    const content = system.content('us-east1');

    expect(event.data).toMatchObject({ outcome: 'succeeded', counts: { lines: 2, imported: 2, alreadyPresent: 0 } });
    expect([...(await content.images('p-a')), ...(await content.images('p-b'))]).toHaveLength(2);
  });
});
