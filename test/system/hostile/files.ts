/** Hostile files and names of files, dropped into intake. */
import { gzipSync } from 'node:zlib';
import { postFinalized } from '../deliveries';
import { IMAGES, INTAKE, STATE } from '../localSystem';
import { peakMegabytes } from '../peakMegabytes';
import { type HostileCase, ODD_IDS } from './hostileCase';

const MEGABYTE = 1024 * 1024;

export function hostileFiles(given: () => HostileCase): void {
  /** Many packed zeros or line ends: 1.25 GiB in about 1.3 MB. */
  const bomb = (byte: number) => Buffer.concat(Array(20).fill(gzipSync(Buffer.alloc(64 * MEGABYTE, byte))));

  it('that unpacks to more than MAX_GZ_BYTES is refused while it streams, in flat memory', async () => {
    const { system, ended } = given();
    const { pid = 0 } = system.functions().importProductSets ?? {};
    const { outcome, counts, problems } = await ended('bomb.csv.gz', bomb(0));

    expect({ outcome, lines: counts.lines }).toEqual({ outcome: 'rejected', lines: 0 });
    expect(problems).toMatchObject([{ code: 'file-size', message: expect.stringContaining('MAX_GZ_BYTES') }]);
    expect(system.functions().importProductSets?.pid).toBe(pid);
    expect(peakMegabytes(pid) ?? 0).toBeLessThan(256);
  });

  it('of a billion blank lines is refused before its findings fill the bucket', async () => {
    const { system, ended } = given();
    const { requestId, outcome, problems } = await ended('blank.csv.gz', bomb(10));
    const staged = await system.names(STATE, `staging/${requestId}/`);

    expect(outcome).toBe('rejected');
    expect(problems).toMatchObject([{ code: 'file-size', message: expect.stringContaining('MAX_SKIPPED_LINES') }]);
    expect(staged.length).toBeLessThan(6);
  });

  it('with a million labels in a line loses that line only', async () => {
    const { line, ended } = given();
    const labels = `"${'k=v,'.repeat(1_000_000)}k=v"`;
    const { outcome, counts, problems } = await ended('labels.csv', line({ labels }) + line({ productId: 'p-few' }));

    expect({ outcome, imported: counts.imported, skipped: counts.skipped }).toEqual({
      outcome: 'partial',
      imported: 1,
      skipped: 1,
    });
    expect(problems).toMatchObject([{ code: 'line-length', line: 1, column: 7 }]);
    expect(JSON.stringify(problems).length).toBeLessThan(1_000);
  });

  it('has ids of dots refused, and any other odd id taken as exactly that id', async () => {
    const { system, line, ended } = given();
    const odd = ODD_IDS.map((id) => line({ imageId: id, productSetId: id, productId: id }));
    const dots = ['.', '..'].map((id) => line({ imageId: id, productSetId: id, productId: id }));
    const { counts, problems } = await ended('ids.csv', [...dots, ...odd].join(''));

    expect(counts).toMatchObject({ lines: 8, imported: 6, skipped: 2 });
    expect(problems.map(({ line: at, code }) => `${at} ${code}`)).toEqual(
      ['1', '2'].flatMap((at) => ['image-id', 'product-set-id', 'product-id'].map((code) => `${at} ${code}`)),
    );
    expect(await system.content().products()).toEqual(expect.arrayContaining(ODD_IDS));
    for (const id of ODD_IDS) expect(await system.content().productsIn(id)).toEqual([id]);
  });

  it('that points into other buckets never gets their files removed', async () => {
    const { system, line, ended } = given();
    const places = [`gs://${INTAKE}/kept.png`, `gs://${STATE}/requests/kept.png`, 'gs://somebody-elses/kept.png'];
    await system.storage.createBucket('somebody-elses');
    for (const place of places) {
      const [, bucket = '', name = ''] = /^gs:\/\/([^/]+)\/(.*)$/.exec(place) ?? [];
      await system.storage.bucket(bucket).file(name).save('image', { resumable: false });
    }
    const own = await system.image('own.png');
    const lines = [own, ...places].map((place, n) => line({ uri: place, imageId: `i${n}`, productId: 'p-far' }));
    await ended('buckets.csv', lines.join(''));

    const { data } = await system.command({
      requestId: 'far',
      command: 'deleteProduct',
      productId: 'p-far',
      imageFiles: 'removeUnlessUsedByProduct',
    });

    expect(data.counts).toMatchObject({ products: 1, imageFilesRemoved: 1, imageFilesKept: 3 });
    for (const place of places) expect(await system.text(place)).toBe('image');
    expect(await system.names(IMAGES)).not.toContain('own.png');
  });

  it.each([
    'my shoes.csv',
    'größe 🧦.csv',
    '../../requests/open/x.csv',
    '__proto__.csv',
    'a\tb\u0001\u202e.csv',
    `${'ö'.repeat(500)}.csv`,
  ])('may be called %j, and lies in the archive afterwards', async (name) => {
    const { system, line, ended } = given();
    const { outcome, files } = await ended(name, line({}));

    expect(outcome).toBe('succeeded');
    expect(await system.text(files.archive)).toBe(line({}));
    expect(files.archive).toMatch(/^gs:\/\/product-search-state\/archive\/[-\d]+\/imp-[0-9a-f]{32}\//);
    expect(await system.names(INTAKE)).not.toContain(name);
  });

  it('cannot be called by a name with a line end, and an event that says so is refused', async () => {
    const { system, urlOf, requests } = given();
    const name = 'a\nrequests/open/x.csv';
    const before = await requests();
    const file = system.storage.bucket(INTAKE).file(name);
    await expect(file.save('x', { resumable: false })).rejects.toMatchObject({ code: 400 });
    const object = { bucket: INTAKE, name, generation: '7', timeCreated: '2026-11-22T07:38:57.230Z' };
    const status = await postFinalized(urlOf('importProductSets'), object, {
      'ce-subject': encodeURI(`objects/${name}`),
    });

    expect(status).toBe(400);
    expect(await requests()).toEqual(before);
  });
}
