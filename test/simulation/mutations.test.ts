import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

interface Mutation {
  guard: string;
  file: string;
  find: string;
  replace: string;
}

/** Jest cannot import a module that is no CommonJS. */
function mutations(): Mutation[] {
  const print = "import('./test/simulation/mutations.mjs').then((m) => console.log(JSON.stringify(m.MUTATIONS)))";
  return JSON.parse(execFileSync(process.execPath, ['-e', print], { cwd: ROOT, encoding: 'utf8' })) as Mutation[];
}

describe('the guards that npm run mutate breaks', () => {
  it('all stand in the sources, each exactly once, so that none is left out unnoticed', () => {
    const all = mutations();
    const places = all.map(({ guard, file, find }) => {
      return [guard, readFileSync(join(ROOT, file), 'utf8').split(find).length - 1];
    });

    expect(places).toEqual(all.map(({ guard }) => [guard, 1]));
    expect(all.length).toBeGreaterThan(40);
  });

  it('are missed as soon as one is broken', () => {
    const mutate = ['test/simulation/mutate.mjs', '--only', 'before it leaves intake', '--seeds', '60'];

    const table = execFileSync(process.execPath, mutate, { cwd: ROOT, encoding: 'utf8' });

    expect(table).toMatch(/before it leaves intake \| \d+ \| .*before the archive has it/);
  });
});
