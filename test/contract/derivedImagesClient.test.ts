/** The contract of `DerivedImages`, on the client over HTTP against the local server; and what only a wire can do. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { createDerivedImages } from '../../shared/clients/derivedImages';
import { ServiceError } from '../../shared/core/errors';
import { accountAt, CREDENTIALS, startAccount } from '../local/cloudinary/account';
import { CONTRACT_LIMITS, testDerivedImages } from './derivedImages';

type Account = Awaited<ReturnType<typeof startAccount>>;

const ALL = {
  resourceType: 'image',
  type: 'upload',
  select: { all: true },
  keepOriginal: true,
  invalidate: false,
} as const;

let open: Account[] = [];

async function started(limits = {}): Promise<Account> {
  const account = await startAccount(limits);
  open.push(account);
  return account;
}

afterEach(async () => {
  await Promise.all(open.map(({ server }) => server.close()));
  open = [];
});

testDerivedImages(async () => {
  const { model, server } = await started(CONTRACT_LIMITS);
  return { model, images: createDerivedImages(accountAt(server.url)) };
});

async function errorOf(act: Promise<unknown>): Promise<ServiceError> {
  const error = await act.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ServiceError)) throw new Error(`expected a ServiceError, not ${inspect(error)}`);
  return error;
}

describe('a fault on the wire', () => {
  it.each([
    [400, 'INVALID_ARGUMENT'],
    [401, 'UNAUTHENTICATED'],
    [403, 'PERMISSION_DENIED'],
    [404, 'NOT_FOUND'],
    [423, 'UNAVAILABLE'],
    [500, 'INTERNAL'],
    [502, 'UNAVAILABLE'],
    [503, 'UNAVAILABLE'],
  ])('HTTP %d is %s and is not repeated by the client', async (code, status) => {
    const { server, calls } = await started();
    server.faults.add({ method: 'DeleteResources', code });

    expect((await errorOf(createDerivedImages(accountAt(server.url)).deletePage(ALL))).status).toBe(status);
    expect(calls).toHaveLength(1);
  });

  it.each([420, 429])('HTTP %d is the limit, with the time that the sentence names', async (code) => {
    const { server } = await started();
    server.faults.add({ method: 'DeleteResources', code });

    expect(await createDerivedImages(accountAt(server.url)).deletePage(ALL)).toEqual({
      kind: 'limit',
      resetAt: Date.parse('2026-11-22T09:00:00Z'),
    });
  });

  it('an answer that does not come ends the request, not only the wait', async () => {
    const { server } = await started();
    server.faults.add({ method: 'DeleteResources', code: 0, delayMs: 60_000 });
    const images = createDerivedImages(accountAt(server.url), { limitMs: 100 });

    const error = await errorOf(images.deletePage(ALL));

    expect([error.status, error.faultClass]).toEqual(['DEADLINE_EXCEEDED', 'transient']);
  });

  it('a lost answer leaves the effect, and the repetition finds nothing derived any more', async () => {
    const { model, server } = await started();
    model.upload({ resourceType: 'image', type: 'upload', publicId: 'a', eager: ['w_1'] });
    server.faults.add({ method: 'DeleteResources', code: 503, afterEffect: true });
    const images = createDerivedImages(accountAt(server.url));

    expect((await errorOf(images.deletePage(ALL))).status).toBe('UNAVAILABLE');
    expect(await images.deletePage(ALL)).toMatchObject({ value: { resources: [{ publicId: 'a', derived: 0 }] } });
    expect(model.usage()).toMatchObject({ resources: 1, derived_resources: 0 });
  });

  it('a name that leads to another path is not sent', async () => {
    const { server, calls } = await started();
    const images = createDerivedImages(accountAt(server.url));

    const error = await errorOf(images.derivedOf({ resourceType: 'image', type: 'upload', publicId: '..' }));

    expect([error.status, calls]).toEqual(['INVALID_ARGUMENT', []]);
  });

  it('nobody at the other end is a passing fault', async () => {
    const { server } = await started();
    await server.close();

    expect((await errorOf(createDerivedImages(accountAt(server.url)).usage())).message).toMatch(
      /^Cloudinary\.Usage: UNAVAILABLE: the connection failed: ECONN/,
    );
  });
});

describe('a server that lies', () => {
  let server: Server;
  let answer: { status: number; body: string; headers?: Record<string, string> };

  beforeEach(async () => {
    server = createServer((req, res) => {
      const echo = `${req.headers.authorization}`;
      res.writeHead(answer.status, answer.headers).end(answer.body.replace('ECHO', echo));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  afterEach(() => new Promise((resolve) => server.close(resolve)));

  const images = () => createDerivedImages(accountAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));

  it.each([
    ['nothing', ''],
    ['no JSON', '<html>ok</html>'],
    ['an empty object', '{}'],
    ['a number for what went', '{"deleted":{"a":1}}'],
    ['a negative count', '{"deleted":{"a":"deleted"},"deleted_counts":{"a":{"original":-1,"derived":0}}}'],
  ])('and says 200 with %s is never believed', async (_case, body) => {
    answer = { status: 200, body };

    expect((await errorOf(images().deletePage(ALL))).status).toBe('INTERNAL');
  });

  it('and repeats the credentials finds them hidden in the error', async () => {
    const { key, secret } = CREDENTIALS;
    answer = { status: 401, body: JSON.stringify({ error: { message: `Unknown ${key}:${secret} ECHO` } }) };

    const error = await errorOf(images().deletePage(ALL));

    const text = `${inspect(error, { depth: 9 })} ${JSON.stringify(error)} ${error.stack}`;
    for (const hidden of [key, secret, Buffer.from(`${key}:${secret}`).toString('base64')]) {
      expect(text).not.toContain(hidden);
    }
    expect(error.status).toBe('UNAUTHENTICATED');
  });

  it('and sends us elsewhere is not followed', async () => {
    answer = { status: 302, body: '', headers: { location: 'https://example.com/' } };

    expect((await errorOf(images().deletePage(ALL))).faultClass).toBe('transient');
  });

  it('and names the time only in a header is understood', async () => {
    answer = { status: 429, body: '', headers: { 'retry-after': '120' } };
    const before = Date.now();

    const refusal = await images().usage();

    expect(refusal.kind).toBe('limit');
    expect(refusal.kind === 'limit' ? (refusal.resetAt ?? 0) : 0).toBeGreaterThanOrEqual(before + 120_000);
  });
});
