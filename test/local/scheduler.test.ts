import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startScheduler } from '../../local/scheduler';
import type { Log, LogFields } from '../../shared/ports';

type Call = { request: IncomingMessage; response: ServerResponse };

const stops: (() => void)[] = [];

afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

/** A target whose calls the test answers itself, and a scheduler that fires at it every 15 ms. */
async function createTarget(url?: () => string | null) {
  const calls: Call[] = [];
  const waiting: ((call: Call) => void)[] = [];
  const server = createServer((request, response) => {
    const call = { request, response };
    calls.push(call);
    waiting.shift()?.(call);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const own = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const warnings: LogFields[] = [];
  const log: Log = { write: (_severity, _message, fields = {}) => void warnings.push(fields), with: () => log };
  const stopScheduler = startScheduler({ url: url ?? (() => own), everyMs: 15, log });
  stops.push(() => {
    stopScheduler();
    server.closeAllConnections();
    server.close();
  });
  return {
    calls,
    warnings,
    stopScheduler,
    nextCall: () => new Promise<Call>((resolve) => waiting.push(resolve)),
  };
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('the local scheduler', () => {
  it('posts again and again, as Cloud Scheduler does', async () => {
    const { nextCall } = await createTarget();

    const first = await nextCall();
    first.response.end('{}');
    const second = await nextCall();
    second.response.end('{}');

    expect([first.request.method, second.request.headers['content-type']]).toEqual(['POST', 'application/json']);
  });

  it('never calls twice at the same time', async () => {
    const { nextCall, calls } = await createTarget();
    const first = await nextCall();

    await pause(120);
    const whileRunning = calls.length;
    first.response.end('{}');
    await nextCall();

    expect(whileRunning).toBe(1);
  });

  it('says that a call failed and makes the next one', async () => {
    const { nextCall, warnings } = await createTarget();

    const first = await nextCall();
    first.response.writeHead(500).end();
    const second = await nextCall();
    second.request.socket.destroy();
    const third = await nextCall();
    third.response.end('{}');

    expect(warnings).toEqual([{ status: 500 }, { error: expect.any(String) }]);
  });

  it('waits while there is nowhere to call', async () => {
    let asked = 0;
    const { calls, warnings } = await createTarget(() => {
      asked += 1;
      return null;
    });

    while (asked < 3) await pause(10);

    expect([calls.length, warnings.length]).toEqual([0, 0]);
  });

  it('ends at once when it is stopped, in the middle of a call, without a word', async () => {
    const { nextCall, calls, warnings, stopScheduler } = await createTarget();
    const { request } = await nextCall();
    const closed = new Promise((resolve) => request.socket.once('close', resolve));

    stopScheduler();
    await closed;
    await pause(60);

    expect([calls.length, warnings.length]).toEqual([1, 0]);
  });
});
