import fc from 'fast-check';
import {
  commandRequestId,
  dropPath,
  formatGsUri,
  idFault,
  importRequestId,
  isRemovable,
  isRequestId,
  LOCATIONS,
  matchesGlob,
  operationKey,
  parseGsUri,
  parseLocation,
  REQUEST_ID,
  referenceImageName,
} from '../../shared/core/names';
import { hostileText } from './arbitraries';
import { corpus } from './corpus';
import { LIMIT_MS, runs } from './runs';

jest.setTimeout(LIMIT_MS);

const segment = fc.oneof(
  hostileText,
  fc.constantFrom('a', 'shoes', 'shoes2', '..', 'us-east1', 'eu-west1', 'us-central1', 'urgent'),
);
const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => segments.join('/'));
const bucket = fc.constantFrom('images', 'images2', 'my.images', 'intake');
const legal = fc.oneof(hostileText, fc.constantFrom('p1', 'a:b', '…')).filter((text) => idFault(text) === null);

describe('names', () => {
  it('of resources are unambiguous: each is cut back into the ids that it was made of', () => {
    fc.assert(
      fc.property(legal, legal, (productId, imageId) => {
        const parts = referenceImageName('p', 'us-west1', productId, imageId).split('/');
        expect(parts).toEqual([
          'projects',
          'p',
          'locations',
          'us-west1',
          'products',
          productId,
          'referenceImages',
          imageId,
        ]);
        expect(Buffer.from(imageId).toString()).toBe(imageId);
      }),
      runs(600),
    );
  });

  it('of objects are read as they are written, dots and all', () => {
    fc.assert(
      fc.property(bucket, path, (inBucket, name) => {
        const parsed = parseGsUri(formatGsUri({ bucket: inBucket, name }));
        if (parsed !== null) expect(parsed).toEqual({ bucket: inBucket, name });
        else expect(/^$|^\.\.?$|[\p{Cc}\p{Cs}]/u.test(name) || Buffer.byteLength(name) > 1_024).toBe(true);
      }),
      runs(800),
    );
  });

  it('of image files that may be removed lie below an allowed folder, segment by segment', () => {
    const folder = fc.tuple(
      bucket,
      fc.array(fc.constantFrom('shoes', 'a', '..'), { maxLength: 2 }),
      fc.constantFrom('', '/'),
    );
    fc.assert(
      fc.property(bucket, path, fc.array(folder, { maxLength: 3 }), (inBucket, name, folders) => {
        const prefixes = folders.map(([of, segments, end]) => `gs://${[of, ...segments].join('/')}${end}`);
        const isRight = folders.some(([of, segments]) => {
          const own = name.split('/');
          const isBelow = own.length > segments.length && own.slice(segments.length).join('/') !== '';
          return of === inBucket && isBelow && segments.every((one, index) => own[index] === one);
        });
        const uri = formatGsUri({ bucket: inBucket, name });
        expect(isRemovable(uri, prefixes)).toBe(parseGsUri(uri) !== null && isRight);
      }),
      runs(2_000),
    );
  });

  it('of dropped objects mean an import, a refusal or nothing, by their first segments', () => {
    fc.assert(
      fc.property(path, fc.constantFrom('.csv', '.csv.gz', '.CSV', '.csv.zip', ''), (stem, ending) => {
        const name = stem + ending;
        const read = dropPath(name);
        if (!name.endsWith('.csv') && !name.endsWith('.csv.gz')) return expect(read).toEqual({ kind: 'ignored' });
        expect(read.kind).not.toBe('ignored');
        if (read.kind !== 'csv') return;
        const [first = '', second = ''] = name.includes('/') ? name.split('/') : [];
        const location = parseLocation(first);
        expect(read.location ?? null).toBe(location);
        expect(read.urgent).toBe((location === null ? first : name.split('/').length > 2 ? second : '') === 'urgent');
        expect(LOCATIONS).toContain(read.location ?? 'us-west1');
      }),
      runs(1_000),
    );
  });

  it('of operations have one key in both forms', () => {
    fc.assert(
      fc.property(hostileText, hostileText, (project, id) => {
        const short = operationKey(`locations/us-west1/operations/${id}`);
        expect(short?.id ?? null).toBe(id !== '' && !id.includes('/') ? id : null);
        if (/^[^/]+$/.test(project))
          expect(operationKey(`projects/${project}/locations/us-west1/operations/${id}`)).toEqual(short);
      }),
      runs(600),
    );
  });

  it('of requests are safe in a path, and two deliveries never share one', () => {
    fc.assert(
      fc.property(hostileText, hostileText, (one, other) => {
        const ids = [one, other].flatMap((text) => [
          importRequestId('intake', text, '7'),
          importRequestId('intake', '7', text),
          commandRequestId({ messageId: text }),
          ...(REQUEST_ID.test(text) ? [commandRequestId({ requestId: text, messageId: '1' })] : []),
        ]);
        for (const id of ids) {
          expect(isRequestId(id)).toBe(true);
          expect(id).toMatch(/^[A-Za-z0-9_-]+$/);
        }
        fc.pre(one !== other && one !== '7' && other !== '7');
        expect(new Set(ids).size).toBe(ids.length);
      }),
      runs(500),
    );
  });

  it('match a glob as the same regular expression would', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '.', '\\', '🧦', '*', '?', '['), maxLength: 9 });
    fc.assert(
      fc.property(text, text, (glob, id) => {
        const pattern = [...glob].map((one) =>
          one === '*' ? '.*' : one === '?' ? '.' : one.replace(/[\\^$.|+()[\]{}]/g, '\\$&'),
        );
        expect(matchesGlob(glob, id)).toBe(new RegExp(`^(?:${pattern.join('')})$`, 'su').test(id));
      }),
      runs(2_000),
    );
  });
});

interface NameQuestion {
  id?: string;
  drop?: string;
  uri?: string;
  removable?: { uri: string; prefixes: string[] };
  requestId?: string;
}

function answerTo({ id, drop, uri, removable, requestId }: NameQuestion): unknown {
  if (id !== undefined) return idFault(id) === null;
  if (drop !== undefined) return dropPath(drop).kind;
  if (uri !== undefined) return parseGsUri(uri);
  if (removable !== undefined) return isRemovable(removable.uri, removable.prefixes);
  return isRequestId(requestId ?? '');
}

describe('the corpus of names', () => {
  it.each(corpus<NameQuestion, unknown>('names'))('%s: %s', (_name, _why, { input, expected }) => {
    expect(answerTo(input)).toEqual(expected);
  });
});
