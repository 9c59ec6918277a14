import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFunctionProcesses, type FunctionProcess, PortError } from '../../local/functionProcesses';

/** Says that it listens on the port that it is given, or on 4321; what else it does stands in its "bundle". */
const PROGRAM = `
const [, , name, bundle, port] = process.argv;
process.on('disconnect', () => process.exit(0));
if (bundle === 'broken') process.exit(3);
if (bundle === 'taken') process.send({ kind: 'failed', code: 'EADDRINUSE', message: 'address in use' });
else process.send({ kind: 'listening', port: Number(port) || 4321 });
if (bundle === 'talking') {
  process.stdout.write('one\\ntw');
  setTimeout(() => process.stdout.write('o ' + process.env.WORD + '\\n\\n'), 30);
  process.stderr.write('an error of ' + name + '\\n');
}
setInterval(() => undefined, 1000);
`;

const folder = mkdtempSync(join(tmpdir(), 'function-processes-'));
const program = join(folder, 'program.cjs');
writeFileSync(program, PROGRAM);
const stops: (() => void)[] = [];

afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function createProcesses() {
  const lines: string[] = [];
  const deaths: string[] = [];
  const started: Record<string, FunctionProcess>[] = [];
  const processes = createFunctionProcesses({
    host: '127.0.0.1',
    program,
    bundleOf: (name) => name,
    env: { PATH: process.env.PATH, WORD: 'words' },
    onLine: (name, line) => lines.push(`${name}: ${line}`),
    onStarted: (running) => started.push(running),
    onDied: (name, how) => deaths.push(`${name} ${how}`),
  });
  stops.push(processes.stop);
  return { processes, lines, deaths, started };
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 10));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('the process of a function', () => {
  it('is started once it listens, and is known by its address', async () => {
    const { processes, started } = createProcesses();
    const before = processes.urlOf('runCommand');

    const { url, pid } = await processes.start('runCommand', 0);

    expect(before).toBeNull();
    expect([url, processes.urlOf('runCommand')]).toEqual(['http://127.0.0.1:4321', 'http://127.0.0.1:4321']);
    expect(isAlive(pid)).toBe(true);
    expect(started).toEqual([{ runCommand: { url, pid } }]);
  });

  it('that dies is started again on the port that it had', async () => {
    const { processes, started, deaths } = createProcesses();
    const first = await processes.start('runCommand', 5678);

    process.kill(first.pid, 'SIGKILL');
    await until(() => started.length === 2);

    expect(deaths).toEqual(['runCommand SIGKILL']);
    expect(processes.urlOf('runCommand')).toBe('http://127.0.0.1:5678');
    expect(started[1]?.runCommand?.url).toBe(first.url);
    expect(started[1]?.runCommand?.pid).not.toBe(first.pid);
  });

  it('whose port is taken is refused with the port and its code', async () => {
    const { processes, started } = createProcesses();

    const starting = processes.start('taken', 8080);

    await expect(starting).rejects.toThrow(PortError);
    await expect(starting).rejects.toMatchObject({
      code: 'EADDRINUSE',
      message: expect.stringMatching(/taken .*8080/),
    });
    expect(started).toEqual([]);
  });

  it('that ends before it listens is refused, and not started for ever', async () => {
    const { processes, deaths } = createProcesses();

    await expect(processes.start('broken', 0)).rejects.toThrow('broken ended before it listened (exit 3)');
    expect(deaths).toEqual([]);
  });

  it('is heard line by line, whole lines only, of both outputs, with the environment that it was given', async () => {
    const { processes, lines } = createProcesses();
    await processes.start('talking', 0);

    await until(() => lines.length === 3);

    expect(lines.sort()).toEqual(['talking: an error of talking', 'talking: one', 'talking: two words']);
  });

  it('ends with the others when all are stopped, and is not started again', async () => {
    const { processes, started, deaths } = createProcesses();
    const both = [await processes.start('a', 0), await processes.start('b', 0)];

    processes.stop();
    await until(() => both.every(({ pid }) => !isAlive(pid)));
    await new Promise((resolve) => setTimeout(resolve, 400));

    expect(started).toHaveLength(2);
    expect(deaths).toEqual([]);
  });
});
