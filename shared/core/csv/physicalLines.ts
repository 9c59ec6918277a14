/** Cuts a stream of bytes into physical lines, at LF, without ever holding more than one short line. Pure. */

export interface PhysicalLine {
  /** From 1. */
  number: number;
  /** Where the line begins, in bytes from the start of the stream. */
  offset: number;
  /** The line without its end. Of a line that is too long, its beginning. May be a view of the chunk it came in. */
  bytes: Uint8Array;
  /** Bytes of the line without its end. */
  length: number;
  /** What ended it: LF, CR LF, or the end of the stream. */
  terminator: 'lf' | 'crlf' | 'none';
  tooLong?: true;
}

export interface LineSplitter {
  push(chunk: Uint8Array): PhysicalLine[];
  /** Passes over a whole line that somebody else has read, of so many bytes with its end. Not in the middle of a line. */
  skip(bytes: number): void;
  /** The number of the line that comes next, or is in the middle. */
  next(): number;
  isMidLine(): boolean;
  /** The last line, where the stream did not end with a line end. */
  end(): PhysicalLine[];
}

const LF = 0x0a;
const CR = 0x0d;

/** `maxLineBytes` (default 64 KiB) is what is held of one line; the rest of a longer line is counted and let go. */
export function createLineSplitter({ maxLineBytes = 64 * 1024 } = {}): LineSplitter {
  let number = 1;
  let offset = 0;
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  let length = 0;
  let lastByte = -1;

  function take(part: Uint8Array, isRest: boolean): void {
    // One byte more than a line may have: it can turn out to be the CR of the line end.
    const kept = part.subarray(0, maxLineBytes + 1 - heldBytes);
    // The rest is copied, because the beginning of a line must not keep its whole chunk alive.
    if (kept.length > 0) held.push(isRest ? new Uint8Array(kept) : kept);
    heldBytes += kept.length;
    length += part.length;
    lastByte = part.at(-1) ?? lastByte;
  }

  function finish(ended: boolean): PhysicalLine {
    const terminator = !ended ? 'none' : lastByte === CR ? 'crlf' : 'lf';
    const size = terminator === 'crlf' ? length - 1 : length;
    const bytes = joined(held, heldBytes).subarray(0, Math.min(size, maxLineBytes));
    const line: PhysicalLine = { number, offset, bytes, length: size, terminator };
    if (size > maxLineBytes) line.tooLong = true;
    number += 1;
    offset += length + (ended ? 1 : 0);
    held = [];
    heldBytes = 0;
    length = 0;
    lastByte = -1;
    return line;
  }

  return {
    push(chunk) {
      const lines: PhysicalLine[] = [];
      let start = 0;
      for (let at = chunk.indexOf(LF); at >= 0; at = chunk.indexOf(LF, start)) {
        take(chunk.subarray(start, at), false);
        lines.push(finish(true));
        start = at + 1;
      }
      take(chunk.subarray(start), true);
      return lines;
    },
    skip(bytes) {
      number += 1;
      offset += bytes;
    },
    next: () => number,
    isMidLine: () => length > 0,
    end() {
      return length > 0 ? [finish(false)] : [];
    },
  };
}

function joined(parts: readonly Uint8Array[], bytes: number): Uint8Array {
  const [only] = parts;
  if (parts.length === 1 && only) return only;
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
