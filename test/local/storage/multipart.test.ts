import fc from 'fast-check';
import { readMultipart } from '../../../local/storage/multipart';

const TYPE = 'multipart/related; boundary=b-1';

async function* piecesOf(body: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < body.length; at += size) yield body.subarray(at, at + size);
}

async function read(body: Buffer, size = 64, type = TYPE) {
  const { media, ...rest } = await readMultipart(piecesOf(body, size), type);
  const chunks: Buffer[] = [];
  for await (const chunk of media) chunks.push(chunk);
  return { ...rest, media: Buffer.concat(chunks) };
}

function bodyOf(media: Buffer, eol = '\r\n', boundary = 'b-1'): Buffer {
  const head = [
    '--b-1',
    'Content-Type: application/json',
    '',
    '{"name":"a"}',
    '--b-1',
    'content-type: text/csv',
    '',
    '',
  ];
  return Buffer.concat([
    Buffer.from(head.join(eol).replaceAll('b-1', boundary)),
    media,
    Buffer.from(`${eol}--${boundary}--${eol}`),
  ]);
}

describe('multipart uploads', () => {
  it('give back any media, however they are cut and whatever line breaks they have', async () => {
    const part = fc.constantFrom('\r', '\n', '\r\n', '--', '--b-', '\r\n--b-', '\n--b-', '-1', 'x', '\0');
    const media = fc.array(part, { maxLength: 12 }).map((parts) => Buffer.from(parts.join('').replaceAll('--b-1', '')));
    await fc.assert(
      fc.asyncProperty(media, fc.integer({ min: 1, max: 40 }), fc.boolean(), async (bytes, size, isCrlf) => {
        const result = await read(bodyOf(bytes, isCrlf ? '\r\n' : '\n'), size);

        expect(result).toEqual({ metadata: '{"name":"a"}', contentType: 'text/csv', media: bytes });
      }),
    );
  });

  it.each(['boundary="b=:1"', "boundary='b=:1'", 'charset=x; Boundary=b=:1'])(
    'know the boundary of %s',
    async (field) => {
      const { media } = await read(bodyOf(Buffer.from('x'), '\n', 'b=:1'), 64, `multipart/related; ${field}`);

      expect(media.toString()).toBe('x');
    },
  );

  it('may have no media type and a preamble', async () => {
    const body = 'preamble\r\n--b-1\r\n\r\n{}\r\n--b-1\r\n\r\nx\r\n--b-1--';

    expect(await read(Buffer.from(body))).toEqual({ metadata: '{}', contentType: undefined, media: Buffer.from('x') });
  });

  it.each([
    ['without a boundary', 'multipart/related', bodyOf(Buffer.from('x'))],
    ['that end in the head', TYPE, bodyOf(Buffer.from('x')).subarray(0, 30)],
    ['that end in the media', TYPE, bodyOf(Buffer.from('x'.repeat(99))).subarray(0, 150)],
    ['that are empty', TYPE, Buffer.alloc(0)],
  ])('%s are refused', async (_title, type, body) => {
    await expect(read(body, 64, type)).rejects.toMatchObject({ status: 400, reason: 'invalid' });
  });
});
