import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createFaults, handleFaults } from '../../../local/wire/faults';

describe('faults', () => {
  test('fill in what is not given: UNAVAILABLE, once, at once, before the effect', () => {
    const faults = createFaults();

    expect(faults.add({ method: 'Publish' })).toEqual({
      method: 'Publish',
      code: 14,
      count: 1,
      delayMs: 0,
      afterEffect: false,
    });
  });

  test('are used up in the order in which they were added', () => {
    const faults = createFaults();
    faults.add({ method: 'Publish', code: 8 });
    faults.add({ method: '*', code: 4, count: 2 });

    const codes = ['Pull', 'Publish', 'Publish', 'Publish'].map((method) => faults.take(method)?.code ?? null);

    expect(codes).toEqual([4, 8, 4, null]);
  });

  test('end when cleared', () => {
    const faults = createFaults();
    faults.add({ method: '*' });
    faults.clear();

    expect([faults.list(), faults.take('Publish')]).toEqual([[], null]);
  });
});

describe('/_faults', () => {
  const faults = createFaults();
  let server: Server;
  let url: string;

  beforeAll(async () => {
    server = createServer((req, res) => {
      if (!handleFaults(faults, ['Publish', 'Pull'], req, res)) res.end('elsewhere');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  beforeEach(() => faults.clear());

  const send = (method: string, body?: string) => fetch(`${url}/_faults`, { method, body });

  test('adds, lists and clears', async () => {
    const added = await (await send('POST', '{"method":"Publish","count":2,"afterEffect":true}')).json();
    const listed = await (await send('GET')).json();
    await send('DELETE');

    expect(added).toEqual({ method: 'Publish', code: 14, count: 2, delayMs: 0, afterEffect: true });
    expect(listed).toEqual({ faults: [added] });
    expect(faults.list()).toEqual([]);
  });

  test.each([
    ['no JSON', 'method=Publish', 'the body is not JSON'],
    ['no object', '[]', 'the body is not a JSON object'],
    ['no method', '{}', 'method is missing'],
    ['an unknown field', '{"method":"*","times":3}', 'times is unknown; known are method, code, count'],
    ['a code that is none', '{"method":"*","code":17}', 'code must be a google.rpc.Code from 0 to 16'],
    ['a method of another service', '{"method":"Pulish"}', 'no method "Pulish"; it has Publish, Pull, and "*" is all'],
    ['a count of 0', '{"method":"*","count":0}', 'count must be a whole number from 1'],
  ])('refuses %s and says what would be right', async (_case, body, message) => {
    const response = await send('POST', body);

    expect(response.status).toBe(400);
    expect(((await response.json()) as { error: string }).error).toContain(message);
    expect(faults.list()).toEqual([]);
  });

  test('answers 405 to other methods and leaves other paths alone', async () => {
    expect((await send('PATCH')).status).toBe(405);
    expect(await (await fetch(`${url}/v1/x`)).text()).toBe('elsewhere');
  });
});
