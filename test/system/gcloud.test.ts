import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { imageLine } from './imageLine';
import { INTAKE, type LocalSystem, STATE, startLocalSystem } from './localSystem';

jest.setTimeout(120_000);

const run = promisify(execFile);
const COMMANDS = 'gcloud pubsub topics publish product-search-commands --message';
const PULL = 'gcloud pubsub subscriptions pull product-search-events-pull --auto-ack --limit 20 --format=json';

const isInstalled = (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, 'gcloud')));

interface Pulled {
  message: { attributes: Record<string, string>; data: string };
}

describe('the command lines that people have, after `source .local/env`', () => {
  let system: LocalSystem;

  beforeAll(async () => {
    system = await startLocalSystem({ LOCAL_OPERATION_SECONDS: '0.3', LOCAL_TICK_SECONDS: '0.5' });
  });

  afterAll(() => system.stop());

  /** What a new terminal prints; nothing of this process' environment but PATH is in it. */
  async function shell(script: string): Promise<string> {
    const env = { PATH: process.env.PATH, HOME: system.folder, CLOUDSDK_CONFIG: join(system.folder, 'gcloud') };
    const options = { cwd: system.folder, env, timeout: 60_000 };
    const { stdout, stderr } = await run('bash', ['-ec', `source ./env\n${script}`], options);
    if (/warning|credential|metadata/i.test(stderr)) throw new Error(stderr);
    return stdout;
  }

  function eventsIn(pulled: string): { type: string; data: { requestId: string; outcome: string } }[] {
    return (JSON.parse(pulled) as Pulled[]).map(({ message }) => ({
      type: message.attributes['ce-type'] ?? '',
      data: JSON.parse(Buffer.from(message.data, 'base64').toString('utf8')),
    }));
  }

  if (isInstalled) {
    it('import with gcloud storage cp, delete with gcloud pubsub topics publish, and pull what became of it', async () => {
      // The test's own subscriber would take the events away.
      await system.events.close();
      writeFileSync(join(system.folder, 'product.png'), 'an image');
      writeFileSync(
        join(system.folder, 'catalogue.csv'),
        imageLine({ uri: 'gs://product-search-images/product.png', productId: 'p-1', labels: '"color=red"' }),
      );
      await shell('gcloud storage cp product.png gs://product-search-images/product.png');
      await shell(`gcloud storage cp catalogue.csv gs://${INTAKE}/`);
      const imported = await pullUntil('product-search.import.completed.v1');

      expect(imported.data).toMatchObject({ outcome: 'succeeded', counts: { lines: 1, imported: 1 } });
      expect(await system.content().productSets()).toEqual(['boots']);
      expect(await system.content().images('p-1')).toEqual(['i1']);
      await system.allClosed();
      expect(await system.names(INTAKE)).toEqual([]);

      await shell(`${COMMANDS} '{"command":"deleteProduct","productId":"p-1","requestId":"one"}'`);
      const deleted = await pullUntil('product-search.delete.completed.v1');

      expect(deleted.data).toMatchObject({ requestId: 'cmd-one', outcome: 'succeeded' });
      expect(await system.content().products()).toEqual([]);
      const [archived, topics] = await Promise.all([
        shell(`gcloud storage cat 'gs://${STATE}/archive/**/catalogue.csv'`),
        shell("gcloud pubsub topics list --format='value(name)'"),
      ]);
      expect(archived).toBe(readFileSync(join(system.folder, 'catalogue.csv'), 'utf8'));
      expect(topics.split('\n')).toContain('projects/local-project/topics/product-search-commands');
    });

    it('list, read, move, describe and remove objects, 12 MB up and down again', async () => {
      const bytes = randomBytes(12 * 1024 * 1024);
      writeFileSync(join(system.folder, 'large.bin'), bytes);
      writeFileSync(join(system.folder, 'small.txt'), 'small\n');
      const bucket = 'gs://product-search-images';

      await shell(`gcloud storage cp large.bin small.txt ${bucket}/in/`);
      const [listed, read, described, listedByGsutil] = await Promise.all([
        shell(`gcloud storage ls ${bucket}/in/`),
        shell(`gcloud storage cat ${bucket}/in/small.txt`),
        shell(`gcloud storage objects describe ${bucket}/in/large.bin --format='value(size)'`),
        shell(`gsutil ls ${bucket}/in/`),
        shell(`gcloud storage cp ${bucket}/in/large.bin back.bin`),
      ]);
      await shell(`gcloud storage mv ${bucket}/in/small.txt ${bucket}/out/moved.txt`);
      await shell(`gcloud storage rm ${bucket}/in/large.bin`);

      expect(listed.trim().split('\n').sort()).toEqual([`${bucket}/in/large.bin`, `${bucket}/in/small.txt`]);
      expect(listedByGsutil).toBe(listed);
      expect([read, described]).toEqual(['small\n', '12582912\n']);
      expect(readFileSync(join(system.folder, 'back.bin')).equals(bytes)).toBe(true);
      expect(await system.names('product-search-images')).toEqual(['out/moved.txt', 'product.png']);
    });
  }

  /** Pulls until an event of that type comes. */
  async function pullUntil(type: string) {
    for (let attempt = 0; attempt < 10; attempt += 1) {
      const found = eventsIn(await shell(PULL)).find((event) => event.type === type);
      if (found !== undefined) return found;
    }
    throw new Error(`no ${type} in ten pulls`);
  }

  it('find every place in .local/env, whether gcloud is installed here or not', async () => {
    if (!isInstalled) console.warn('gcloud is not installed here: its commands are not tried.');
    const status = await shell('curl -s -o /dev/null -w "%{http_code}" "$CONSOLE_URL/healthz"');

    expect(status).toBe('200');
    expect(await shell('echo "$BOTO_CONFIG"')).toBe(`${join(system.folder, 'boto')}\n`);
    expect(await shell('cat "$BOTO_CONFIG"')).toBe('[GSUtil]\nuse_gcloud_storage = True\n');
  });
});
