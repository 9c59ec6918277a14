import * as grpc from '@grpc/grpc-js';
import { fromJSON } from '@grpc/proto-loader';
import type { INamespace } from 'protobufjs';
import { StatusError } from '../../../local/statusError';
import { createFaults } from '../../../local/wire/faults';
import { type RunningService, startProtoService } from '../../../local/wire/service';
import { shelfProtos } from './shelfProtos';

const faults = createFaults();
const seen: unknown[] = [];
let service: RunningService;
let client: grpc.Client;

function echo(answer: (request: Record<string, unknown>) => object): (request: Record<string, unknown>) => object {
  return (request) => {
    seen.push(request);
    return answer(request);
  };
}

const definition = () =>
  fromJSON(shelfProtos as unknown as INamespace, { longs: String, enums: String })['shelf.Library'];

function callGrpc(method: string, request: object): Promise<unknown> {
  const methods = definition() as unknown as Record<string, grpc.MethodDefinition<object, object>>;
  const found = methods[method];
  if (!found) throw new Error(`no method ${method}`);
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(found.path, found.requestSerialize, found.responseDeserialize, request, (error, value) =>
      error ? reject(error) : resolve(value),
    );
  });
}

async function rest(path: string, init?: RequestInit): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${service.url}${path}`, init);
  return { status: response.status, body: await response.json() };
}

const post = (body: RequestInit['body'], headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  body,
  headers,
});

beforeAll(async () => {
  service = await startProtoService({
    protos: shelfProtos,
    services: {
      'shelf.Library': {
        GetBook: echo((request) => {
          if (request.name === 'shelves/1/books/none') throw new StatusError(5, 'No such book.');
          if (request.name === 'shelves/1/books/bug') throw new TypeError('undefined is not a book');
          return {
            name: request.name,
            pageCount: '9007199254740993',
            cover: Buffer.from('abc'),
            printedAt: { seconds: '1700000000', nanos: 500_000_000 },
            colour: 'RED',
            tags: [],
            labels: { a: '' },
            extra: { type_url: 'type.googleapis.com/shelf.GetBookRequest', value: Buffer.from([10, 1, 120]) },
          };
        }),
        UpdateBook: echo((request) => request.book as object),
        SellBook: echo(() => ({})),
      },
    },
    extraBindings: { 'shelf.Library.GetBook': [{ get: '/v2/{name=**}' }] },
    extraHttp: (req, res) => {
      if (req.url !== '/') return false;
      res.end('"Ok"');
      return true;
    },
    faults,
    port: 0,
    host: '127.0.0.1',
  });
  client = new grpc.Client(`127.0.0.1:${service.port}`, grpc.credentials.createInsecure());
});

afterAll(async () => {
  client.close();
  await service.close();
});

beforeEach(() => {
  seen.length = 0;
  faults.clear();
});

describe('one handler, two wires', () => {
  test('gives the handler the same plain object over gRPC and over REST', async () => {
    await callGrpc('UpdateBook', {
      book: { name: 'shelves/1/books/2', pageCount: '7', cover: Buffer.from('x'), colour: 'RED', tags: ['a'] },
      updateMask: { paths: ['page_count'] },
    });
    await rest('/v1/shelves/1/books/2?updateMask=pageCount', {
      method: 'PATCH',
      body: JSON.stringify({ page_count: '7', cover: 'eA==', colour: 'RED', tags: ['a'] }),
    });

    expect(seen).toHaveLength(2);
    expect(seen[1]).toEqual(seen[0]);
    expect(seen[0]).toMatchObject({ book: { pageCount: '7', cover: Buffer.from('x'), printedAt: null } });
  });

  test('answers JSON with enums as names, bytes in base64, long integers as strings and Any unpacked', async () => {
    const { body } = await rest('/v1/shelves/1/books/2');

    expect(body).toEqual({
      name: 'shelves/1/books/2',
      pageCount: '9007199254740993',
      cover: 'YWJj',
      printedAt: '2023-11-14T22:13:20.500Z',
      colour: 'RED',
      labels: { a: '' },
      extra: { '@type': 'type.googleapis.com/shelf.GetBookRequest', name: 'x' },
    });
  });

  test('answers enums as numbers where the client library asks for them', async () => {
    const { body } = await rest('/v1/shelves/1/books/2?$alt=json;enum-encoding=int');

    expect(body).toMatchObject({ colour: 1 });
  });

  test('carries a request of 11 MB over either wire', async () => {
    const cover = Buffer.alloc(11_000_000, 1);

    await callGrpc('SellBook', { name: 'shelves/1/books/2', cover });
    await rest('/v1/shelves/1/books/2:sell', post(JSON.stringify({ cover: cover.toString('base64') })));

    const sizes = seen.map((request) => (request as { cover: Buffer }).cover.length);
    expect(sizes).toEqual([11_000_000, 11_000_000]);
  });

  test('serves several calls on one kept-alive connection and many at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        index % 2 ? rest(`/v1/shelves/1/books/${index}`) : callGrpc('GetBook', { name: `shelves/1/books/${index}` }),
      ),
    );

    expect(answers).toHaveLength(40);
  });
});

describe('transcoding', () => {
  test('binds path, nested and typed query parameters and ignores system parameters', async () => {
    await rest(
      '/v1/shelves/1/books/a%20b?page_size=3&filter.pageCount=5&filter.tags=x&filter.tags=y&full=true&alt=json&key=k&$.xgafv=2',
    );

    expect(seen[0]).toMatchObject({
      name: 'shelves/1/books/a b',
      pageSize: 3,
      full: true,
      filter: { pageCount: '5', tags: ['x', 'y'] },
    });
  });

  test('takes additional bindings of the proto and extra bindings of the service', async () => {
    await rest('/v1/books/7');
    await rest('/v2/some/deep/name');

    expect(seen).toMatchObject([{ name: 'books/7' }, { name: 'some/deep/name' }]);
  });

  test('keeps an encoded slash inside a name', async () => {
    await rest('/v1/shelves/1/books/a%2Fb');

    expect(seen[0]).toMatchObject({ name: 'shelves/1/books/a%2Fb' });
  });

  test('takes a custom verb for a verb, encoded or not, and an empty body for an empty message', async () => {
    const plain = await rest('/v1/shelves/1/books/2:sell', { method: 'POST' });
    const encoded = await rest('/v1/shelves/1/books/2%3Asell', post('{}'));

    expect([plain.status, plain.body, encoded.status]).toEqual([200, {}, 200]);
    expect(seen).toMatchObject([{ name: 'shelves/1/books/2' }, { name: 'shelves/1/books/2' }]);
  });

  test('obeys X-HTTP-Method-Override', async () => {
    const { status } = await rest('/v1/shelves/1/books/2', post('', { 'x-http-method-override': 'GET' }));

    expect(status).toBe(200);
    expect(seen[0]).toMatchObject({ name: 'shelves/1/books/2' });
  });

  test('reads times with an offset and durations with a fraction', async () => {
    const book = { printedAt: '2026-01-01T02:00:00.250+02:00', loanTime: '1.5s' };
    await rest('/v1/shelves/1/books/2', { method: 'PATCH', body: JSON.stringify(book) });

    expect(seen[0]).toMatchObject({
      book: {
        printedAt: { seconds: '1767225600', nanos: 250_000_000 },
        loanTime: { seconds: '1', nanos: 500_000_000 },
      },
    });
  });

  test('lets the service answer paths of its own', async () => {
    expect((await rest('/')).body).toBe('Ok');
  });
});

describe('refusals', () => {
  const invalid: [string, string | Uint8Array<ArrayBuffer>, string][] = [
    ['malformed JSON', '{"tags":', 'Invalid JSON payload received.'],
    ['a body that is no object', '[1]', 'must be a JSON object'],
    ['an unknown field', '{"labels":{},"pagecount":1}', 'Unknown name "pagecount": Cannot find field.'],
    ['a wrong type', '{"tags":["a",3]}', "Invalid value at 'tags[1]' (TYPE_STRING), 3"],
    ['a list that is none', '{"tags":"a"}', "Invalid value at 'tags' (a list is expected)"],
    ['bad base64', '{"cover":"***"}', "Invalid value at 'cover' (TYPE_BYTES, base64)"],
    [
      'an unknown enum',
      '{"colour":"GREEN"}',
      'Invalid value at \'colour\' (type.googleapis.com/shelf.Colour), "GREEN"',
    ],
    ['a number out of range', '{"pageCount":"9223372036854775808"}', "Invalid value at 'page_count' (TYPE_INT64)"],
    ['a bad time', '{"printedAt":"yesterday"}', "Invalid value at 'printed_at'"],
    ['bytes that are no UTF-8', new Uint8Array([0x7b, 0xff]), 'Invalid JSON payload received.'],
  ];

  test.each(invalid)('names %s', async (_case, body, message) => {
    const answer = await rest('/v1/shelves/1/books/2:sell', post(body));

    expect(answer).toMatchObject({ status: 400, body: { error: { code: 400, status: 'INVALID_ARGUMENT' } } });
    expect(JSON.stringify(answer.body)).toContain(JSON.stringify(message).slice(1, -1));
    expect(seen).toEqual([]);
  });

  test('names a query parameter that binds to nothing', async () => {
    const { status, body } = await rest('/v1/shelves/1/books/2?wings=2');

    expect(status).toBe(400);
    expect(JSON.stringify(body)).toContain('Cannot bind query parameter');
  });

  test('answers 404 as JSON for a path that is no method', async () => {
    const { status, body } = await rest('/v1/nowhere');

    expect([status, body]).toMatchObject([404, { error: { code: 404, status: 'NOT_FOUND' } }]);
  });

  test('translates a StatusError on both wires', async () => {
    const overRest = await rest('/v1/shelves/1/books/none');
    const overGrpc = callGrpc('GetBook', { name: 'shelves/1/books/none' });

    expect(overRest).toMatchObject({ status: 404, body: { error: { message: 'No such book.', status: 'NOT_FOUND' } } });
    await expect(overGrpc).rejects.toMatchObject({ code: 5, details: 'No such book.' });
  });

  test('answers INTERNAL for a bug and UNIMPLEMENTED for a method without a handler', async () => {
    expect((await rest('/v1/shelves/1/books/bug')).body).toMatchObject({ error: { code: 500, status: 'INTERNAL' } });
    expect((await rest('/v1/shelves/1/books/2', { method: 'DELETE' })).body).toMatchObject({ error: { code: 501 } });
    await expect(callGrpc('BurnBook', {})).rejects.toMatchObject({ code: 12 });
  });

  test('refuses a handler for a method that the protos do not have', async () => {
    const services = { 'shelf.Library': { LendBook: () => ({}) } };
    const starting = startProtoService({ protos: shelfProtos, services, faults, port: 0, host: '127.0.0.1' });

    await expect(starting).rejects.toThrow('shelf.Library has no method LendBook');
  });
});

describe('faults on demand', () => {
  const setFault = (fault: object) => rest('/_faults', post(JSON.stringify(fault)));

  test('hits as many calls as asked, on either wire, before the effect', async () => {
    await setFault({ method: 'GetBook', code: 8, count: 2 });

    await expect(callGrpc('GetBook', { name: 'shelves/1/books/2' })).rejects.toMatchObject({ code: 8 });
    expect((await rest('/v1/shelves/1/books/2')).status).toBe(429);
    expect(seen).toEqual([]);
    expect((await rest('/v1/shelves/1/books/2')).status).toBe(200);
  });

  test('fails after the effect where asked', async () => {
    await setFault({ method: '*', afterEffect: true });

    expect((await rest('/v1/shelves/1/books/2:sell', post('{}'))).status).toBe(503);
    expect(seen).toHaveLength(1);
  });

  test('only delays with code 0', async () => {
    await setFault({ method: 'GetBook', code: 0, delayMs: 120 });
    const started = performance.now();

    expect((await rest('/v1/shelves/1/books/2')).status).toBe(200);
    expect(performance.now() - started).toBeGreaterThan(100);
  });
});
