import fc from 'fast-check';
import { InvalidEventError } from '../../shared/core/errors';
import { FINALIZED_TYPE, parseFinalizedObject } from '../../shared/core/finalizedObject';
import { parsePushMessage } from '../../shared/core/pushMessage';
import { hostileText, hostileValue, withOneChange } from './arbitraries';
import { corpus } from './corpus';
import { LIMIT_MS, runs } from './runs';

jest.setTimeout(LIMIT_MS);

/** The value, or the refusal; any other fault is a bug and fails the test. */
function refusalOf(read: () => unknown): string | null {
  try {
    read();
    return null;
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidEventError);
    return (error as Error).message;
  }
}

const SUBSCRIPTION = 'projects/p/subscriptions/product-search-commands-push';
const push = fc
  .record({
    messageId: fc.bigInt({ min: 1n, max: 10n ** 19n }).map(String),
    publishTime: fc.constant('2026-11-22T10:00:00.1Z'),
    data: fc.uint8Array({ maxLength: 60 }),
    attributes: fc.dictionary(fc.constantFrom('a', 'origin', 'constructor'), hostileText),
  })
  .map(({ data, ...message }) => ({ bytes: Buffer.from(data), message }));

function encodings(bytes: Buffer): string[] {
  const [standard, url] = [bytes.toString('base64'), bytes.toString('base64url')];
  return [standard, standard.replace(/=+$/, ''), url];
}

describe('the body of a push', () => {
  it('gives the bytes that were published, in whichever base64 they come', () => {
    fc.assert(
      fc.property(push, ({ bytes, message }) => {
        for (const data of encodings(bytes)) {
          const read = parsePushMessage({ message: { ...message, data }, subscription: SUBSCRIPTION });
          expect({ ...read }).toMatchObject({ ...message, data: bytes, subscription: SUBSCRIPTION });
        }
      }),
      runs(400),
    );
  });

  it('of any form is read or refused, and a refusal never shows a value', () => {
    const secret = fc.constant('s3cret-value');
    const value = fc.oneof(secret, hostileValue);
    const body = fc.oneof(
      hostileValue,
      fc.record(
        {
          message: fc.oneof(
            fc.dictionary(fc.constantFrom('data', 'messageId', 'message_id', 'attributes', 'publishTime'), value),
            value,
          ),
          subscription: fc.oneof(fc.constant(SUBSCRIPTION), value),
          deliveryAttempt: value,
        },
        { requiredKeys: [] },
      ),
    );
    fc.assert(
      fc.property(body, (given) => {
        const refusal = refusalOf(() => {
          const read = parsePushMessage(JSON.parse(JSON.stringify(given) ?? 'null'));
          expect(read.messageId.length).toBeGreaterThan(0);
          expect(read.messageId.length).toBeLessThanOrEqual(256);
          expect(read.subscription).toMatch(/^projects\/[^/]+\/subscriptions\/[^/]+$/);
        });
        expect(refusal ?? '').not.toContain('s3cret');
      }),
      runs(2_000),
    );
  });
});

/** Names that an object in Cloud Storage can have. */
const objectName = fc
  .oneof(
    fc.constantFrom('my shoes.csv', 'us-east1/größe.csv', '100%.csv', 'a%20b.csv', 'a"b.csv', '🧦.csv'),
    hostileText,
  )
  .filter(
    (name) =>
      name !== '' && !/[\r\n]/.test(name) && Buffer.from(name).toString() === name && Buffer.byteLength(name) <= 1_024,
  );
const finalized = fc
  .record({ name: objectName, generation: fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }).map(String), size: fc.nat() })
  .map((object) => ({ bucket: 'intake', timeCreated: '2026-11-22T07:38:57.230Z', ...object }));

function eventOf(object: { bucket: string; name: string }, changed: Record<string, unknown> = {}) {
  return {
    id: '1',
    specversion: '1.0',
    type: FINALIZED_TYPE,
    source: `//storage.googleapis.com/projects/_/buckets/${object.bucket}`,
    subject: `objects/${object.name}`,
    bucket: object.bucket,
    data: object,
    ...changed,
  };
}

describe('a finalize event', () => {
  it('gives the object of any name, however a sender puts the name into a header', () => {
    fc.assert(
      fc.property(finalized, (object) => {
        const subject = `objects/${object.name}`;
        const forms = [
          subject,
          encodeURI(subject),
          encodeURIComponent(subject),
          Buffer.from(subject).toString('latin1'),
        ];
        for (const form of forms) expect(parseFinalizedObject(eventOf(object, { subject: form }))).toEqual(object);
      }),
      runs(500),
    );
  });

  it('about another object than its data is refused', () => {
    fc.assert(
      fc.property(finalized, hostileText, (object, other) => {
        fc.pre(other !== '' && other !== object.name && other !== object.bucket);
        for (const forged of [
          { subject: `objects/${other}x` },
          { source: other },
          { bucket: other },
          { type: other },
        ]) {
          expect(refusalOf(() => parseFinalizedObject(eventOf(object, forged)))).not.toBeNull();
        }
      }),
      runs(400),
    );
  });

  it('of any form is refused, or is about an object that can exist', () => {
    const change = finalized.chain((object) =>
      fc.oneof(
        withOneChange(fc.constant(eventOf(object))).map(({ changed }) => changed),
        withOneChange(fc.constant({ ...object })).map(({ changed: data }) => eventOf(object, { data, subject: null })),
        hostileValue,
      ),
    );
    fc.assert(
      fc.property(change, (event) => {
        refusalOf(() => {
          const { bucket, name, generation, size } = parseFinalizedObject(event);
          expect(bucket).toBe('intake');
          expect(name).toMatch(/^[^\r\n]+$/);
          expect(generation).toMatch(/^[1-9]\d{0,18}$/);
          expect(Number.isFinite(size)).toBe(true);
        });
      }),
      runs(1_500),
    );
  });
});

interface Envelope {
  push?: unknown;
  event?: unknown;
}

describe('the corpus of envelopes', () => {
  it.each(corpus<Envelope, { read: object } | { refusal: string }>('envelopes'))(
    '%s: %s',
    (_name, _why, { input, expected }) => {
      const read = () => ('push' in input ? parsePushMessage(input.push) : parseFinalizedObject(input.event));

      if ('read' in expected) expect(read()).toMatchObject(expected.read);
      else expect(refusalOf(read)).toContain(expected.refusal);
    },
  );
});
