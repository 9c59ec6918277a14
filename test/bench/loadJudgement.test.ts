import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { importRequestId } from '../../shared/core/names';

const ROOT = join(__dirname, '../..');

/** Calls a function of the module with each list of arguments: jest cannot import a module that is no CommonJS. */
function call<T>(name: string, calls: unknown[][]): T[] {
  const script = `import('./bench/loadJudgement.mjs').then((m) => {
    const calls = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
    console.log(JSON.stringify(calls.map((given) => m.${name}(...given))));
  })`;
  const options = { cwd: ROOT, encoding: 'utf8', input: JSON.stringify(calls) } as const;
  return JSON.parse(execFileSync(process.execPath, ['-e', script], options)) as T[];
}

const end = (requestId: string, changed: object = {}) => ({
  requestId,
  id: `${requestId}.completed`,
  outcome: 'succeeded',
  content: `{"requestId":"${requestId}"}`,
  ...changed,
});

const GOOD = {
  sent: [{ requestId: 'cmd-a' }, { requestId: 'imp-b' }],
  events: [end('cmd-a'), end('imp-b')],
  died: [],
  ticks: [120, 6_600],
  memory: { runCommand: [40, 90, 100, 100, 110, 110, 110, 120] },
  size: { deletes: 10_000, files: 1_000 },
  open: 843,
  waiting: 331,
};

/** What was changed, and what is told then. */
const CASES: [string, object, string[]][] = [
  ['a good one', {}, []],
  ['one in which an event came twice', { events: [...GOOD.events, end('cmd-a')] }, []],
  ['a lost message', { events: [end('imp-b')] }, ['lost: 1: cmd-a']],
  [
    'a lost message beside an event that nobody asked for',
    { events: [end('imp-b'), end('cmd-c')] },
    ['lost: 1: cmd-a', 'ended although nobody sent it: 1: cmd-c'],
  ],
  [
    'two terminal ids',
    { events: [...GOOD.events, end('cmd-a', { id: 'another' })] },
    ['with two terminal ids: 1: cmd-a'],
  ],
  [
    'one id with two contents',
    { events: [...GOOD.events, end('cmd-a', { content: '{}' })] },
    ['published with two contents: 1: cmd-a.completed'],
  ],
  [
    'an import that failed in part',
    { events: [end('cmd-a'), end('imp-b', { outcome: 'partial' })] },
    ['ended otherwise than it should: 1: imp-b (partial, not succeeded)'],
  ],
  [
    'an outcome that was expected',
    {
      sent: [{ requestId: 'cmd-a', expected: 'rejected' }, { requestId: 'imp-b' }],
      events: [end('cmd-a', { outcome: 'rejected' }), end('imp-b')],
    },
    [],
  ],
  [
    'a process that died',
    { died: ['runCommand ended (SIGKILL)'] },
    ['a function process died: runCommand ended (SIGKILL)'],
  ],
  ['a tick without time to spare', { ticks: [120, 300_000] }, ['a tick took 300000 ms; it has 300000 ms']],
  ['no tick', { ticks: [] }, ['no tick was logged']],
  [
    'memory that grows',
    { memory: { runCommand: [40, 90, 100, 100, 120, 140, 151, 160] } },
    ['the memory of runCommand grew from 100 to 151 MB, by more than the factor 1.5'],
  ],
  ['memory of a run that was too short to tell', { memory: { runCommand: [10, 20, 400, 900] } }, []],
  ['memory that only grows at the start', { memory: { runCommand: [10, 20, 100, 100, 100, 100, 100, 150] } }, []],
  [
    'no back-pressure at full size',
    { open: 0, waiting: 0 },
    ['no back-pressure was visible: the console showed no open request, and none said what it waits for'],
  ],
  ['no back-pressure at a small size', { open: 0, waiting: 0, size: { deletes: 500, files: 1_000 } }, []],
  [
    'much that is lost',
    { events: [], sent: Array.from({ length: 7 }, (_, index) => ({ requestId: `cmd-${index}` })) },
    ['lost: 7: cmd-0, cmd-1, cmd-2, cmd-3, cmd-4 and 2 more'],
  ],
];

describe('the judgement on a run of the load case', () => {
  const judged = call<string[]>(
    'judge',
    CASES.map(([, changed]) => [{ ...GOOD, ...changed }]),
  );

  it.each(CASES.map(([name, , faults], index) => [name, faults, judged[index]] as const))(
    'tells of %s',
    (_name, faults, told) => {
      expect(told).toEqual(faults);
    },
  );

  it('knows a dropped file by the id of its request', () => {
    const file = ['product-search-intake', 'größe 1.csv', '1795389057587000'] as const;

    expect(call('importRequestId', [[...file]])).toEqual([importRequestId(...file)]);
  });
});
