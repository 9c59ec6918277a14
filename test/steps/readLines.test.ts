import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { contentOf as storedContentOf } from '../../local/storage/content';
import type { StoredObject } from '../../shared/ports';
import { contentOf } from '../../shared/steps/readLines';
import { importRecord } from '../core/requests';
import { createWorld, STATE } from '../engine/world';
import { stepTrial } from './stepContext';

const CSV = Buffer.from('gs://b/1.png,i,s,p,apparel-v2,,,\r\n'.repeat(500));

/** Reads a staged file of these bytes as the step does. */
async function read(body: Buffer, file: { name: string; contentEncoding?: string; maxGzBytes?: number }) {
  const world = createWorld(file.maxGzBytes === undefined ? {} : { MAX_GZ_BYTES: String(file.maxGzBytes) });
  const place = { bucket: STATE, name: 'staging/imp-1/original' };
  const { contentEncoding } = file;
  world.storage.insertObject(place, storedContentOf(body), { contentType: 'text/csv', contentEncoding });
  const staged = (await world.ports.objects.stat(place)) as StoredObject;
  const { context } = stepTrial(world, importRecord());
  const chunks: Buffer[] = [];
  for await (const chunk of contentOf(context, staged, file.name)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe('the content of a staged file', () => {
  it.each([
    ['plain', CSV, { name: 'a.csv' }],
    ['gzip by its name', gzipSync(CSV), { name: 'a.csv.gz' }],
    ['gzip by its content encoding', gzipSync(CSV), { name: 'a.csv', contentEncoding: 'gzip' }],
    ['gzip by both', gzipSync(CSV), { name: 'a.csv.gz', contentEncoding: 'gzip' }],
    [
      'several gzips one after the other',
      Buffer.concat([gzipSync(CSV.subarray(0, 99)), gzipSync(CSV.subarray(99))]),
      { name: 'a.csv.gz' },
    ],
    ['gzip of exactly what is allowed', gzipSync(CSV), { name: 'a.csv.gz', maxGzBytes: CSV.length }],
  ])('that is %s is what was packed', async (_case, body, file) => {
    expect((await read(body, file)).equals(CSV)).toBe(true);
  });

  it('that is plain may be larger than what a gzip may unpack to', async () => {
    expect(await read(CSV, { name: 'a.csv', maxGzBytes: 10 })).toHaveLength(CSV.length);
  });

  it('that is empty is empty, packed or not', async () => {
    expect(await read(Buffer.alloc(0), { name: 'a.csv' })).toHaveLength(0);
    expect(await read(gzipSync(''), { name: 'a.csv.gz' })).toHaveLength(0);
    expect(await read(Buffer.alloc(0), { name: 'a.csv.gz' })).toHaveLength(0);
  });

  it('that unpacks to more than is allowed is refused with the limit and its name', async () => {
    const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024));

    await expect(read(bomb, { name: 'a.csv.gz', maxGzBytes: 1_000_000 })).rejects.toMatchObject({
      name: 'UnreadableFileError',
      code: 'file-size',
      message: expect.stringMatching(/more than 1000000 bytes \(MAX_GZ_BYTES\)/),
    });
  });

  it.each([
    ['no gzip at all', CSV],
    ['cut off', gzipSync(CSV).subarray(0, -10)],
    ['cut off in its head', gzipSync(CSV).subarray(0, 5)],
    ['damaged', Buffer.concat([gzipSync(CSV).subarray(0, 30), Buffer.from('damage'), gzipSync(CSV).subarray(36)])],
  ])('that says it is gzip but is %s is refused, and the message says what to do', async (_case, body) => {
    await expect(read(body, { name: 'a.csv.gz' })).rejects.toMatchObject({
      code: 'encoding',
      message: expect.stringMatching(/no complete gzip .*pack it again or drop it as \.csv$/),
    });
  });

  it('whose reading breaks off fails with that fault, which is none of the file', async () => {
    const world = createWorld();
    const broken = new Error('connection reset');
    const stream = Readable.from(
      (async function* () {
        yield gzipSync(CSV).subarray(0, 20);
        throw broken;
      })(),
    );
    const { context } = stepTrial(world, importRecord());
    const objects = { ...world.ports.objects, openRead: async () => stream };
    const reading = async () => {
      const staged = { bucket: STATE, name: 'x', generation: '1', metadata: {} } as StoredObject;
      const content = contentOf({ ...context, ports: { ...context.ports, objects } }, staged, 'a.csv.gz');
      for await (const chunk of content) expect(chunk.length).toBeGreaterThan(0);
    };

    await expect(reading()).rejects.toBe(broken);
    expect(stream.destroyed).toBe(true);
  });
});
