import type { FileMetadata } from '@google-cloud/storage';
import { messageOf, postFinalized, postPush } from './deliveries';
import { imageLine } from './imageLine';
import { IMAGES, INTAKE, type LocalSystem, STATE, startLocalSystem } from './localSystem';

jest.setTimeout(120_000);

const PUSH = 'product-search-commands-push';

/** Image ids are left blank and not assigned, so that an import which runs twice makes every image twice. */
describe('what is delivered more than once, or by somebody else', () => {
  let system: LocalSystem;
  let uri: string;

  beforeAll(async () => {
    system = await startLocalSystem({
      LOCAL_OPERATION_SECONDS: '0.5',
      LOCAL_TICK_SECONDS: '0.5',
      ASSIGN_IMAGE_IDS: 'false',
    });
    uri = await system.image('shared.png');
  });

  afterAll(() => system.stop());

  const urlOf = (name: string): string => system.functions()[name]?.url ?? '';

  /** Drops a file and gives its finalize event's object: the local storage delivers it once by itself. */
  async function dropped(name: string, body: string): Promise<{ requestId: string; object: FileMetadata }> {
    const requestId = await system.drop(name, body);
    const [object] = await system.storage.bucket(INTAKE).file(name).getMetadata();
    return { requestId, object };
  }

  it('imports a file once whose event comes five times more, twice at once, and once after the end', async () => {
    const line = imageLine({ uri, imageId: '', productId: 'p-event' });
    const { requestId, object } = await dropped('often.csv', line);
    const url = urlOf('importProductSets');
    const twice = await Promise.all([postFinalized(url, object), postFinalized(url, object)]);
    const others = [await postFinalized(url, object), await postFinalized(url, object)];
    const event = await system.events.ended(requestId);
    await system.allClosed();
    const late = await postFinalized(url, object);

    expect([...twice, ...others, late]).toEqual([204, 204, 204, 204, 204]);
    expect(event.data).toMatchObject({ outcome: 'succeeded', counts: { lines: 1, imported: 1 } });
    expect(event.data.operations).toHaveLength(1);
    expect(await system.content().images('p-event')).toHaveLength(1);
    expect(system.events.terminalIds(requestId)).toEqual([event.id]);
    expect(await system.names(STATE, 'requests/')).toEqual([`requests/closed/${requestId}.json`]);
  });

  it('obeys a message once that comes three times, twice at once', async () => {
    const seed = await system.drop('seed.csv', imageLine({ uri, productId: 'p-message' }));
    await system.events.ended(seed);
    const message = messageOf('770001', { command: 'deleteProduct', productId: 'p-message', requestId: 'thrice' });
    const url = urlOf('runCommand');
    const twice = await Promise.all([postPush(url, message, PUSH), postPush(url, message, PUSH)]);
    const third = await postPush(url, message, PUSH);
    const event = await system.events.ended('cmd-thrice');
    await system.allClosed();

    expect([...twice, third]).toEqual([204, 204, 204]);
    expect(event.data.counts).toMatchObject({ products: 1, alreadyAbsent: 0 });
    expect(system.events.terminalIds('cmd-thrice')).toEqual([event.id]);
    expect(await system.names(STATE, 'requests/')).toContain('requests/closed/cmd-thrice.json');
  });

  it('changes nothing when either is delivered again after its request was closed', async () => {
    const line = imageLine({ uri, imageId: 'kept', productId: 'p-late' });
    const { requestId, object } = await dropped('late.csv', line);
    await system.events.ended(requestId);
    await system.allClosed();
    const message = messageOf('770002', { command: 'deleteProduct', productId: 'p-late' });
    await postPush(urlOf('runCommand'), message, PUSH);
    expect(await system.content().products()).not.toContain('p-late');
    await postFinalized(urlOf('importProductSets'), object);
    expect(await system.content().products()).not.toContain('p-late');

    const again = await system.drop('again.csv', line);
    await system.events.ended(again);
    await system.allClosed();
    const before = await system.names(STATE, 'requests/');
    expect(await postPush(urlOf('runCommand'), message, PUSH)).toBe(204);

    expect(await system.content().images('p-late')).toEqual(['kept']);
    expect(await system.names(STATE, 'requests/')).toEqual(before);
  });

  it('refuses the same request id with other content, and does nothing', async () => {
    const first = { command: 'deleteProduct', productId: 'p-first', requestId: 'reused' };
    await system.command(first);
    const messageId = await system.publish({ ...first, productId: 'p-event' });
    const event = await system.events.rejected(messageId);

    expect(event.data.problems).toMatchObject([{ code: 'request-id-conflict', field: 'requestId' }]);
    expect(await system.content().products()).toContain('p-event');
  });

  it('refuses an event of another bucket, or one whose parts disagree, and does nothing', async () => {
    await system.storage
      .bucket(IMAGES)
      .file('foreign.csv')
      .save(imageLine({ uri, productId: 'p-foreign' }));
    const [foreign] = await system.storage.bucket(IMAGES).file('foreign.csv').getMetadata();
    const before = await system.names(STATE, 'requests/');
    const url = urlOf('importProductSets');
    const statuses = await Promise.all([
      postFinalized(url, foreign),
      postFinalized(url, { ...foreign, bucket: INTAKE }, { 'ce-bucket': IMAGES }),
      postFinalized(url, foreign, { 'ce-type': 'google.cloud.storage.object.v1.deleted' }),
    ]);

    expect(statuses.filter((status) => status < 400)).toEqual([]);
    expect(await system.names(STATE, 'requests/')).toEqual(before);
    expect(await system.content().products()).not.toContain('p-foreign');
  });

  it('refuses a push of another subscription, and one that is no push, and does nothing', async () => {
    const message = messageOf('770003', { command: 'deleteProduct', productId: 'p-event' });
    const before = await system.names(STATE, 'requests/');
    const url = urlOf('runCommand');
    const notAPush = await fetch(url, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } });
    const statuses = [
      await postPush(url, message, 'product-search-continuations-push'),
      await postPush(url, message, 'somebody-elses'),
      notAPush.status,
    ];

    expect(statuses.filter((status) => status < 400)).toEqual([]);
    expect(await system.names(STATE, 'requests/')).toEqual(before);
    expect(await system.content().products()).toContain('p-event');
  });
});
