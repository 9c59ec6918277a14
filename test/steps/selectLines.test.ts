import fc from 'fast-check';
import { createLineSplitter } from '../../shared/core/csv/physicalLines';
import { selectLines } from '../../shared/steps/selectLines';

async function* inChunks(bytes: Uint8Array, chunkBytes: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += chunkBytes) yield Buffer.from(bytes.subarray(at, at + chunkBytes));
}

async function select(text: string | Uint8Array, numbers: Iterable<number>, chunkBytes = 7): Promise<Buffer> {
  const content = inChunks(typeof text === 'string' ? Buffer.from(text) : text, chunkBytes);
  const chunks: Buffer[] = [];
  for await (const chunk of selectLines(content, numbers[Symbol.iterator]())) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe('the selected lines', () => {
  it.each([
    ['one of three', 'a\nb\nc\n', [2], 'b\n'],
    ['first and last', 'a\nb\nc\n', [1, 3], 'a\nc\n'],
    ['with the ends that they have', 'a\r\nb\nc\r\n', [1, 2], 'a\r\nb\n'],
    ['the last without an end', 'a\nb', [2], 'b'],
    ['blank ones', 'a\n\n\r\nb\n', [2, 3], '\n\r\n'],
    ['with a lone CR and other control characters inside', 'a\rb\u0000c\nd\n', [1], 'a\rb\u0000c\n'],
    ['none', 'a\nb\n', [], ''],
    ['one that is not there', 'a\n', [2], ''],
    ['of an empty file', '', [1], ''],
  ])('%s: come byte for byte', async (_case, text, numbers, expected) => {
    for (const chunkBytes of [1, 2, 3, 100]) {
      expect((await select(text, numbers, chunkBytes)).toString('utf8')).toBe(expected);
    }
  });

  it('keep bytes that are no text', async () => {
    const bytes = Buffer.from([0x61, 0x0a, 0xff, 0xfe, 0x80, 0x0d, 0x0a, 0x62]);

    expect(await select(bytes, [2], 2)).toEqual(Buffer.from([0xff, 0xfe, 0x80, 0x0d, 0x0a]));
  });

  it('may be huge: a line is passed on as it comes, never collected', async () => {
    const huge = Buffer.alloc(5 * 1024 * 1024, 0x78);
    const sizes: number[] = [];
    async function* content() {
      yield Buffer.from('first\n');
      yield* inChunks(huge, 64 * 1024);
      yield Buffer.from('\nlast\n');
    }

    for await (const chunk of selectLines(content(), [2, 3].values())) sizes.push(chunk.length);

    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(huge.length + 1 + 'last\n'.length);
    expect(Math.max(...sizes)).toBe(64 * 1024);
  });

  it('end the reading when there are no more of them', async () => {
    let read = 0;
    async function* content() {
      for (; read < 1_000; read += 1) yield Buffer.from(`line ${read}\n`);
    }

    const chunks: string[] = [];
    for await (const chunk of selectLines(content(), [1, 2].values())) chunks.push(chunk.toString());

    expect(chunks).toEqual(['line 0\n', 'line 1\n']);
    expect(read).toBeLessThan(5);
  });

  const file = fc
    .array(fc.oneof(fc.constantFrom('\n', '\r\n', '\r', 'a,b', '"', ''), fc.string({ maxLength: 6 })), {
      maxLength: 40,
    })
    .map((parts) => Buffer.from(parts.join('')));

  it('are the whole file where all are selected, in whatever pieces it comes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(file, fc.uint8Array({ maxLength: 80 })),
        fc.integer({ min: 1, max: 30 }),
        async (bytes, n) => {
          const all = Array.from({ length: bytes.length + 1 }, (_, index) => index + 1);
          expect((await select(bytes, all, n)).equals(bytes)).toBe(true);
        },
      ),
      { seed: 20261122, numRuns: 300 },
    );
  });

  it('are numbered as the check numbers them: each is the line that its number names', async () => {
    await fc.assert(
      fc.asyncProperty(file, fc.integer({ min: 1, max: 30 }), async (bytes, chunkBytes) => {
        const splitter = createLineSplitter();
        const lines = [...splitter.push(bytes), ...splitter.end()];
        for (const { number, offset, length } of lines) {
          const selected = await select(bytes, [number], chunkBytes);
          expect(selected.subarray(0, length).equals(bytes.subarray(offset, offset + length))).toBe(true);
          expect(selected.subarray(length).toString()).toMatch(/^\r?\n?$/);
        }
      }),
      { seed: 20261122, numRuns: 200 },
    );
  });
});
