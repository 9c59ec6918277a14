import { createLineSplitter, type PhysicalLine } from '../../../shared/core/csv/physicalLines';

function split(text: string, chunkBytes: number, maxLineBytes?: number): PhysicalLine[] {
  const bytes = Buffer.from(text);
  const splitter = createLineSplitter({ maxLineBytes });
  const lines: PhysicalLine[] = [];
  for (let at = 0; at < bytes.length; at += chunkBytes)
    lines.push(...splitter.push(bytes.subarray(at, at + chunkBytes)));
  return [...lines, ...splitter.end()];
}

const ENDS = { lf: '\n', crlf: '\r\n', none: '' };

describe('createLineSplitter', () => {
  it.each([1, 2, 3, 7, 100])('cuts at LF and at CR LF, in chunks of %s bytes', (chunkBytes) => {
    const lines = split('one\ntwo\r\n\nfour\rx\nfive', chunkBytes);

    expect(lines.map(({ number, bytes, terminator }) => [number, Buffer.from(bytes).toString(), terminator])).toEqual([
      [1, 'one', 'lf'],
      [2, 'two', 'crlf'],
      [3, '', 'lf'],
      [4, 'four\rx', 'lf'],
      [5, 'five', 'none'],
    ]);
    expect(lines.map((line) => line.offset)).toEqual([0, 4, 9, 10, 17]);
  });

  it.each([1, 5, 64])('gives back the stream byte for byte, in chunks of %s bytes', (chunkBytes) => {
    const text = 'a\r\n\r\nü\r\r\nb\n\r';

    const again = split(text, chunkBytes).map((line) => Buffer.from(line.bytes).toString() + ENDS[line.terminator]);

    expect(again.join('')).toBe(text);
  });

  it.each([1, 3, 50])('holds no more of a long line than it may, in chunks of %s bytes', (chunkBytes) => {
    const lines = split('12345678\r\n123456789\r\nabc', chunkBytes, 8);

    expect(
      lines.map((line) => [Buffer.from(line.bytes).toString(), line.length, line.terminator, line.tooLong]),
    ).toEqual([
      ['12345678', 8, 'crlf', undefined],
      ['12345678', 9, 'crlf', true],
      ['abc', 3, 'none', undefined],
    ]);
    expect(lines.map((line) => line.offset)).toEqual([0, 10, 21]);
  });

  it('gives nothing for nothing, and no line after the last line end', () => {
    expect(split('', 1)).toEqual([]);
    expect(split('a\n', 1)).toHaveLength(1);
  });

  it('does not change what it gave when the buffer of the chunk is used again', () => {
    const splitter = createLineSplitter();
    const chunk = Buffer.from('abc');
    splitter.push(chunk);
    chunk.fill('x');

    const [line] = splitter.push(Buffer.from('\n'));

    expect(Buffer.from(line?.bytes ?? []).toString()).toBe('abc');
  });
});
