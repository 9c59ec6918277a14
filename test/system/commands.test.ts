import { imageLine } from './imageLine';
import { type LocalSystem, STATE, startLocalSystem } from './localSystem';

jest.setTimeout(120_000);

const PRODUCT = { command: 'deleteProduct', productId: 'p-kept' };
const CONTROL = String.fromCharCode(7);

describe('messages that are no command', () => {
  let system: LocalSystem;
  let before: string[];

  beforeAll(async () => {
    system = await startLocalSystem({
      LOCAL_OPERATION_SECONDS: '0.3',
      LOCAL_TICK_SECONDS: '0.5',
      ALLOWED_COMMANDS: 'deleteProduct,deleteProductSet,deleteProducts,purgeProductsInProductSet,restoreSnapshot',
    });
    const uri = await system.image('shared.png');
    await system.events.ended(await system.drop('seed.csv', imageLine({ uri, productId: 'p-kept' })));
    await system.allClosed();
    before = await system.names(STATE, 'requests/');
  });

  afterAll(() => system.stop());

  it.each<[string, unknown, string, string | undefined, RegExp]>([
    ['no JSON', 'delete p-kept', 'not-json', 'data', /must be one JSON object/],
    ['cut off', '{"command":"deleteProduct"', 'not-json', 'data', /must be one JSON object/],
    ['an array', [PRODUCT], 'not-an-object', 'data', /must be one JSON object/],
    ['an unknown command', { ...PRODUCT, command: 'deleteAll' }, 'unknown-command', 'command', /deleteProduct,/],
    ['no command', { productId: 'p-kept' }, 'required', 'command', /deleteProduct,/],
    ['an unknown field', { ...PRODUCT, force: true }, 'unknown-field', 'force', /has command, productId/],
    [
      'a field given twice',
      '{"command":"deleteProduct","productId":"p-kept","productId":"b"}',
      'duplicate-field',
      'productId',
      /once/,
    ],
    ['a wrong type', { ...PRODUCT, dryRun: 'no' }, 'wrong-type', 'dryRun', /boolean|true or false/],
    ['a number for an id', { ...PRODUCT, productId: 7 }, 'wrong-type', 'productId', /text|string/],
    ['an id with a slash', { ...PRODUCT, productId: 'a/b' }, 'invalid-value', 'productId', /holds a slash/],
    ['129 characters', { ...PRODUCT, productId: 'x'.repeat(129) }, 'invalid-value', 'productId', /at most 128/],
    [
      'a control character',
      { ...PRODUCT, productId: `p${CONTROL}` },
      'invalid-value',
      'productId',
      /control character.*u0007/,
    ],
    [
      'a name of another project',
      { ...PRODUCT, productId: 'projects/other/locations/us-west1/products/p-kept' },
      'invalid-value',
      'productId',
      /in project "other".*give the bare id, such as "p-kept"/,
    ],
    [
      'a faulty id among many',
      { command: 'deleteProducts', productIds: ['p-kept', ''] },
      'invalid-value',
      'productIds[1]',
      /is empty/,
    ],
    [
      'a purge without force',
      { command: 'purgeProductsInProductSet', productSetId: 'boots' },
      'required',
      'force',
      /must be true/,
    ],
    [
      'a location that is none',
      { ...PRODUCT, location: 'us-west2' },
      'invalid-value',
      'location',
      /us-west1, us-east1/,
    ],
    [
      'a command that is not allowed',
      { command: 'purgeOrphanProducts', force: true },
      'command-not-allowed',
      'command',
      /ALLOWED_COMMANDS/,
    ],
    [
      'a restore of something else',
      { command: 'restoreSnapshot', snapshot: 'gs://product-search-state/snapshots/cmd-x/products-00001.jsonl' },
      'invalid-value',
      'snapshot',
      /must be gs:.*snapshot\.json/,
    ],
  ])('are refused with the field and the reason: %s', async (_, command, code, field, reason) => {
    const event = await system.events.rejected(await system.publish(command));

    expect(event.data.problems).toMatchObject([{ code, field, message: expect.stringMatching(reason) }]);
  });

  it('are refused where they have no data, only attributes', async () => {
    const topic = system.pubsub.topic('product-search-commands');
    const messageId = await topic.publishMessage({ data: Buffer.alloc(0), attributes: { from: 'test' } });
    const event = await system.events.rejected(messageId);

    expect(event.data.problems).toMatchObject([
      { code: 'not-json', field: 'data', message: expect.stringMatching(/is empty/) },
    ]);
  });

  it('are refused where they have 5 MB', async () => {
    const command = { command: 'deleteProducts', productIds: ['p-kept'], reason: 'x'.repeat(5 * 1024 * 1024) };
    const event = await system.events.rejected(await system.publish(command));

    expect(event.data.problems).toMatchObject([
      { code: 'too-large', field: 'data', message: expect.stringMatching(/at most 2097152/) },
    ]);
  });

  it('are told of with all their faults at once', async () => {
    const event = await system.events.rejected(
      await system.publish({ command: 'deleteProduct', productId: '', x: 1, dryRun: 0 }),
    );

    expect(event.data.problems.map(({ field }) => field).sort()).toEqual(['dryRun', 'productId', 'x']);
    expect(event.attributes['ce-subject']).toBe(`messages/${event.data.messageId}`);
  });

  it('are acknowledged, and nothing is done: no request, no second delivery, every product still there', async () => {
    // A command behind all of them: once it has ended, whatever came before has been delivered.
    await system.command({ ...PRODUCT, dryRun: true, requestId: 'last' });
    await system.allClosed();
    const rejected = system.events.all.filter((event) => event.type === 'product-search.message.rejected.v1');

    expect(rejected).toHaveLength(21);
    expect(new Set(rejected.map(({ id }) => id)).size).toBe(rejected.length);
    expect(await system.names(STATE, 'requests/')).toEqual(['requests/closed/cmd-last.json', ...before]);
    expect(await deadLetters(system)).toEqual([]);
    expect(await system.content().productsIn('boots')).toEqual(['p-kept']);
  });
});

/** What lies in the dead letter topic's subscription now. */
async function deadLetters(system: LocalSystem): Promise<unknown[]> {
  const url = `http://${system.env.PUBSUB_EMULATOR_HOST}/v1/projects/local-project/subscriptions`;
  const response = await fetch(`${url}/product-search-dead-letters-pull:pull`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ maxMessages: 10, returnImmediately: true }),
  });
  return ((await response.json()) as { receivedMessages?: unknown[] }).receivedMessages ?? [];
}
