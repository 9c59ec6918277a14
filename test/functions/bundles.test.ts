import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Storage } from '@google-cloud/storage';
import { createMessaging } from '../../local/messaging';
import { type Services, startServices } from '../../local/services';
import { readSettings } from '../../local/settings';
import { contentOf } from '../../local/storage/content';
import { dependencies as rootDependencies } from '../../package.json';
import { importRequestId } from '../../shared/core/names';
import { messageOf, postFinalized, postPush } from '../system/deliveries';
import { imageLine } from '../system/imageLine';
import { until } from '../system/until';
import {
  buildBundles,
  copyBundle,
  installLocked,
  type Lock,
  readBundleFile,
  type ServedBundle,
  serveBundle,
} from './deployedFunction';

jest.setTimeout(120_000);

const NAMES = ['importProductSets', 'runCommand', 'continueRequest', 'pollOperations', 'console'] as const;
const INTAKE = 'product-search-intake';
const STATE = 'product-search-state';
const FREE_PORTS = { CONSOLE_PORT: '0', PUBSUB_PORT: '0', STORAGE_PORT: '0', VISION_PORT: '0', CLOUDINARY_PORT: '0' };

const folder = mkdtempSync(join(tmpdir(), 'bundles-'));
const installed = join(folder, 'installed');
let services: Services;
let served: Record<(typeof NAMES)[number], ServedBundle>;

beforeAll(async () => {
  buildBundles();
  installLocked(readBundleFile<Lock>('importProductSets', 'package-lock.json'), installed);
  const settings = readSettings({ ...FREE_PORTS, LOCAL_OPERATION_SECONDS: '0.1' }, []);
  services = await startServices(settings);
  await createMessaging(services.pubsub.host, settings).createTopics();
  const { storage, vision } = services.servers;
  const env = {
    GOOGLE_CLOUD_PROJECT: settings.GOOGLE_CLOUD_PROJECT,
    INTAKE_BUCKET: INTAKE,
    STATE_BUCKET: STATE,
    STORAGE_EMULATOR_HOST: `http://127.0.0.1:${storage.port}`,
    PUBSUB_EMULATOR_HOST: services.pubsub.host,
    VISION_EMULATOR_HOST: `127.0.0.1:${vision.port}`,
    METADATA_SERVER_DETECTION: 'none',
  };
  // As the platform sets it for an event trigger; what the bundle registers wins.
  const signature = (name: string) => ({
    FUNCTION_SIGNATURE_TYPE: name === 'importProductSets' ? 'cloudevent' : 'http',
  });
  const started = NAMES.map(
    async (name) => [name, await serveBundle(name, folder, installed, { ...env, ...signature(name) })] as const,
  );
  served = Object.fromEntries(await Promise.all(started)) as typeof served;
});

afterAll(async () => {
  await Promise.all(Object.values(served ?? {}).map((bundle) => bundle.stop()));
  const { storage, vision, cloudinary } = services.servers;
  await Promise.all([storage.close(), services.pubsub.close(), vision.close(), cloudinary.close()]);
  rmSync(folder, { recursive: true, force: true });
});

function names(prefix: string): string[] {
  return services.storage.listObjects(STATE, { prefix }).objects.map(({ name }) => name);
}

/** Puts the CSV there as a user would; nobody is told of it but by the test. */
async function drop(name: string, csv: string) {
  const apiEndpoint = `http://127.0.0.1:${services.servers.storage.port}`;
  const file = new Storage({ projectId: 'local-project', apiEndpoint }).bucket(INTAKE).file(name);
  await file.save(csv, { resumable: false });
  return file.metadata;
}

describe('the bundles, each alone with what its lock lists', () => {
  it('take one dropped file from its event to its end: all of them know all that they need', async () => {
    services.storage.insertObject({ bucket: 'product-search-images', name: 'a.png' }, contentOf(Buffer.from('png')));
    const csv = imageLine({ uri: 'gs://product-search-images/a.png', productId: 'p1' });
    const dropped = await drop('shoes.csv', csv);
    const id = importRequestId(INTAKE, 'shoes.csv', String(dropped.generation));

    expect(await postFinalized(served.importProductSets.url, dropped)).toBe(204);
    expect(names('requests/open/')).toEqual([`requests/open/${id}.json`]);
    const tick = await fetch(served.pollOperations.url, { method: 'POST' });
    expect([tick.status, await tick.json()]).toEqual([200, expect.objectContaining({ open: 1, failed: 0 })]);
    await until('the import has ended', async () => {
      const message = messageOf('1', { requestId: id });
      expect(await postPush(served.continueRequest.url, message, 'product-search-continuations-push')).toBe(204);
      return names('requests/closed/').length === 1;
    });

    const command = messageOf('2', { command: 'deleteProduct', productId: 'p1', requestId: 'one' });
    expect(await postPush(served.runCommand.url, command, 'product-search-commands-push')).toBe(204);
    expect(names('requests/closed/')).toContain('requests/closed/cmd-one.json');
    const page = await fetch(served.console.url);
    const record = await fetch(`${served.console.url}/api/requests/${id}`);
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('<title>')]);
    expect(await record.json()).toMatchObject({ outcome: 'succeeded', counts: { imported: 1 } });
    for (const { output } of Object.values(served)) expect(output.errors()).toBe('');
  });

  it('answer 403 to an event that is none of theirs, and print nothing but lines for the log', async () => {
    const { url, output } = served.importProductSets;
    const before = output.text().length;
    const status = await postFinalized(url, { ...(await drop('b.csv', '')), bucket: 'another' });
    await until('the line is there', () => output.text().length > before);

    expect(status).toBe(403);
    expect(JSON.parse(output.text().slice(before))).toMatchObject({ message: 'refused: no event of ours' });
    expect(output.errors()).toBe('');
  });

  it('answer 500 to a true event while storage is out of order: it has to come again', async () => {
    const { url } = served.importProductSets;
    const dropped = await drop('later.csv', '');
    const faults = `http://127.0.0.1:${services.servers.storage.port}/_faults`;
    await fetch(faults, {
      method: 'POST',
      body: JSON.stringify({ method: 'storage.objects.insert', code: 7, count: 50 }),
    });
    const meanwhile = await postFinalized(url, dropped);
    await fetch(faults, { method: 'DELETE' });

    expect([meanwhile, await postFinalized(url, dropped)]).toEqual([500, 204]);
  });

  it('name the file and line of the source where a fault is a bug', async () => {
    const { url, output } = served.continueRequest;
    const before = output.text().length;
    const open = { bucket: STATE, name: 'requests/open/cmd-broken.json' };
    services.storage.insertObject(open, contentOf(Buffer.from('{"version":1,')));
    const message = messageOf('3', { requestId: 'cmd-broken' });

    expect(await postPush(url, message, 'product-search-continuations-push')).toBe(500);
    await until('the fault is logged', () => output.text().length > before);
    expect(JSON.parse(output.text().slice(before))).toMatchObject({
      severity: 'ERROR',
      message: 'invocation failed',
      stack_trace: expect.stringMatching(/^SyntaxError: .*shared\/ledger\/records\.ts:\d+/s),
    });
    expect(output.errors()).toBe('');
  });
});

describe('a bundle', () => {
  it.each(NAMES)('%s names its entry, its Node and only the framework, in the version that is tested', (name) => {
    const framework = '@google-cloud/functions-framework';
    const own = readBundleFile<Record<string, unknown>>(name, 'package.json');

    expect(own).toMatchObject({
      main: 'index.js',
      engines: { node: '24.x' },
      dependencies: { [framework]: rootDependencies[framework] },
    });
    expect(Object.keys(own.dependencies as object)).toEqual([framework]);
    // A script named build or gcp-build would be run by the buildpack.
    expect(own).not.toHaveProperty('scripts');
  });

  it('has the lock that its package.json asks for, as npm ci compares them', () => {
    const locks = NAMES.map((name) => readBundleFile<Lock>(name, 'package-lock.json'));
    const subtrees = locks.map(({ packages: { '': _own, ...rest } }) => JSON.stringify(rest));

    expect(new Set(subtrees).size).toBe(1);
    for (const [index, name] of NAMES.entries()) {
      const { dependencies } = readBundleFile<{ dependencies: object }>(name, 'package.json');
      expect(locks[index]?.packages['']?.dependencies).toEqual(dependencies);
    }
  });

  it('fails where something is missing that it does not carry: nothing of this checkout helps it', () => {
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    const bare = copyBundle('runCommand', empty);
    const undeclared = copyBundle('pollOperations', join(installed));
    appendFileSync(join(undeclared, 'function.js'), "\nrequire('zod');");
    const load = (cwd: string) => spawnSync(process.execPath, ['.'], { cwd, env: {}, encoding: 'utf8' });

    expect(load(bare).stderr).toContain("Cannot find module '@google-cloud/functions-framework'");
    expect(load(undeclared).stderr).toContain("Cannot find module 'zod'");
  });
});
