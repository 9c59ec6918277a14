import { realpathSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { dirname, join } from 'node:path';
import { BUILT, START, spawnLocalSystem } from './localSystem';
import { until } from './until';

jest.setTimeout(90_000);

/** The program behind the command `npm`. */
const NPM = process.env.npm_execpath ?? realpathSync(join(dirname(process.execPath), 'npm'));

type Started = ReturnType<typeof spawnLocalSystem>;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function pidsOf(system: Started): number[] {
  return Object.values(system.functions()).map(({ pid }) => pid);
}

describe('starting and ending', () => {
  const started: Started[] = [];
  const servers: Server[] = [];

  function start(environment: Record<string, string> = {}, argv = ['--empty'], program = BUILT): Started {
    const system = spawnLocalSystem(environment, argv, program);
    started.push(system);
    return system;
  }

  afterAll(async () => {
    for (const server of servers) server.close();
    await Promise.all(started.map((system) => system.stop()));
  });

  it('shows the sample being imported, the console last, and ends at once on Ctrl-C with nothing left', async () => {
    const system = start({}, [], START);
    await system.ready();
    await system.output.until(/^succeeded +importProductSets .*imported/m, 30_000);
    const text = system.output.text();
    const consoleUrl = /Console +(http:\S+)/.exec(text)?.[1] ?? '';
    const health = await fetch(`${consoleUrl}/healthz`);
    const page = await fetch(consoleUrl);
    const pids = pidsOf(system);
    const begun = Date.now();
    system.child.kill('SIGINT');
    const code = await system.ended;

    expect(Date.now() - begun).toBeLessThan(3_000);
    expect(code).toBe(0);
    expect(pids).toHaveLength(5);
    await until('the functions have ended', () => !pids.some(isAlive), 3_000);
    expect([health.status, page.status]).toEqual([200, 200]);
    expect(text).toMatch(/^ready in .*source .*env$/m);
    expect(text).toMatch(/^dropped +gs:\/\/product-search-intake\/sample\.csv/m);
    expect(text).not.toMatch(/credential|metadata server|warn|\n\s+at /i);
    expect(system.output.errors()).toBe('');
  });

  it('leaves no function behind when the parent is killed', async () => {
    const system = start();
    await system.ready();
    const pids = pidsOf(system);
    system.child.kill('SIGKILL');
    await system.ended;

    expect(pids).toHaveLength(5);
    await until('the functions have ended', () => !pids.some(isAlive), 10_000);
  });

  it.each(['SIGTERM', 'SIGKILL'] as const)('leaves nothing behind when npm alone gets %s', async (signal) => {
    const system = start({}, ['start', '--', '--empty'], NPM);
    await system.ready();
    const pids = pidsOf(system);
    system.child.kill(signal);
    await system.ended;

    expect(pids).toHaveLength(5);
    await until('the functions have ended', () => !pids.some(isAlive), 10_000);
  });

  it('names a port that is in use in one line, and how to take another', async () => {
    const server = createServer();
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? String(address?.port) : '';

    for (const variable of ['CONSOLE_PORT', 'STORAGE_PORT']) {
      const system = start({ [variable]: port });
      const code = await system.ended;

      expect(code).toBe(1);
      expect(system.output.errors()).toBe(`Port ${port} is in use; set ${variable} to another (0 takes a free one)\n`);
      expect(system.output.text()).not.toMatch(/^ready/m);
    }
  });

  it('names a setting that is none in one line', async () => {
    const system = start({ LOCAL_TICK_SECONDS: 'often', PUBSUB_PORT: '70000' });

    expect(await system.ended).toBe(1);
    expect(system.output.errors()).toMatch(/^[^\n]*PUBSUB_PORT[^\n]*LOCAL_TICK_SECONDS[^\n]*\n$/);
  });

  it('names a setting of the functions that is none, and does not say that it is ready', async () => {
    const system = start({ LEASE_SECONDS: '5' });

    expect(await system.ended).toBe(1);
    expect(system.output.errors()).toMatch(/^[^\n]*LEASE_SECONDS must be at least 30[^\n]*\n$/);
  });
});
