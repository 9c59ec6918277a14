import { gzipSync } from 'node:zlib';
import { imageLine } from './imageLine';
import { INTAKE, type LocalSystem, STATE, startLocalSystem } from './localSystem';

jest.setTimeout(120_000);

describe('files as people drop them', () => {
  let system: LocalSystem;
  let uri: string;

  beforeAll(async () => {
    system = await startLocalSystem({
      LOCAL_OPERATION_SECONDS: '0.3',
      LOCAL_TICK_SECONDS: '0.5',
      MAX_GZ_BYTES: '1000000',
    });
    uri = await system.image('shared.png');
  });

  afterAll(() => system.stop());

  async function imported(name: string, body: string | Buffer, options?: { gzip: boolean }) {
    return system.events.ended(await system.drop(name, body, options));
  }

  const good = (productId: string) => imageLine({ uri, productId, displayName: 'Ünïted 👟' });

  it('come back with every faulty line, by line, column, code and a word on what would be right', async () => {
    const { data } = await imported('faults.csv', faultyFile(uri).text);
    const lines = (await system.text(data.files.linesCsv)).trimEnd().split('\n').slice(1);
    const told = data.problems.map(({ line, column, code }) => `${line}:${column} ${code}`);

    expect(data).toMatchObject({ outcome: 'partial', counts: { lines: 17, imported: 2, failed: 0, skipped: 15 } });
    expect(told).toEqual(faultyFile(uri).told);
    expect(lines.map((line) => line.split(',').slice(1, 4).join(','))).toEqual(
      told.map((one) => one.replace(/[: ]/g, ',')),
    );
    const report = JSON.parse(await system.text(data.files.report)) as { problems: object[] };
    expect(report.problems).toEqual(data.problems);
    expect(Object.fromEntries(data.problems.map(({ code, message }) => [code, message]))).toMatchObject(RIGHT);
    expect(await system.content().productsIn('boots')).toEqual(['p-first', 'p-last']);
  });

  it('give a retry file, byte for byte, that imports the rest once it is mended', async () => {
    const { data } = await imported('faults.csv', faultyFile(uri).text);
    const retry = await system.text(data.files.retryCsv);
    const bad = faultyFile(uri)
      .text.split(/(?<=\n)/)
      .slice(1, -1);

    expect(retry).toBe(bad.join(''));

    const mended = bad.map((_, index) => imageLine({ uri, productId: `p-mended-${index}`, productSetId: 'mended' }));
    const second = await imported('mended.csv', mended.join(''));
    expect(second.data).toMatchObject({ outcome: 'succeeded', counts: { lines: 15, imported: 15 } });
    expect(await system.content().productsIn('mended')).toHaveLength(15);
  });

  it('come back with the lines that the service could not import, too', async () => {
    const missing = imageLine({ uri: 'gs://product-search-images/never.png', productId: 'p-missing' });
    const { data } = await imported('missing.csv', good('p-beside') + missing);

    expect(data).toMatchObject({ outcome: 'partial', counts: { lines: 2, imported: 1, failed: 1, skipped: 0 } });
    expect(data.problems).toMatchObject([{ line: 2, message: expect.stringContaining('never.png') }]);
    expect(await system.text(data.files.retryCsv)).toBe(missing);
  });

  it('may have 20,000 lines', async () => {
    const lines = Array.from({ length: 20_000 }, (_, index) =>
      imageLine({ uri, imageId: `i${index}`, productSetId: 'large', productId: `p-large-${index % 100}` }),
    );
    const { data } = await imported('large.csv', lines.join(''));

    expect(data).toMatchObject({ outcome: 'succeeded', counts: { lines: 20_000, imported: 20_000 } });
    expect(data.operations).toHaveLength(1);
    expect(await system.content().productsIn('large')).toHaveLength(100);
  });

  it.each([
    ['empty.csv', '', 'empty-file', /eight columns/],
    ['header.csv', 'image-uri,image-id\n\n', 'empty-file', /no line with an image/],
    ['invalid.csv', 'one\ntwo\n', 'no-valid-line', /None of the 2 lines is valid/],
    ['long.csv', Buffer.alloc(50_000_000, 'x'), 'line-length', /50000000 bytes; at most 2048 characters/],
    ['broken.csv.gz', 'this is no gzip', 'encoding', /gzip/],
    ['bomb.csv.gz', gzipSync(Buffer.alloc(2_000_000, 'x')), 'file-size', /1000000 bytes \(MAX_GZ_BYTES\)/],
    ['us-west2/region.csv', 'gs://b/o,,s,p,apparel-v2,,,\n', 'location', /not served in us-west2; use one of us-west1/],
  ])('are refused without a call where nothing in them can be imported: %s', async (name, body, code, reason) => {
    const { data } = await imported(name, body);
    const [found] = data.problems.filter((problem) => problem.code === code);

    expect(data).toMatchObject({ request: 'importProductSets', outcome: 'rejected', operations: [] });
    expect(found?.message).toMatch(reason);
    expect(data.counts.imported ?? 0).toBe(0);
    const [[archived]] = await system.storage.bucket(STATE).getFiles({ prefix: 'archive/', matchGlob: `**/${name}` });
    expect(archived?.metadata.size).toBe(String(body.length));
  });

  it('may come from Windows: line ends of two characters and a byte order mark', async () => {
    const { data } = await imported(
      'windows.csv',
      `\uFEFF${good('p-win-1')}${good('p-win-2')}`.replaceAll('\n', '\r\n'),
    );

    expect(data).toMatchObject({ outcome: 'succeeded', counts: { lines: 2, imported: 2, skipped: 0 } });
    expect(data.problems).toMatchObject([{ code: 'bom-removed', line: 1, severity: 'warning' }]);
    expect((await system.content().product('p-win-1')).displayName).toBe('Ünïted 👟');
  });

  it('may not be Latin-1: such a line comes back with its column, as it was', async () => {
    const latin = Buffer.from(imageLine({ uri, productId: 'p-latin', displayName: 'Schön' }), 'latin1');
    const { data } = await imported('latin.csv', Buffer.concat([Buffer.from(good('p-utf')), latin]));
    const retry = /^gs:\/\/[^/]+\/(.*)$/.exec(data.files.retryCsv ?? '')?.[1] ?? '';

    expect(data).toMatchObject({ outcome: 'partial', counts: { imported: 1, skipped: 1 } });
    expect(data.problems).toMatchObject([
      { code: 'encoding', line: 2, column: 6, message: expect.stringMatching(/UTF-8/) },
    ]);
    expect((await system.storage.bucket(STATE).file(retry).download())[0]).toEqual(latin);
  });

  it('may be gzip, by their name or by their content encoding', async () => {
    const named = await imported('packed.csv.gz', gzipSync(good('p-packed')));
    const encoded = await imported('encoded.csv', good('p-encoded'), { gzip: true });

    expect(named.data).toMatchObject({ outcome: 'succeeded', counts: { lines: 1, imported: 1 } });
    expect(encoded.data).toMatchObject({ outcome: 'succeeded', counts: { lines: 1, imported: 1 } });
  });

  it('are left alone where they are no CSV', async () => {
    await system.drop('notes.txt', good('p-notes'));
    await imported('after.csv', good('p-after'));
    await system.allClosed();

    expect(await system.content().products()).not.toContain('p-notes');
    expect(await system.names(INTAKE)).toEqual(['notes.txt']);
  });
});

/** A file with one line of each error code between two good ones, and what is to be told of it. */
function faultyFile(uri: string): { text: string; told: string[] } {
  const fields = { uri, productSetId: 'boots' };
  const bad: [string, ...string[]][] = [
    [`${uri},i1,boots\n`, '4 column-count'],
    [imageLine({ ...fields, productId: 'p-length', displayName: 'n'.repeat(2_100) }), '6 line-length'],
    [imageLine({ ...fields, productId: 'p-quotes', displayName: '5" heel' }), '6 malformed-quotes'],
    [`${uri},i1,boots,p-newline,apparel-v2,"two\n`, '6 newline-in-field'],
    ['lines",,\n'],
    [imageLine({ ...fields, productId: 'p-encoding', displayName: 'a\tb' }), '6 encoding'],
    [imageLine({ ...fields, uri: 'https://example.com/a.png', productId: 'p-uri' }), '1 image-uri'],
    [imageLine({ ...fields, imageId: 'a/b', productId: 'p-image-id' }), '2 image-id'],
    [imageLine({ ...fields, productId: 'p-first' }), '2 image-id-duplicate'],
    [imageLine({ ...fields, productSetId: '', productId: 'p-set' }), '3 product-set-id'],
    [imageLine({ ...fields, productId: '' }), '4 product-id'],
    [imageLine({ ...fields, productId: 'p-category', category: 'shoes' }), '5 product-category'],
    [imageLine({ ...fields, productId: 'p-name', displayName: 'n'.repeat(4_097) }), '6 line-length', '6 display-name'],
    [imageLine({ ...fields, productId: 'p-labels', labels: 'red' }), '7 labels'],
    [imageLine({ ...fields, productId: 'p-poly', polygon: '"1,2,3"' }), '8 bounding-poly'],
  ];
  const lines = [
    imageLine({ ...fields, productId: 'p-first' }),
    ...bad.map(([line]) => line),
    imageLine({ ...fields, productId: 'p-last' }),
  ];
  const told = bad.flatMap(([, ...places], index) => places.map((place) => `${index + 2}:${place}`));
  return { text: lines.join(''), told };
}

/** What the message of each code says would be right. */
const RIGHT = {
  'column-count': expect.stringMatching(/3 columns; give eight, image-uri/),
  'line-length': expect.stringMatching(/at most 2048 characters/),
  'malformed-quotes': expect.stringMatching(/double it \(""\)/),
  'newline-in-field': expect.stringMatching(/put the image on one line/),
  encoding: expect.stringMatching(/tab; commas separate columns/),
  'image-uri': expect.stringMatching(/gs:\/\/bucket\/object/),
  'image-id': expect.stringMatching(/ids have none/),
  'image-id-duplicate': expect.stringMatching(/leave one of them out/),
  'product-set-id': expect.stringMatching(/1 to 128 characters/),
  'product-id': expect.stringMatching(/1 to 128 characters/),
  'product-category': expect.stringMatching(/homegoods-v2/),
  'display-name': expect.stringMatching(/at most 4,?096/),
  labels: expect.stringMatching(/key=value/),
  'bounding-poly': expect.stringMatching(/x and y of each corner/),
};
