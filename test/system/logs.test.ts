import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readLogLines } from '../logLines';
import { messageOf, postPush } from './deliveries';
import { imageLine } from './imageLine';
import { INTAKE, type LocalSystem, STATE, startLocalSystem } from './localSystem';
import { until } from './until';

jest.setTimeout(120_000);

const FUNCTIONS = ['importProductSets', 'runCommand', 'continueRequest', 'pollOperations', 'console'] as const;
const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const TRACEPARENT = `00-${TRACE_ID}-00f067aa0ba902b7-01`;
/** Stands wherever a user may write text; no line may hold it. */
const SECRET = 'hush-4711';
const KNOWN = readLogLines();
const REPORTED = 'type.googleapis.com/google.devtools.clouderrorreporting.v1beta1.ReportedErrorEvent';

/** https://cloud.google.com/logging/docs/structured-logging, as far as we use it; a misspelt key would be plain payload. */
const LogLine = z
  .looseObject({
    severity: z.enum(['DEBUG', 'INFO', 'NOTICE', 'WARNING', 'ERROR']),
    message: z.string(),
    time: z.iso.datetime(),
    function: z.enum(FUNCTIONS).optional(),
    requestId: z
      .string()
      .regex(/^(?:imp|bat)-[0-9a-f]{32}$|^cmd-[A-Za-z0-9_-]+$/)
      .optional(),
    operationName: z
      .string()
      .regex(/^(?:projects\/[^/]+\/)?locations\/[^/]+\/operations\/[^/]+$/)
      .optional(),
    stack_trace: z
      .string()
      .regex(/^\w*Error: .*\n\s+at /s)
      .optional(),
    '@type': z.literal(REPORTED).optional(),
    'logging.googleapis.com/trace': z
      .string()
      .regex(/^projects\/local-project\/traces\/[0-9a-f]{32}$/)
      .optional(),
    'logging.googleapis.com/spanId': z
      .string()
      .regex(/^[0-9a-f]{16}$/)
      .optional(),
    'logging.googleapis.com/trace_sampled': z.boolean().optional(),
  })
  .superRefine((line, context) => {
    const faults = [
      KNOWN.some((known) => isSame(known, line)) ? '' : 'not in docs/logs.md',
      (line.severity === 'ERROR') === ('@type' in line || 'stack_trace' in line) ? '' : 'Error Reporting misses it',
      JSON.stringify(line).length < 16_384 ? '' : 'is too long',
    ];
    for (const message of faults) if (message !== '') context.addIssue({ code: 'custom', message });
  });

type Line = z.infer<typeof LogLine>;

function isSame(known: (typeof KNOWN)[number], line: { message: string; severity: string }): boolean {
  return known.message === line.message && known.severities.includes(line.severity);
}

describe('the log of the system on its bundles', () => {
  let system: LocalSystem;
  let importId: string;

  /** What the functions have logged so far; the local services' own lines are left out. */
  function lines(): Line[] {
    const text = readFileSync(join(system.folder, 'log.jsonl'), 'utf8');
    const own = text.split('\n').filter((line) => line !== '' && !line.includes('"function":"local"'));
    return own.map((line) => LogLine.parse(JSON.parse(line), { error: () => line }));
  }

  const of = (requestId: string) => lines().filter((line) => line.requestId === requestId);

  async function logged(what: string, holds: (line: Line) => boolean): Promise<Line> {
    await until(what, () => lines().some(holds));
    return lines().find(holds) as Line;
  }

  function post(name: string, init: { body?: string; headers?: Record<string, string> } = {}): Promise<Response> {
    const headers = { 'content-type': 'application/json', traceparent: TRACEPARENT, ...init.headers };
    return fetch(system.functions()[name]?.url ?? '', { method: 'POST', body: init.body ?? '{}', headers });
  }

  beforeAll(async () => {
    const environment = { LOCAL_OPERATION_SECONDS: '0.5', LOCAL_TICK_SECONDS: '0.3', CLOUDINARY_API_SECRET: SECRET };
    system = await startLocalSystem(environment, ['--empty'], 'local/startBundles.mjs');
    const uri = await system.image('a.png');
    const good = { uri, productSetId: 'boots', displayName: SECRET, labels: `"color=${SECRET}"` };
    const csv = [imageLine({ ...good, productId: 'p1' }), imageLine({ ...good, productId: 'p2', polygon: SECRET })];
    importId = await system.drop('shoes.csv', csv.join(''));
    await system.events.ended(importId);
    await system.command({ command: 'deleteProduct', productId: 'p9', requestId: 'one', reason: SECRET });
    const purge = { command: 'purgeProductsInProductSet', productSetId: 'boots', force: true };
    await system.command({ ...purge, requestId: 'purge', reason: SECRET });
    await system.allClosed();
  });

  afterAll(() => system.stop());

  it('tells the story of an import by its id: accepted, started, waiting, woken, going on, ended', async () => {
    const messages = of(importId).map(({ message, function: name }) => `${name}: ${message}`);

    expect(messages).toEqual(
      expect.arrayContaining([
        'importProductSets: file accepted',
        'importProductSets: import started',
        'importProductSets: request waits',
        'pollOperations: request woken',
        'continueRequest: request goes on',
        'continueRequest: operation ended',
        'continueRequest: request ended',
      ]),
    );
    expect(messages.filter((message) => / accepted$/.test(message))).toHaveLength(1);
    expect(messages.filter((message) => / ended$/.test(message) && message.includes('request'))).toHaveLength(1);
    const operations = new Set(of(importId).flatMap(({ operationName }) => operationName?.split('/').at(-1) ?? []));
    expect(operations.size).toBe(1);
  });

  it('traces one purge through runCommand, the tick, its continuation and the console', async () => {
    const shown = await fetch(`${system.env.CONSOLE_URL}/api/requests/cmd-purge`);
    await logged('the console has shown it', (line) => line.message === 'request shown');

    expect(shown.status).toBe(200);
    expect(new Set([...of('cmd-purge'), ...of(importId)].map((line) => line.function))).toEqual(new Set(FUNCTIONS));
    expect(of('cmd-purge').map(({ message }) => message)).toContain('purge started');
  });

  it('carries the trace of the delivery on every line of it', async () => {
    const command = { command: 'deleteProduct', productId: 'p8', requestId: 'traced', reason: SECRET };
    const subscription = 'projects/local-project/subscriptions/product-search-commands-push';
    const response = await post('runCommand', {
      body: JSON.stringify({ message: messageOf('77', command), subscription }),
    });

    expect(response.status).toBe(204);
    await logged('it has ended', (line) => line.requestId === 'cmd-traced' && line.message === 'request ended');
    const traces = of('cmd-traced').map((line) => line['logging.googleapis.com/trace']);
    expect(traces.length).toBeGreaterThan(1);
    expect(new Set(traces)).toEqual(new Set([`projects/local-project/traces/${TRACE_ID}`]));
  });

  it('says in one line what was refused, and why', async () => {
    await post('continueRequest', { body: `{"secret":"${SECRET}"}` });
    await postPush(system.functions().runCommand?.url ?? '', messageOf('78', {}), 'another-push');
    await postPush(
      system.functions().continueRequest?.url ?? '',
      messageOf('79', { requestId: SECRET }),
      'product-search-continuations-push',
    );
    const event = { bucket: 'another', name: 'a.csv', generation: '1', timeCreated: '2026-11-22T08:00:00Z' };
    await post('importProductSets', {
      body: JSON.stringify(event),
      headers: {
        'ce-id': '1',
        'ce-specversion': '1.0',
        'ce-type': 'google.cloud.storage.object.v1.finalized',
        'ce-source': '//storage.googleapis.com/projects/_/buckets/another',
      },
    });
    await system.events.rejected(await system.publish(`{"command":"deleteProduct","secret":"${SECRET}"}`));

    for (const message of ['no push body', 'another subscription', 'no continuation', 'no event of ours']) {
      expect(await logged(message, (line) => line.message === `refused: ${message}`)).toHaveProperty('function');
    }
    const refused = await logged('rejected', (line) => line.message === 'message rejected');
    expect(refused).toMatchObject({ severity: 'WARNING', codes: expect.arrayContaining(['required']) });
  });

  it('warns of a fault that passes, and has Error Reporting group a bug by a stack of the sources', async () => {
    await system.fault({ method: 'ListReferenceImages', code: 13, count: 1 });
    await system.publish({ command: 'deleteProduct', productId: 'p7', requestId: 'faulty' });
    const warning = await logged('the fault', (line) => line.requestId === 'cmd-faulty' && line.severity === 'WARNING');
    await system.storage.bucket(STATE).file('requests/open/cmd-half.json').save('{"half', { resumable: false });
    await system.storage.bucket(INTAKE).file('readme.txt').save(SECRET, { resumable: false });
    const message = messageOf('80', { requestId: 'cmd-half' });
    await postPush(system.functions().continueRequest?.url ?? '', message, 'product-search-continuations-push');
    const bug = await logged('the bug', (line) => line.message === 'invocation failed');
    await logged('no CSV', (line) => line.message === 'object is no CSV');

    expect(warning).toMatchObject({ message: 'step met a fault', step: 'deleteOne' });
    expect(bug.stack_trace).toMatch(/^SyntaxError: .*shared\/ledger\/records\.ts:\d+/s);
  });

  it('holds nothing of what users wrote into files and messages, and no secret', () => {
    expect(lines().length).toBeGreaterThan(30);
    expect(lines().filter((line) => JSON.stringify(line).includes(SECRET))).toEqual([]);
  });
});
