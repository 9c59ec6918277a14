import net from 'node:net';
import { listenBoth, type OpenPort } from '../../../local/wire/port';

const opened: OpenPort[] = [];

async function open(port = 0): Promise<OpenPort> {
  const http = (_req: unknown, res: { end(text: string): void }) => res.end('here');
  const both = await listenBoth({ port, host: '127.0.0.1', http });
  opened.push(both);
  return both;
}

function connect(port: number): Promise<net.Socket> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => resolve(socket));
  });
}

afterAll(async () => {
  await Promise.all(opened.map((both) => both.close()));
});

describe('one port for two protocols', () => {
  test('takes a free port where 0 is asked for', async () => {
    const first = await open();
    const second = await open();

    expect(first.port).toBeGreaterThan(0);
    expect(second.port).not.toBe(first.port);
  });

  test('rejects with EADDRINUSE where the port is taken', async () => {
    const { port } = await open();

    await expect(open(port)).rejects.toMatchObject({ code: 'EADDRINUSE', port });
  });

  test('understands a request whose first bytes come one by one', async () => {
    const { port } = await open();
    const socket = await connect(port);
    const answered = new Promise<string>((resolve) => socket.once('data', (data) => resolve(data.toString())));

    for (const part of ['P', 'U', 'T / HTTP/1.1\r\nhost: x\r\n\r\n']) {
      socket.write(part);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }

    expect(await answered).toContain('200 OK');
    socket.destroy();
  });

  test('close ends connections that are open and have said nothing', async () => {
    const { port, close } = await listenBoth({ port: 0, host: '127.0.0.1', http: () => undefined });
    const silent = await connect(port);
    const ended = new Promise((resolve) => silent.once('close', resolve));
    silent.on('error', () => undefined);

    await close();
    await ended;

    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
  });
});
