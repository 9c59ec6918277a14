/** Turns the bytes of a line into text, and says where they are no UTF-8. Pure. */
import { shownValue } from '../problem';

const REPLACEMENT = '\uFFFD';
// A byte order mark is a character here: only the one at the start of the file means something, and only once.
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder('utf-8', { ignoreBOM: true });

export interface DecodedLine {
  /** Where bytes are no UTF-8, U+FFFD stands for them. */
  text: string;
  /** What is wrong with the bytes, as a sentence; undefined where nothing is. */
  fault?: string;
}

export function decodeLine(bytes: Uint8Array): DecodedLine {
  try {
    return { text: strict.decode(bytes) };
  } catch {
    const text = lenient.decode(bytes);
    return { text, fault: faultOf(bytes, text) };
  }
}

function faultOf(bytes: Uint8Array, text: string): string {
  const at = firstBadByte(bytes, text);
  const byte = bytes[at] ?? 0;
  const hex = `0x${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  // From 0xA0 on, Latin-1 and Windows-1252 agree with each other and with Unicode.
  const meant = byte >= 0xa0 ? ` (in Latin-1 it would be ${shownValue(String.fromCharCode(byte))})` : '';
  return `byte ${at + 1} of the line, ${hex}${meant}, is not valid UTF-8; save the file as UTF-8`;
}

/** Up to the first bad byte text and bytes agree, so that its place is the length of the text before it in UTF-8. */
function firstBadByte(bytes: Uint8Array, text: string): number {
  let index = text.indexOf(REPLACEMENT);
  let offset = Buffer.byteLength(text.slice(0, Math.max(index, 0)));
  while (index >= 0 && bytes[offset] === 0xef && bytes[offset + 1] === 0xbf && bytes[offset + 2] === 0xbd) {
    const next = text.indexOf(REPLACEMENT, index + 1);
    offset += Buffer.byteLength(text.slice(index, next));
    index = next;
  }
  return offset;
}
