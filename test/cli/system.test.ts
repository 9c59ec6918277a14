import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { imageLine } from '../system/imageLine';
import { type LocalSystem, startLocalSystem } from '../system/localSystem';
import { until } from '../system/until';
import { runCli, startCli } from './runCli';

jest.setTimeout(120_000);

const COMMANDS_PUSH = 'projects/local-project/subscriptions/product-search-commands-push';

describe('the command line on a running system', () => {
  const cwd = mkdtempSync(join(tmpdir(), 'cli-'));
  let system: LocalSystem;
  let uri: string;

  beforeAll(async () => {
    system = await startLocalSystem({ LOCAL_OPERATION_SECONDS: '0.3', LOCAL_TICK_SECONDS: '0.3' });
    uri = await system.image('a.png');
  });

  afterAll(async () => {
    await system.stop();
    rmSync(cwd, { recursive: true, force: true });
  });

  const run = (args: string[], input = '') => runCli(args, system.env, input);

  function csv(name: string, ...lines: string[]): string {
    const path = join(cwd, name);
    writeFileSync(path, lines.join(''));
    return path;
  }

  it('drops a file and tells how its import ended', async () => {
    const file = csv('shoes.csv', ...['p1', 'p2', 'p3'].map((productId) => imageLine({ uri, productId })));
    const { status, out } = await run(['drop', '--wait', '--location', 'europe-west1', file]);

    expect(out).toMatch(/^imp-[0-9a-f]{32}: succeeded: 3 imported\n/);
    expect(status).toBe(0);
    expect(await system.content('europe-west1').productsIn('boots')).toEqual(['p1', 'p2', 'p3']);
  });

  it('drops nothing where a line has an error, unless it is told to', async () => {
    const file = csv(
      'bad.csv',
      imageLine({ uri, productId: 'b1' }),
      imageLine({ uri, productId: 'b2', category: 'x' }),
    );
    const refused = await run(['drop', file]);
    const dropped = await run(['drop', '--no-lint', '--wait', '--json', file]);

    expect([refused.status, refused.out]).toEqual([1, '']);
    expect(refused.err).toContain('bad.csv:2:5: error product-category');
    expect(dropped.status).toBe(1);
    expect(JSON.parse(dropped.out)).toMatchObject({ outcome: 'partial', counts: { imported: 1, skipped: 1 } });
  });

  it('never drops over a file that waits in intake, unless it is told to', async () => {
    await system.fault({ method: 'ImportProductSets', code: 8, count: 1 });
    const file = csv('again.csv', imageLine({ uri, productId: 'p1' }));
    const first = await run(['drop', '--urgent', file]);
    const second = await run(['drop', '--urgent', file]);
    const third = await run(['drop', '--urgent', '--replace', '--json', file]);

    expect(first).toMatchObject({
      status: 0,
      out: expect.stringContaining('gs://product-search-intake/urgent/again.csv'),
    });
    expect(second).toMatchObject({
      status: 2,
      err: expect.stringContaining('again.csv waits in gs://product-search-intake'),
    });
    expect(third.status).toBe(0);
    expect(first.out).not.toContain(JSON.parse(third.out).requestId);
  });

  it('deletes products, and a set that is purged can be undone by the id of the request', async () => {
    await system.events.ended(
      await system.drop(
        'hats.csv',
        ['h1', 'h2'].map((productId) => imageLine({ uri, productId, productSetId: 'hats' })).join(''),
      ),
    );
    const deleted = await run(['delete', 'product', 'h1', '--wait', '--reason', 'torn']);
    const dry = await run(['purge', 'set', 'hats', '--dry-run', '--wait', '--json']);
    const purged = await run(['purge', 'set', 'hats', '--force', '--request-id', 'hats', '--wait']);

    expect([deleted.status, deleted.out]).toEqual([
      0,
      expect.stringMatching(/^cmd-cli-[0-9a-f]{16}: succeeded: deleted 1 product/),
    ]);
    expect(JSON.parse(dry.out)).toMatchObject({ outcome: 'dryRun', counts: { products: 1 } });
    expect(purged).toMatchObject({ status: 0, out: expect.stringContaining('snapshots/cmd-hats/snapshot.json') });
    expect(await system.content().productsIn('hats')).toEqual([]);
  });

  it('sends nothing that the functions would refuse, and says field by field why', async () => {
    const forceless = await run(['purge', 'set', 'hats']);
    const typed = await run(['send', '-'], '{"command":"deleteProduct","productId":"a/b","id":1}');

    expect(forceless).toMatchObject({ status: 2, out: '', err: expect.stringContaining('error required: force') });
    expect(typed).toMatchObject({ status: 2, out: '' });
    expect(typed.err).toContain('unknown-field');
    expect(typed.err).toContain('ids have none');
  });

  it('says why a message was rejected after all: its id stands for another command', async () => {
    const first = await run(['delete', 'product', 'x1', '--request-id', 'same', '--wait']);
    const other = await run(['delete', 'product', 'x2', '--request-id', 'same', '--wait']);

    expect(first.status).toBe(0);
    expect(other).toMatchObject({ status: 1, out: expect.stringContaining('error request-id-conflict') });
  });

  it('shows what is open, one request, and that there is no such request', async () => {
    const later = new Date(Date.now() + 3_600_000).toISOString();
    await run(['delete', 'product', 'x3', '--not-before', later, '--request-id', 'later']);
    await until('it waits', async () => (await run(['status', 'cmd-later'])).out.includes('Not before'));
    const all = await run(['status']);
    const ended = await run(['status', 'cmd-same']);
    const none = await run(['status', 'cmd-never']);
    const cancelled = await run(['cancel', 'cmd-later', '--wait']);

    expect(all.out).toMatch(/^cmd-later {2}Delete product x3 \(us-west1\): waiting for its time: .*\n/m);
    expect(all.out).toMatch(/\n\d+ requests? (?:is|are) open; \d+ imports? started in the last 24 hours\n$/);
    expect(ended).toMatchObject({
      status: 0,
      out: 'cmd-same: succeeded: 1 already absent\n',
    });
    expect(none).toMatchObject({ status: 2, err: 'product-search-cleanup: there is no request cmd-never\n' });
    expect(cancelled.out).toContain('succeeded: 1 cancelled');
  });

  it('watches one request to its end, and takes its subscription away', async () => {
    const watching = startCli(['watch', 'cmd-watched'], system.env);
    await until('it watches', () => watching.output.errors().includes('watching'));
    await system.publish({ command: 'deleteProduct', productId: 'w0', requestId: 'unwatched' });
    await system.publish({ command: 'deleteProduct', productId: 'w1', requestId: 'watched' });

    expect(await watching.ended).toBe(0);
    expect(watching.output.text()).toMatch(/^\S+Z {2}cmd-watched {2}Delete product succeeded: 1 already absent\n$/);
    const [subscriptions] = await system.pubsub.getSubscriptions();
    expect(subscriptions.map(({ name }) => name).filter((name) => name.includes('watch'))).toEqual([]);
  });

  it('ends a watch on Ctrl-C', async () => {
    const watching = startCli(['watch', '--json'], system.env);
    await until('it watches', () => watching.output.errors().includes('watching'));
    await system.publish('no command');
    await until('it has told', () => watching.output.text() !== '');
    watching.child.kill('SIGINT');

    expect(await watching.ended).toBe(0);
    expect(JSON.parse(watching.output.text())).toMatchObject({
      type: 'product-search.message.rejected.v1',
      specversion: '1.0',
    });
  });

  describe('replay', () => {
    /** A dead letter as Pub/Sub forwards it. */
    function deadLetter(data: string, source = COMMANDS_PUSH): Promise<string> {
      const [, project = '', , subscription = ''] = source.split('/');
      return system.pubsub.topic('product-search-dead-letters').publishMessage({
        data: Buffer.from(data),
        attributes: {
          kept: 'yes',
          CloudPubSubDeadLetterSourceDeliveryCount: '100',
          CloudPubSubDeadLetterSourceSubscription: subscription,
          CloudPubSubDeadLetterSourceSubscriptionProject: project,
          CloudPubSubDeadLetterSourceTopicPublishTime: '2026-11-22T08:00:00.000Z',
        },
      });
    }

    it('shows the dead letters and leaves them; then publishes each again, and it is done', async () => {
      const id = await deadLetter('{"command":"deleteProduct","productId":"r1"}');
      const dry = await run(['replay', '--seconds', '1', '--dry-run']);
      const wet = await run(['replay', '--seconds', '1']);
      const again = await run(['replay', '--seconds', '1']);

      expect(dry).toMatchObject({
        status: 0,
        out: expect.stringContaining(`${id}: shown\n  from product-search-commands,`),
      });
      expect(dry.out).toContain('given up after 100 tries');
      expect(wet).toMatchObject({ status: 0, out: expect.stringMatching(/replayed\n.*\n1 replayed\n$/s) });
      expect((await system.events.ended(`cmd-replay-${id}`)).data.outcome).toBe('succeeded');
      expect(again).toMatchObject({ status: 0, out: 'no dead letters\n' });
    });

    it('is done once where it is published a second time, and keeps what is no command as it was', async () => {
      const command = '{"command":"deleteProduct","productId":"r2","requestId":"r2"}';
      await Promise.all([
        deadLetter(command),
        deadLetter(command),
        deadLetter('{"command":"deleteProduct","command":"x"}'),
      ]);
      const { status, out } = await run(['replay', '--seconds', '1', '--json']);
      const rows = out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));

      expect(status).toBe(0);
      expect(rows.map(({ fate }) => fate)).toEqual(['replayed', 'replayed', 'replayed']);
      expect(rows[0].attributes).toEqual({ kept: 'yes' });
      await system.events.ended('cmd-r2');
      await system.events.next(
        ({ data }) => data.messageId !== undefined && data.problems.some(({ field }) => field === 'command'),
      );
      expect(system.events.terminalIds('cmd-r2')).toHaveLength(1);
    });

    it('leaves what it cannot publish, takes only what it is asked for, and discards only by id', async () => {
      const homeless = await deadLetter('{"a":1}', 'projects/local-project/subscriptions/deleted-push');
      const other = await deadLetter('{"command":"deleteProduct","productId":"r3","requestId":"r3"}');
      const one = await run(['replay', '--seconds', '1', other]);
      const left = await run(['replay', '--seconds', '1']);
      const blind = await run(['replay', '--seconds', '1', '--discard']);
      const discarded = await run(['replay', '--seconds', '1', '--discard', homeless, '4711']);

      expect(one).toMatchObject({ status: 0, out: expect.stringContaining('1 replayed\n') });
      expect(left).toMatchObject({
        status: 1,
        out: expect.stringContaining(`${homeless}: left: the topic that it came from`),
      });
      expect(blind).toMatchObject({ status: 2, err: expect.stringContaining('--discard takes the MESSAGE_IDs') });
      expect(discarded).toMatchObject({ status: 1, out: expect.stringContaining('1 discarded\n') });
      expect(discarded.err).toContain('there is no dead letter 4711');
      expect((await run(['replay', '--seconds', '1'])).out).toBe('no dead letters\n');
    });

    it('says in one line that there is no such subscription', async () => {
      const { status, err } = await run(['replay', '--seconds', '1', '--subscription', 'none-such']);

      expect([status, err.trimEnd().split('\n').length]).toEqual([2, 1]);
      expect(err).toMatch(/^product-search-cleanup: .*NOT_FOUND/);
    });
  });
});

describe('the command line without a system', () => {
  it('names what is missing, in one line', async () => {
    const { status, err } = await runCli(['status'], {});

    expect(status).toBe(2);
    expect(err).toMatch(
      /^product-search-cleanup: .*GOOGLE_CLOUD_PROJECT is required; INTAKE_BUCKET.*\.local\/env.*\n$/,
    );
  });

  it.each(['drop', 'delete', 'purge', 'restore', 'sweep', 'cancel', 'send', 'status', 'watch', 'replay'])(
    'explains %s without one',
    async (command) => {
      const { status, out, err } = await runCli([command, '--help'], {});

      expect([status, err]).toEqual([0, '']);
      expect(out).toMatch(new RegExp(`^Usage: product-search-cleanup ${command}`));
    },
  );
});
