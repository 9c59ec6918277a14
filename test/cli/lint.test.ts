import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const RUN = join(__dirname, '../../cli/run.mjs');
const GOOD = 'gs://images/a.png,i1,s1,p1,general-v1,Mug,"a=b,c=d",';
const BAD = GOOD.replace('general-v1', 'shoes').replace('i1', 'i2');
const NAMELESS = GOOD.replace('i1', '').replace('a.png', 'b.png');

const folder = mkdtempSync(join(tmpdir(), 'lint-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content);
  return name;
}

interface Ended {
  status: number | null;
  out: string;
  err: string;
}

function run(args: string[], input: string | Uint8Array = '', env: Record<string, string> = {}): Promise<Ended> {
  const child = spawn(process.execPath, [RUN, ...args], { cwd: folder, env: { ...process.env, ...env } });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk) => (out += chunk));
  child.stderr.on('data', (chunk) => (err += chunk));
  child.stdin.end(input);
  return new Promise((resolve) => child.on('close', (status) => resolve({ status, out, err })));
}

const lint = (...args: string[]) => run(['lint', ...args]);
const objects = (out: string): Record<string, unknown>[] =>
  out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

describe('lint', () => {
  it('says of a good file in one line what is in it, and exits with 0', async () => {
    const { status, out, err } = await lint(file('good.csv', `${GOOD}\n`));

    expect(out).toBe(
      'good.csv: ok: 1 line, 1 valid, 0 invalid; 0 errors, 0 warnings; 1 product in 1 product set, 1 image\n',
    );
    expect([status, err]).toEqual([0, '']);
  });

  it('exits with 0 where there are warnings only', async () => {
    const { status, out } = await lint(file('nameless.csv', NAMELESS));

    expect(out).toMatch(
      /^nameless\.csv:1:2: warning image-id-assigned: the line has no image-id and gets auto-[0-9a-f]{32}\n/,
    );
    expect(status).toBe(0);
  });

  it('shows errors with file, line and column before warnings, and exits with 1', async () => {
    const { status, out } = await lint(file('bad.csv', `${NAMELESS}\n${BAD}\n${GOOD}\nx\n`));

    expect(out.split('\n').map((line) => line.split(': ').slice(0, 2).join(': '))).toEqual([
      'bad.csv:2:5: error product-category',
      'bad.csv:4:2: error column-count',
      'bad.csv:1:2: warning image-id-assigned',
      'bad.csv: not ok',
      '',
    ]);
    expect(out).toContain('4 lines, 2 valid, 2 invalid; 2 errors, 1 warning;');
    expect(status).toBe(1);
  });

  it('shows no more problems than asked for, and how many more there are of each kind', async () => {
    const name = file('many.csv', `${NAMELESS}\n${`${BAD}\n`.repeat(30)}x\n`);

    const { out } = await lint('--max-problems', '2', name);

    expect(out.match(/^many\.csv:\d+:\d+: /gm)).toEqual(['many.csv:2:5: ', 'many.csv:3:5: ']);
    expect(out).toContain('… and 30 more: 28 × product-category, 1 × image-id-assigned, 1 × column-count');
    expect((await lint('--max-problems', '0', name)).out).not.toMatch(/^many\.csv:\d/m);
  });

  it('gives programs one object a line: problems, then the sums of the file', async () => {
    const { status, out } = await lint('--json', file('bad.csv', `${BAD}\n${NAMELESS}\n`), file('good.csv', GOOD));

    expect(status).toBe(1);
    expect(objects(out)).toEqual([
      expect.objectContaining({
        type: 'problem',
        file: 'bad.csv',
        line: 1,
        column: 5,
        severity: 'error',
        code: 'product-category',
      }),
      expect.objectContaining({ type: 'problem', file: 'bad.csv', line: 2, column: 2, severity: 'warning' }),
      {
        type: 'file',
        file: 'bad.csv',
        ok: false,
        lines: 2,
        valid: 1,
        invalid: 1,
        ignored: 0,
        errors: 1,
        warnings: 1,
        products: 1,
        productSets: 1,
        images: 1,
      },
      expect.objectContaining({ type: 'file', file: 'good.csv', ok: true }),
    ]);
  });

  it('reads standard input, packed or not, where no file is named', async () => {
    const sums = '(standard input): ok: 1 line, 1 valid, 0 invalid';

    expect((await run(['lint'], GOOD)).out).toContain(sums);
    expect((await run(['lint', '-'], gzipSync(`${GOOD}\n`))).out).toContain(sums);
    expect((await run(['lint'], 'x')).status).toBe(1);
  });

  it('unpacks .gz, and refuses one that is none, is cut off or unpacks to too much', async () => {
    const packed = gzipSync(`${GOOD}\n${BAD}\n`);
    const refused = async (...args: string[]) => {
      const { status, out } = await lint(...args);
      expect(status).toBe(1);
      return out;
    };

    expect((await lint(file('good.csv.gz', packed))).out).toContain('good.csv.gz:2:5: error product-category');
    expect(await refused(file('plain.csv.gz', GOOD))).toContain(
      'plain.csv.gz: error encoding: The file is no complete gzip',
    );
    expect(await refused(file('short.csv.gz', packed.subarray(0, -9)))).toContain('short.csv.gz: error encoding:');
    expect(await refused('--max-gz-bytes', '50', 'good.csv.gz')).toContain('good.csv.gz: error file-size:');
  });

  it('refuses a file without a line', async () => {
    const { status, out } = await lint(file('empty.csv', ''));

    expect(out).toContain('empty.csv: error empty-file: the file holds no line with an image');
    expect(status).toBe(1);
  });

  it('names what it cannot read in one line, checks the other files, and exits with 2', async () => {
    const { status, out, err } = await lint('missing.csv', file('good.csv', GOOD), '.', 'missing.csv.gz');

    expect(err).toBe(
      [
        'product-search-cleanup: cannot read missing.csv: no such file or directory',
        'product-search-cleanup: cannot read .: illegal operation on a directory',
        'product-search-cleanup: cannot read missing.csv.gz: no such file or directory\n',
      ].join('\n'),
    );
    expect(out).toContain('good.csv: ok');
    expect(status).toBe(2);
    expect(objects((await lint('--json', 'missing.csv')).out)).toEqual([
      { type: 'unreadable', file: 'missing.csv', message: 'no such file or directory' },
    ]);
  });

  it('takes the settings of the functions', async () => {
    const sets = ['s1', 's2', 's3'].map((set) => GOOD.replace('s1', set)).join('\n');
    const nameless = file('nameless.csv', NAMELESS);

    expect((await lint('--max-sets-per-product', '2', file('sets.csv', sets))).out).toContain(
      'sets.csv:3:3: warning sets-per-product',
    );
    expect((await lint('--no-assign-image-ids', nameless)).out).toContain('0 warnings');
  });

  it('ends quietly where its reader stops reading', async () => {
    const name = file('long.csv', `${BAD}\n`.repeat(20_000));
    const child = spawn(process.execPath, [RUN, 'lint', '--json', name], { cwd: folder });
    let err = '';
    child.stderr.on('data', (chunk) => (err += chunk));
    child.stdout.once('data', () => child.stdout.destroy());

    const status = await new Promise((resolve) => child.on('close', resolve));

    expect([status, err]).toEqual([141, '']);
  });
});

describe('the command line', () => {
  it.each([
    [['lint', '--nonsense'], "Unknown option '--nonsense'; try product-search-cleanup lint --help"],
    [['lint', '--max-problems', 'ten'], '--max-problems takes a whole number from 0, not "ten"'],
    [
      ['lint', '--max-problems'],
      "Option '--max-problems <value>' argument missing; try product-search-cleanup lint --help",
    ],
    [['lnit'], 'there is no command "lnit"; try product-search-cleanup --help'],
    [['toString'], 'there is no command "toString"; try product-search-cleanup --help'],
    [[], 'a command is missing; try product-search-cleanup --help'],
  ])('%j is refused in one line with status 2', async (args, message) => {
    expect(await run(args)).toEqual({ status: 2, out: '', err: `product-search-cleanup: ${message}\n` });
  });

  it.each([
    [['--help'], /^Usage: product-search-cleanup COMMAND.*lint/s],
    [['lint', '--help'], /^Usage: product-search-cleanup lint.*--json.*"type":"file".*Exit status: 0/s],
    [['--version'], /^\d+\.\d+\.\d+\n$/],
  ])('%j is answered on standard output with status 0', async (args, pattern) => {
    expect(await run(args)).toEqual({ status: 0, out: expect.stringMatching(pattern), err: '' });
  });
});
