/**
 * The rules of the columns for bytes that are in order and normalised as they stand, as nearly all are. `true` is what
 * `checkFields` would say, without a word of it; `false` says nothing yet: the line is left to `checkFields`. A column is
 * the bytes from `from` to before `to`: printable UTF-8 without wide blanks, in which a quote is doubled. Pure.
 */
import { PRODUCT_CATEGORIES } from '../productCategory';
import { LABELS_A_PRODUCT } from '../productLabel';
import { hasByte } from './commonText';

const BLANK = 0x20;
const COMMA = 0x2c;
const DASH = 0x2d;
const DOT = 0x2e;
const SLASH = 0x2f;
const ZERO = 0x30;
const ONE = 0x31;
const EQUALS = 0x3d;
const UNDERSCORE = 0x5f;

const ID_BYTES = 128;
const LABEL_BYTES = 128;
const BUCKET_BYTES = 222;
const BUCKET_PART_BYTES = 63;
const OBJECT_NAME_BYTES = 1_024;
/** The largest pixel has ten digits; numbers of nine are below it. */
const PIXEL_DIGITS = 9;
const LEAST_NUMBERS = 4;

const SCHEME = bytesOf('gs://');
const CATEGORIES = PRODUCT_CATEGORIES.map(bytesOf);

export function isCommonUri(bytes: DataView, from: number, to: number): boolean {
  const bucket = bucketBytes(bytes, from, to);
  return bucket > 0 && isCommonObject(bytes, from + bucket, to);
}

/** How long `gs://bucket/` is that the column begins with; 0 where it does not, or with one that needs a closer look. */
export function bucketBytes(bytes: DataView, from: number, to: number): number {
  if (!startsWith(bytes, from, to, SCHEME)) return 0;
  const slash = bucketEnd(bytes, from + SCHEME.byteLength, to);
  return slash < 0 ? 0 : slash + 1 - from;
}

/** The rest of the URI. */
export function isCommonObject(bytes: DataView, from: number, to: number): boolean {
  if (from >= to || to - from > OBJECT_NAME_BYTES || isDots(bytes, from, to)) return false;
  const last = bytes.getUint8(to - 1);
  return last !== SLASH && last !== BLANK;
}

export function isCommonId(bytes: DataView, from: number, to: number): boolean {
  const isInOrder = from < to && to - from <= ID_BYTES && isTrimmed(bytes, from, to) && !isDots(bytes, from, to);
  return isInOrder && !hasByte(bytes, from, to, SLASH);
}

export function isCommonCategory(bytes: DataView, from: number, to: number): boolean {
  for (const category of CATEGORIES) {
    if (category.byteLength === to - from && startsWith(bytes, from, to, category)) return true;
  }
  return false;
}

/** The display name; its greatest length is more than a line has. */
export function isTrimmed(bytes: DataView, from: number, to: number): boolean {
  return from === to || (bytes.getUint8(from) !== BLANK && bytes.getUint8(to - 1) !== BLANK);
}

export function areCommonLabels(bytes: DataView, from: number, to: number): boolean {
  if (from === to) return true;
  let labels = 0;
  for (let at = from; at <= to; at++) {
    const equals = labelPartEnd(bytes, at, to);
    if (equals < 0 || equals === to || bytes.getUint8(equals) !== EQUALS) return false;
    at = labelPartEnd(bytes, equals + 1, to);
    if (at < 0 || (at < to && bytes.getUint8(at) !== COMMA)) return false;
    labels += 1;
  }
  return labels <= LABELS_A_PRODUCT;
}

/** All pixels or all normalised, each number as it would be written down again. */
export function isCommonPoly(bytes: DataView, from: number, to: number): boolean {
  if (from === to) return true;
  const isNormalised = from + 1 < to && bytes.getUint8(from + 1) === DOT;
  const numbers = isNormalised ? normalisedNumbers(bytes, from, to) : pixelNumbers(bytes, from, to);
  return numbers >= LEAST_NUMBERS && numbers % 2 === 0;
}

/** Where the bucket ends, at a slash; -1 where it is none, or one that needs a closer look (names.ts, `BUCKET`). */
function bucketEnd(bytes: DataView, from: number, to: number): number {
  let part = 0;
  let isWord = false;
  for (let at = from; at < to; at++) {
    const byte = bytes.getUint8(at);
    if (byte === SLASH) return isWord && at - from >= 3 && at - from <= BUCKET_BYTES ? at : -1;
    // What begins with a digit and has a dot may be an IP address.
    if (byte === DOT && (!isWord || isDigit(bytes.getUint8(from)))) return -1;
    part = byte === DOT ? 0 : part + 1;
    isWord = isDigit(byte) || (byte >= 0x61 && byte <= 0x7a);
    if (part > BUCKET_PART_BYTES) return -1;
    if (!isWord && byte !== DOT && (part === 1 || (byte !== DASH && byte !== UNDERSCORE))) return -1;
  }
  return -1;
}

/** Where a key or a value of 1 to 128 bytes ends that no blank begins or ends; -1 where it is none. */
function labelPartEnd(bytes: DataView, from: number, to: number): number {
  let at = from;
  for (; at < to; at++) {
    const byte = bytes.getUint8(at);
    if (byte === EQUALS || byte === COMMA) break;
  }
  return at > from && at - from <= LABEL_BYTES && isTrimmed(bytes, from, at) ? at : -1;
}

/** How many numbers there are, of one to nine digits without a zero before them; 0 where not all are such. */
function pixelNumbers(bytes: DataView, from: number, to: number): number {
  let numbers = 1;
  let digits = 0;
  let isZero = false;
  for (let at = from; at < to; at++) {
    const byte = bytes.getUint8(at);
    if (byte === COMMA && digits > 0) {
      numbers += 1;
      digits = 0;
    } else {
      if (!isDigit(byte) || digits === PIXEL_DIGITS || (digits === 1 && isZero)) return 0;
      if (digits === 0) isZero = byte === ZERO;
      digits += 1;
    }
  }
  return digits > 0 ? numbers : 0;
}

/** How many numbers there are such as `0.25`, `0.0` and `1.0`; 0 where not all are such. */
function normalisedNumbers(bytes: DataView, from: number, to: number): number {
  let numbers = 0;
  for (let at = from; at <= to; at++) {
    at = normalisedEnd(bytes, at, to);
    if (at < 0 || (at < to && bytes.getUint8(at) !== COMMA)) return 0;
    numbers += 1;
  }
  return numbers;
}

/** Where a number from 0 to 1 ends that has one digit before its point and no zero at its end but an only one; or -1. */
function normalisedEnd(bytes: DataView, from: number, to: number): number {
  const fraction = from + 2;
  if (fraction >= to || bytes.getUint8(from + 1) !== DOT) return -1;
  const whole = bytes.getUint8(from);
  let end = fraction;
  while (end < to && isDigit(bytes.getUint8(end))) end += 1;
  const isNone = end === fraction + 1 && bytes.getUint8(fraction) === ZERO;
  if (whole === ONE) return isNone ? end : -1;
  return whole === ZERO && end > fraction && (isNone || bytes.getUint8(end - 1) !== ZERO) ? end : -1;
}

function isDots(bytes: DataView, from: number, to: number): boolean {
  if (bytes.getUint8(from) !== DOT) return false;
  return to === from + 1 || (to === from + 2 && bytes.getUint8(from + 1) === DOT);
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

function startsWith(bytes: DataView, from: number, to: number, prefix: DataView): boolean {
  if (to - from < prefix.byteLength) return false;
  let index = 0;
  for (; index + 4 <= prefix.byteLength; index += 4) {
    if (bytes.getInt32(from + index) !== prefix.getInt32(index)) return false;
  }
  for (; index < prefix.byteLength; index++) {
    if (bytes.getUint8(from + index) !== prefix.getUint8(index)) return false;
  }
  return true;
}

function bytesOf(text: string): DataView {
  return new DataView(new TextEncoder().encode(text).buffer);
}
