import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { createStorageModel, type StorageModel } from '../../../local/storage/model';
import { type StorageServer, startStorageServer } from '../../../local/storage/server';

const run = promisify(execFile);

function isInstalled(command: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((path) => existsSync(join(path, command)));
}

describe('the local server and the gcloud command line', () => {
  let model: StorageModel;
  let server: StorageServer;
  let folder: string;
  let env: NodeJS.ProcessEnv;

  beforeAll(async () => {
    model = createStorageModel({ clock: { now: () => Date.now(), sleep: async () => {} } });
    model.insertBucket('intake-bucket');
    model.insertBucket('state-bucket');
    server = await startStorageServer({ model, port: 0, host: '127.0.0.1' });
    folder = mkdtempSync(join(tmpdir(), 'storage-'));
    writeFileSync(join(folder, 'boto'), '[GSUtil]\nuse_gcloud_storage = True\n');
    env = {
      ...process.env,
      CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE: `${server.url}/`,
      CLOUDSDK_AUTH_DISABLE_CREDENTIALS: 'true',
      CLOUDSDK_CORE_PROJECT: 'local-project',
      CLOUDSDK_CORE_DISABLE_PROMPTS: '1',
      CLOUDSDK_CONFIG: join(folder, 'config'),
      BOTO_CONFIG: join(folder, 'boto'),
    };
  });

  afterAll(async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function call(command: string, ...args: string[]): Promise<string> {
    const { stdout } = await run(command, args, { env, cwd: folder, timeout: 60_000 });
    return stdout;
  }

  if (isInstalled('gcloud')) {
    it('copies 12 MB up and down, and lists, reads, describes, moves and removes', async () => {
      const bytes = randomBytes(12 * 1024 * 1024);
      writeFileSync(join(folder, 'large.bin'), bytes);
      writeFileSync(join(folder, 'small ä.csv'), 'a,b\n');

      await call('gcloud', 'storage', 'cp', 'large.bin', 'small ä.csv', 'gs://intake-bucket/in/');
      const [listed] = await Promise.all([
        call('gcloud', 'storage', 'ls', 'gs://intake-bucket/in/'),
        call('gcloud', 'storage', 'cp', 'gs://intake-bucket/in/large.bin', 'back.bin'),
      ]);
      await call('gcloud', 'storage', 'mv', 'gs://intake-bucket/in/small ä.csv', 'gs://state-bucket/moved.csv');
      const [content, described] = await Promise.all([
        call('gcloud', 'storage', 'cat', 'gs://state-bucket/moved.csv'),
        call('gcloud', 'storage', 'objects', 'describe', 'gs://state-bucket/moved.csv', '--format=json'),
        call('gcloud', 'storage', 'rm', 'gs://intake-bucket/in/large.bin'),
      ]);

      expect(readFileSync(join(folder, 'back.bin')).equals(bytes)).toBe(true);
      expect(listed.split('\n').filter(Boolean)).toEqual(
        expect.arrayContaining(['gs://intake-bucket/in/large.bin', 'gs://intake-bucket/in/small ä.csv']),
      );
      expect(content).toBe('a,b\n');
      expect(JSON.parse(described)).toMatchObject({ name: 'moved.csv', size: 4, content_type: 'text/csv' });
      expect(model.listObjects('intake-bucket').objects).toEqual([]);
      expect(model.listObjects('state-bucket').objects).toHaveLength(1);
    }, 120_000);
  }

  if (isInstalled('gsutil')) {
    it('works for gsutil, which passes it on to gcloud', async () => {
      writeFileSync(join(folder, 'gsutil.csv'), 'a,b\n');

      await call('gsutil', 'cp', 'gsutil.csv', 'gs://intake-bucket/');
      const listed = await call('gsutil', 'ls', 'gs://intake-bucket');

      expect(listed).toContain('gs://intake-bucket/gsutil.csv');
    }, 60_000);
  }

  it('is there for the next test even where gcloud is not installed', async () => {
    if (!isInstalled('gcloud')) console.warn('gcloud is not installed here: its commands are not tried.');
    const response = await fetch(`${server.url}/storage/v1/b`);

    expect(await response.json()).toMatchObject({ items: [{ name: 'intake-bucket' }, { name: 'state-bucket' }] });
  });
});
