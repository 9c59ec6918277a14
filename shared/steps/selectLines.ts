/** Picks whole physical lines out of a stream, byte for byte, without holding a line however long it is. */

const LF = 0x0a;

/** The bytes of the lines whose numbers (from 1, ascending) are given, each with the line end that it has. */
export async function* selectLines(
  content: AsyncIterable<Buffer>,
  numbers: AsyncIterator<number> | Iterator<number>,
): AsyncGenerator<Buffer> {
  let line = 1;
  let wanted = await numbers.next();
  for await (const chunk of content) {
    let start = 0;
    while (start < chunk.length) {
      if (wanted.done === true) return;
      const end = chunk.indexOf(LF, start);
      const after = end < 0 ? chunk.length : end + 1;
      if (line === wanted.value) yield chunk.subarray(start, after);
      start = after;
      if (end < 0) continue;
      if (line === wanted.value) wanted = await numbers.next();
      line += 1;
    }
  }
}
