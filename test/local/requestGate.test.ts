import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { limitRequests } from '../../local/requestGate';
import { until } from '../system/until';

describe('a server that works on two requests at a time', () => {
  const underWay: ServerResponse[] = [];
  const server = createServer((_request, response) => {
    underWay.push(response);
  });
  limitRequests(server, 2);
  let url: string;

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });

  beforeEach(() => {
    underWay.length = 0;
  });

  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it('begins the third when the first has ended, and answers all', async () => {
    const answers = [1, 2, 3].map(async () => (await fetch(url)).text());
    await until('two are under way', () => underWay.length === 2);
    await new Promise((resolve) => setTimeout(resolve, 100));

    expect(underWay).toHaveLength(2);
    underWay[0]?.end('first');
    await until('the third is under way', () => underWay.length === 3);
    for (const response of underWay.slice(1)) response.end('later');
    expect((await Promise.all(answers)).sort()).toEqual(['first', 'later', 'later']);
  });

  it('goes on after one whose client is gone, and never begins one whose client went while it waited', async () => {
    const [gone, waiting] = [new AbortController(), new AbortController()];
    const lost = [1, 2].map(() => fetch(url, { signal: gone.signal }).catch(() => 'lost'));
    await until('two are under way', () => underWay.length === 2);
    const never = fetch(url, { signal: waiting.signal }).catch(() => 'never');
    await new Promise((resolve) => setTimeout(resolve, 100));
    waiting.abort();
    expect(await never).toBe('never');
    await new Promise((resolve) => setTimeout(resolve, 100));
    gone.abort();
    await Promise.all(lost);
    const last = fetch(url);
    await until('the last is under way', () => underWay.length === 3);
    underWay[2]?.end('last');

    expect(await (await last).text()).toBe('last');
    expect(underWay).toHaveLength(3);
  });
});
