import {
  commandRequestId,
  dropPath,
  idFault,
  importRequestId,
  isFolderRemovable,
  isRemovable,
  isRequestId,
  LOCATIONS,
  matchesGlob,
  operationKey,
  parseGsPrefix,
  parseGsUri,
  parseLocation,
  productSetName,
  referenceImageName,
} from '../../shared/core/names';

describe('locations', () => {
  it('knows the four that Product Search is served in, and what eu-west1 means', () => {
    expect(LOCATIONS.map(parseLocation)).toEqual(['us-west1', 'us-east1', 'europe-west1', 'asia-east1']);
    expect(parseLocation('eu-west1')).toBe('europe-west1');
  });

  it.each(['us-central1', 'US-WEST1', '', ' us-west1', 'europe'])('refuses %j', (text) => {
    expect(parseLocation(text)).toBeNull();
  });
});

describe('ids', () => {
  it.each(['a', 'shoes_1.jpg', 'Ä', 'two words', 'x'.repeat(128), '🤖'.repeat(128), '-', '...', '__proto__'])(
    'takes %j',
    (id) => {
      expect(idFault(id)).toBeNull();
    },
  );

  it.each([
    ['', /is empty/],
    ['a/b', /holds a slash, "a\/b"/],
    ['x'.repeat(129), /has 129 characters.*at most 128/],
    ['🤖'.repeat(129), /has 129 characters/],
    ['a\u0000', /control character, "a\\u0000"/],
    ['a\u0085', /control character, "a\\u0085"/],
    ['a\nb', /control character/],
    ['.', /resource name/],
    ['..', /resource name/],
    [' a', /begins or ends with a blank/],
    ['a\u00a0', /begins or ends with a blank, "a\\u00a0"/],
    ['\ud800', /surrogate/],
    ['projects/other/locations/us-west1/products/p9', /full resource name in project "other".*bare id, such as "p9"/],
    ['locations/us-west1/productSets/s9', /full resource name,.*such as "s9"/],
  ])('says what is wrong with %j', (id, fault) => {
    expect(idFault(id)).toMatch(fault);
  });
});

describe('gs:// URIs', () => {
  it('gives bucket and object, and takes a name as it is', () => {
    expect(parseGsUri('gs://my-bucket/a/b c#1.png')).toEqual({ bucket: 'my-bucket', name: 'a/b c#1.png' });
    expect(parseGsUri('gs://example.com/x')).toEqual({ bucket: 'example.com', name: 'x' });
    expect(parseGsPrefix('gs://my-bucket/')).toEqual({ bucket: 'my-bucket', prefix: '' });
  });

  it.each([
    'gs://my-bucket',
    'gs://my-bucket/',
    'gs:///x',
    'gs://b/x',
    'gs://My-Bucket/x',
    'gs://-bucket/x',
    'gs://bucket-/x',
    'gs://192.168.5.4/x',
    'gs://a..b/x',
    `gs://${'b'.repeat(64)}/x`,
    `gs://my-bucket/${'x'.repeat(1025)}`,
    'gs://my-bucket/a\nb',
    'gs://my-bucket/..',
    'https://storage.googleapis.com/my-bucket/x',
    'GS://my-bucket/x',
    ' gs://my-bucket/x',
  ])('refuses %j', (uri) => {
    expect(parseGsUri(uri)).toBeNull();
  });

  it('lets image files be removed only in the whole bucket and below whole path segments', () => {
    const prefixes = ['gs://images/shop/', 'gs://other/tmp'];

    expect(isRemovable('gs://images/shop/1.png', prefixes)).toBe(true);
    expect(isRemovable('gs://other/tmp/a/1.png', prefixes)).toBe(true);
    expect(isRemovable('gs://images/shop2/1.png', prefixes)).toBe(false);
    expect(isRemovable('gs://other/tmp2/1.png', prefixes)).toBe(false);
    expect(isRemovable('gs://other/tmp', prefixes)).toBe(false);
    expect(isRemovable('gs://images2/shop/1.png', prefixes)).toBe(false);
    expect(isRemovable('gs://images/shop/', prefixes)).toBe(false);
    expect(isRemovable('gs://images/anything', ['gs://images/'])).toBe(true);
    expect(isRemovable('gs://images/anything', [])).toBe(false);
  });
});

it.each([
  ['gs://images/shop/', true],
  ['gs://images/shop/sub/', true],
  ['gs://other/tmp/', true],
  ['gs://images/', false],
  ['gs://images/shop2/', false],
  ['gs://images/shop', false],
  ['gs://other/tmp2/', false],
  ['gs://images2/shop/', false],
])('a folder is removable where all that lies in it is: %s', (folder, expected) => {
  expect(isFolderRemovable(folder, ['gs://images/shop/', 'gs://other/tmp'])).toBe(expected);
  expect(isFolderRemovable(folder, [])).toBe(false);
});

describe('resource and operation names', () => {
  it('builds the names of the API', () => {
    expect(productSetName('p', 'us-west1', 's')).toBe('projects/p/locations/us-west1/productSets/s');
    expect(referenceImageName('p', 'us-west1', 'x', 'i')).toBe(
      'projects/p/locations/us-west1/products/x/referenceImages/i',
    );
  });

  it('has one key for both forms of an operation name, and none for what has no location', () => {
    const expected = { location: 'asia-east1', id: '4b85c267', key: 'asia-east1/4b85c267' };

    expect(operationKey('projects/p/locations/asia-east1/operations/4b85c267')).toEqual(expected);
    expect(operationKey('locations/asia-east1/operations/4b85c267')).toEqual(expected);
    expect(operationKey('operations/4b85c267')).toBeNull();
    expect(operationKey('projects/p/operations/4b85c267')).toBeNull();
    expect(operationKey('')).toBeNull();
  });
});

describe('names of dropped objects', () => {
  it.each([
    ['shoes.csv', { urgent: false, gzip: false, fileName: 'shoes.csv' }],
    ['shoes.csv.gz', { urgent: false, gzip: true, fileName: 'shoes.csv.gz' }],
    ['us-east1/shoes.csv', { location: 'us-east1', urgent: false, gzip: false, fileName: 'shoes.csv' }],
    ['eu-west1/urgent/a/b.csv', { location: 'europe-west1', urgent: true, gzip: false, fileName: 'b.csv' }],
    ['urgent/shoes.csv', { urgent: true, gzip: false, fileName: 'shoes.csv' }],
    ['team-a/urgent/shoes.csv', { urgent: false, gzip: false, fileName: 'shoes.csv' }],
    ['us-east1.csv', { urgent: false, gzip: false, fileName: 'us-east1.csv' }],
    ['urgent.csv', { urgent: false, gzip: false, fileName: 'urgent.csv' }],
    ['spring-sale2/shoes.csv', { urgent: false, gzip: false, fileName: 'shoes.csv' }],
  ])('reads %s', (name, expected) => {
    expect(dropPath(name)).toEqual({ kind: 'csv', ...expected });
  });

  it.each(['readme.txt', 'shoes.csv/', 'us-east1/', 'shoes.csv.zip', 'us-central1/readme.txt', 'csv', 'shoes.CSV'])(
    'ignores %s',
    (name) => {
      expect(dropPath(name)).toEqual({ kind: 'ignored' });
    },
  );

  it('refuses a region that is none of ours, and a location in the wrong place', () => {
    expect(dropPath('us-central1/shoes.csv')).toMatchObject({
      kind: 'refused',
      fault: expect.stringContaining('not served in us-central1'),
    });
    expect(dropPath('urgent/us-east1/shoes.csv')).toMatchObject({
      kind: 'refused',
      fault: expect.stringContaining('us-east1/urgent/shoes.csv'),
    });
  });
});

describe('request ids', () => {
  it('are the same for one generation, and others for any other object', () => {
    const id = importRequestId('intake', 'a.csv', '1');

    expect(id).toMatch(/^imp-[0-9a-f]{32}$/);
    expect(importRequestId('intake', 'a.csv', '1')).toBe(id);
    expect(importRequestId('intake', 'a.csv', '2')).not.toBe(id);
    expect(importRequestId('intakea', '.csv', '1')).not.toBe(id);
  });

  it('never meet, whether they were given or come from a message id', () => {
    const derived = commandRequestId({ messageId: '123' });

    expect(commandRequestId({ requestId: 'night-7', messageId: '123' })).toBe('cmd-night-7');
    expect(derived).toMatch(/^cmd-m[0-9a-f]{64}$/);
    expect(derived.length - 'cmd-'.length).toBeGreaterThan(64);
    expect([derived, 'cmd-night-7', importRequestId('b', 'n', '1')].every(isRequestId)).toBe(true);
    expect(['night-7', 'cmd-', 'imp-1', 'cmd-a/b'].some(isRequestId)).toBe(false);
  });
});

describe('globs', () => {
  it.each([
    ['*', '', true],
    ['prod-*', 'prod-shoes', true],
    ['prod-*', 'test-prod-shoes', false],
    ['*-live', 'shoes-live', true],
    ['a*b*c', 'a1b2b3c', true],
    ['a*b*c', 'a1b2b3', false],
    ['a?c', 'a🤖c', true],
    ['a?c', 'ac', false],
    ['a.c', 'abc', false],
    ['[ab]', 'a', false],
    ['exact', 'exact', true],
    ['exact', 'exactly', false],
  ])('%s on %s: %s', (glob, id, expected) => {
    expect(matchesGlob(glob, id)).toBe(expected);
  });

  it('takes a hostile glob as quickly as any other', () => {
    const started = process.hrtime.bigint();

    expect(matchesGlob(`${'*a'.repeat(60)}b`, 'a'.repeat(128))).toBe(false);

    expect(Number(process.hrtime.bigint() - started) / 1e6).toBeLessThan(1_000);
  });
});
