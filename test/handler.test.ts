import { loadConfig } from '../shared/config';
import { ForeignEventError } from '../shared/core/errors';
import { depsOf, eventFunction, lazy, pushFunction } from '../shared/handler';
import { createPacer } from '../shared/ledger/pacer';
import { createLog } from '../shared/log';
import { createWorld } from './engine/world';

const TOPIC = 'product-search-commands';

function bodyOf(text: string, subscription = `projects/my-project/subscriptions/${TOPIC}-push`) {
  const message = { data: Buffer.from(text).toString('base64'), messageId: '42', publishTime: '2026-11-22T08:00:00Z' };
  return { message, subscription };
}

/** A push function whose handler keeps what it is given; gives the answer to one request. */
function createPush(options: { given?: string; handle?: () => Promise<void> } = {}) {
  const handled: string[] = [];
  const logged: string[] = [];
  const config = loadConfig({ GOOGLE_CLOUD_PROJECT: 'my-project', INTAKE_BUCKET: 'intake', STATE_BUCKET: 'state' });
  const ports = { ...createWorld().ports, log: createLog((line) => logged.push(line)) };
  const push = pushFunction(
    () => ({ ports, config, pacer: createPacer(ports, config) }),
    () => ({ topic: TOPIC, given: options.given }),
    async (message) => {
      handled.push(message.data.toString('utf8'));
      await options.handle?.();
    },
  );
  async function deliver(body: unknown, headers: Record<string, string> = {}) {
    let answer: { code: number; body?: unknown } = { code: 0 };
    const status = (code: number) => ({
      json: (json: unknown) => {
        answer = { code, body: json };
      },
      end: () => {
        answer = { code };
      },
    });
    await push({ body, headers }, { status });
    return answer;
  }
  return { deliver, handled, logged };
}

describe('a push function', () => {
  it('acknowledges a message when it has been handled', async () => {
    const { deliver, handled } = createPush();

    expect(await deliver(bodyOf('hello'))).toEqual({ code: 204 });
    expect(handled).toEqual(['hello']);
  });

  it('answers 500 to what its handler throws, so that the message comes again, and logs it once with its stack', async () => {
    const { deliver, logged } = createPush({ handle: () => Promise.reject(new Error('no storage')) });

    expect(await deliver(bodyOf('hello'))).toEqual({ code: 500, body: { error: expect.stringContaining('log') } });
    expect(logged.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({
        severity: 'ERROR',
        message: 'invocation failed',
        error: 'no storage',
        stack_trace: expect.stringContaining('handler.test.ts'),
      }),
    ]);
  });

  it('answers 500 where the configuration cannot be used: the message must outlive the mistake', async () => {
    const push = pushFunction(
      () => {
        throw new Error('no configuration');
      },
      () => ({ topic: TOPIC, given: undefined }),
      () => Promise.resolve(),
    );
    const codes: number[] = [];
    const status = (code: number) => {
      codes.push(code);
      return { json: () => undefined, end: () => undefined };
    };

    await push({ body: bodyOf('hello') }, { status });

    expect(codes).toEqual([500]);
  });

  it('writes the trace of the delivery on every line', async () => {
    const traceparent = '00-0123456789abcdef0123456789abcdef-00f067aa0ba902b7-01';
    const { deliver, logged } = createPush({ handle: () => Promise.reject(new Error('no storage')) });

    await deliver(bodyOf('hello'), { traceparent });

    expect(JSON.parse(logged[0] ?? '')).toMatchObject({
      'logging.googleapis.com/trace': 'projects/my-project/traces/0123456789abcdef0123456789abcdef',
      'logging.googleapis.com/spanId': '00f067aa0ba902b7',
      'logging.googleapis.com/trace_sampled': true,
    });
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['text', 'hello'],
    ['no message', { subscription: `projects/my-project/subscriptions/${TOPIC}` }],
    ['data that is no base64', { ...bodyOf(''), message: { data: '%%', messageId: '1' } }],
    ['no message id', { ...bodyOf(''), message: { data: '' } }],
  ])('answers 400 to %s, and handles nothing', async (_case, body) => {
    const { deliver, handled, logged } = createPush();

    expect(await deliver(body)).toMatchObject({ code: 400, body: { error: expect.stringContaining('push body') } });
    expect(handled).toEqual([]);
    expect(logged.map((line) => JSON.parse(line).message)).toEqual(['refused: no push body']);
  });

  it.each([
    ['its topic itself', TOPIC, undefined, 204],
    ['its topic and a hyphen', `${TOPIC}-push`, undefined, 204],
    ['another topic', 'product-search-events-pull', undefined, 403],
    ['a topic that only begins alike', `${TOPIC}2`, undefined, 403],
    ['the one that is configured', 'my-push', 'my-push', 204],
    ['its topic where another one is configured', `${TOPIC}-push`, 'my-push', 403],
  ])('lets in a subscription that is named after %s: %s (configured: %s) gives %i', async (_case, id, given, code) => {
    const { deliver, handled } = createPush({ given });

    const answer = await deliver(bodyOf('hello', `projects/my-project/subscriptions/${id}`));

    expect(answer.code).toBe(code);
    expect(handled).toEqual(code === 204 ? ['hello'] : []);
  });

  it('answers 403 to a subscription of another project', async () => {
    const { deliver, handled } = createPush();

    const answer = await deliver(bodyOf('hello', `projects/other/subscriptions/${TOPIC}-push`));

    expect(answer).toEqual({
      code: 403,
      body: { error: `projects/other/subscriptions/${TOPIC}-push does not deliver to this function` },
    });
    expect(handled).toEqual([]);
  });
});

/** An event function that reads anything but what it is told to throw; gives the answer to one request. */
function createEvents(options: { read?: Error; handle?: Error } = {}) {
  const handled: unknown[] = [];
  const logged: string[] = [];
  const config = loadConfig({ GOOGLE_CLOUD_PROJECT: 'my-project', INTAKE_BUCKET: 'intake', STATE_BUCKET: 'state' });
  const ports = { ...createWorld().ports, log: createLog((line) => logged.push(line)) };
  const take = eventFunction(() => ({ ports, config, pacer: createPacer(ports, config) }), {
    read(event) {
      if (options.read !== undefined) throw options.read;
      return event;
    },
    async handle(event) {
      handled.push(event);
      if (options.handle !== undefined) throw options.handle;
    },
    wanted: 'an event is wanted',
  });
  async function deliver(body: unknown, method = 'POST') {
    const answer: { code: number; body?: unknown; allow?: string } = { code: 0 };
    const status = (code: number) => ({
      json: (json: unknown) => Object.assign(answer, { code, body: json }),
      end: () => Object.assign(answer, { code }),
    });
    const set = (_header: string, allow: string) => Object.assign(answer, { allow });
    await take({ method, body, headers: { 'content-type': 'application/cloudevents+json' } }, { status, set });
    return answer;
  }
  return { deliver, handled, logs: () => logged.map((line) => JSON.parse(line)) };
}

describe('an event function', () => {
  const event = { specversion: '1.0', id: '1', type: 't', source: 's', data: {} };

  it('acknowledges an event when it has been handled', async () => {
    const { deliver, handled } = createEvents();

    expect(await deliver(event)).toEqual({ code: 204 });
    expect(handled).toEqual([event]);
  });

  it.each<[string, object, unknown, string, object]>([
    [
      'what is no event',
      {},
      'hello',
      'POST',
      { code: 400, body: { error: expect.stringMatching(/^no CloudEvent: .*; an event is wanted$/) } },
    ],
    [
      'an event of others',
      { read: new ForeignEventError('not ours') },
      event,
      'POST',
      { code: 403, body: { error: 'not ours; an event is wanted' } },
    ],
    [
      'another method',
      {},
      event,
      'GET',
      { code: 405, allow: 'POST', body: { error: 'no event comes with GET; an event is wanted' } },
    ],
  ])('refuses %s in words, handles nothing, and logs why', async (_case, options, body, method, expected) => {
    const { deliver, handled, logs } = createEvents(options);

    expect(await deliver(body, method)).toEqual(expected);
    expect(handled).toEqual([]);
    expect(logs()).toMatchObject([
      { severity: 'ERROR', message: 'refused: no event of ours', error: expect.any(String) },
    ]);
  });

  it.each([
    ['handler', { handle: new Error('no storage') }],
    ['reader by a bug', { read: new TypeError('a bug') }],
  ])('answers 500 to what is thrown by its %s, so that a genuine event comes again', async (_who, options) => {
    const { deliver, logs } = createEvents(options);

    expect(await deliver(event)).toEqual({ code: 500, body: { error: expect.stringContaining('log') } });
    expect(logs()).toMatchObject([{ severity: 'ERROR', message: 'invocation failed' }]);
  });
});

describe('what is made on first use', () => {
  it('is made once, and not before', () => {
    let made = 0;
    const value = lazy(() => {
      made += 1;
      return { made };
    });
    const before = made;

    expect(value()).toBe(value());
    expect([before, made]).toEqual([0, 1]);
  });

  it('is tried again after a failure: one bad start poisons no instance', () => {
    let tries = 0;
    const value = lazy(() => {
      tries += 1;
      if (tries === 1) throw new Error('not yet');
      return tries;
    });

    expect(value).toThrow('not yet');
    expect([value(), value()]).toEqual([2, 2]);
  });

  it('may be nothing, and is then not made again', () => {
    let made = 0;
    const value = lazy(() => {
      made += 1;
      return undefined;
    });

    expect([value(), value(), made]).toEqual([undefined, undefined, 1]);
  });

  it('fails for a function with every fault of its environment, and asks nothing of it before', () => {
    const before = process.env.INTAKE_BUCKET;
    delete process.env.INTAKE_BUCKET;
    const deps = depsOf('runCommand');

    expect(deps).toThrow(/INTAKE_BUCKET is required/);
    if (before !== undefined) process.env.INTAKE_BUCKET = before;
  });
});
