/** UTF-8 read in place: how far the bytes are text that may stand in a column without being looked at more closely. Pure. */

const BLANK = 0x20;
const QUOTE = 0x22;
const DELETE = 0x7f;

/**
 * Where a run of characters ends: at a quote, at `stop`, or at what is not printable or needs a closer look. There must be
 * such a byte.
 */
export function columnEnd(bytes: DataView, from: number, stop: number): number {
  let at = nextOdd(bytes, from);
  for (;;) {
    const byte = bytes.getUint8(at);
    if (byte < BLANK || byte === QUOTE || byte === stop) return at;
    const width = byte < DELETE ? 1 : wideCharacterBytes(bytes, at);
    if (width === 0) return at;
    at = nextOdd(bytes, at + width);
  }
}

/** The next byte that may be none of those from `-` to `~`: most are, and they are passed over four at a time. */
function nextOdd(bytes: DataView, from: number): number {
  const lastWord = bytes.byteLength - 4;
  for (let at = from; at <= lastWord; at += 4) {
    const word = bytes.getInt32(at);
    // The highest bit of a byte is set in the first operand where it is below `-`, in the second where it is DELETE, in the
    // third where it is not ASCII. A borrow can set one before a byte that is odd, never hide one.
    const odd = ((word - 0x2d2d2d2d) | (word + 0x01010101) | word) & 0x80808080;
    if (odd !== 0) return at + (Math.clz32(odd) >>> 3);
  }
  return Math.max(from, lastWord + 1);
}

/** Where a quoted column ends, at its closing quote, or at what needs a closer look. A quote in it is doubled. */
export function quotedEnd(bytes: DataView, from: number): number {
  for (let at = columnEnd(bytes, from, QUOTE); ; at = columnEnd(bytes, at + 2, QUOTE)) {
    if (bytes.getUint8(at) !== QUOTE || bytes.getUint8(at + 1) !== QUOTE) return at;
  }
}

/** How many bytes at `one` are those at `other`, in whole characters and of at most `most`; perhaps some less. */
export function sharedBytes(bytes: DataView, one: number, other: number, most: number): number {
  if (Math.max(one, other) + most >= bytes.byteLength) return 0;
  let shared = 0;
  while (shared + 4 <= most && bytes.getInt32(one + shared) === bytes.getInt32(other + shared)) shared += 4;
  while (shared > 0 && (bytes.getUint8(one + shared) & 0xc0) === 0x80) shared -= 1;
  return shared;
}

/** Whether a byte is among these. */
export function hasByte(bytes: DataView, from: number, to: number, byte: number): boolean {
  const four = byte * 0x01010101;
  let at = from;
  for (; at + 4 <= to; at += 4) {
    // A byte of the word that is 0 has its highest bit set: https://graphics.stanford.edu/~seander/bithacks.html#ZeroInWord
    const word = bytes.getInt32(at) ^ four;
    if (((word - 0x01010101) & ~word & 0x80808080) !== 0) return true;
  }
  for (; at < to; at++) if (bytes.getUint8(at) === byte) return true;
  return false;
}

/** Whether the same bytes stand in two places; what reaches beyond the end is not the same. */
export function isSame(bytes: DataView, one: number, other: number, length: number): boolean {
  if (Math.max(one, other) + length > bytes.byteLength) return false;
  let index = 0;
  for (; index + 4 <= length; index += 4) {
    if (bytes.getInt32(one + index) !== bytes.getInt32(other + index)) return false;
  }
  for (; index < length; index++) if (bytes.getUint8(one + index) !== bytes.getUint8(other + index)) return false;
  return true;
}

/**
 * How many bytes the character at `at` takes, 2 to 4; 0 where it needs a closer look: bytes that are no UTF-8, a control
 * character, a line end of Unicode, or a blank, which some columns have trimmed. The bytes before `at` do not matter.
 */
function wideCharacterBytes(bytes: DataView, at: number): number {
  if (at + 4 > bytes.byteLength) return 0;
  const lead = bytes.getUint8(at);
  if (lead < 0xc2 || lead > 0xf4) return 0;
  const second = bytes.getUint8(at + 1) ^ 0x80;
  if (second > 0x3f) return 0;
  if (lead < 0xe0) return isPlain(((lead & 0x1f) << 6) | second) ? 2 : 0;
  const third = bytes.getUint8(at + 2) ^ 0x80;
  if (third > 0x3f) return 0;
  if (lead < 0xf0) {
    const character = ((lead & 0x0f) << 12) | (second << 6) | third;
    return character >= 0x800 && isPlain(character) ? 3 : 0;
  }
  const fourth = bytes.getUint8(at + 3) ^ 0x80;
  const character = ((lead & 0x07) << 18) | (second << 12) | (third << 6) | fourth;
  return fourth <= 0x3f && character >= 0x10000 && character <= 0x10ffff ? 4 : 0;
}

/** Neither control character nor surrogate nor white space, as `String.prototype.trim` has it (ECMA-262, WhiteSpace). */
function isPlain(character: number): boolean {
  if (character < 0x1680) return character > 0xa0;
  if (character >= 0xd800 && character <= 0xdfff) return false;
  if (character >= 0x2000 && character <= 0x205f) {
    return (
      (character > 0x200a && character < 0x2028) || (character > 0x2029 && character !== 0x202f && character !== 0x205f)
    );
  }
  return character !== 0x1680 && character !== 0x3000 && character !== 0xfeff;
}
