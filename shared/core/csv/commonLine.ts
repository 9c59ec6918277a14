/**
 * Reads the line that nearly every line is: eight columns of printable text, ended by LF or CR LF. It is read where it
 * lies, without making a string or an object. Whatever is unusual is left to the general way (lineChecker.ts). Pure.
 */
import {
  areCommonLabels,
  bucketBytes,
  isCommonCategory,
  isCommonId,
  isCommonObject,
  isCommonPoly,
  isCommonUri,
  isTrimmed,
} from './commonColumns';
import { columnEnd, isSame, quotedEnd, sharedBytes } from './commonText';
import { COLUMNS, type Fields } from './fields';
import { createImageDigest, digestImage, digestProduct, type ImageDigest, type Spans } from './imageDigest';
import { LINE_CHARACTERS } from './readLine';

export interface CommonLine {
  /** What is read from now on: whole lines, the last one with its end, too. */
  open(lines: Uint8Array): void;
  /**
   * Reads the line that begins at `at`. Gives where its LF is, or -1 where it is not a common line. All that follows is
   * about the line that was read last.
   */
  read(at: number): number;
  /** Whether all columns are in order and normalised as they stand; then `digest` is the line's. */
  isPlain(): boolean;
  readonly digest: ImageDigest;
  /** The columns as text. */
  fields(): Fields;
  /** Whether a column, from 1, is known to be in order and normalised as it stands. */
  isInOrder(column: number): boolean;
}

const LF = 0x0a;
const CR = 0x0d;
const QUOTE = 0x22;
const COMMA = 0x2c;
/** Columns 3 to 7, as indexes: the product set, and all that is said of the product. */
const PRODUCT = 2;
const POLY = 7;

/** The rule of each column. Column 2 has one although it may be blank: a line without an image-id is given one. */
const COMMON_RULES = [
  isCommonUri,
  isCommonId,
  isCommonId,
  isCommonId,
  isCommonCategory,
  isTrimmed,
  areCommonLabels,
  isCommonPoly,
] as const;

export function createCommonLine(): CommonLine {
  const digest = createImageDigest();
  const starts = new Int32Array(COLUMNS.length);
  const ends = new Int32Array(COLUMNS.length);
  const spans = { starts, ends };
  let bytes: DataView = new DataView(new ArrayBuffer(0));
  let buffer: Buffer = Buffer.alloc(0);
  /** Where column 1 of the line before is, if it is not in quotes, and how long its `gs://bucket/` is, if in order. */
  let uriAt = 0;
  let uriLength = 0;
  let bucketLength = 0;
  /** Where columns 3 to 7 of the line before begin, and how long they are with their commas. */
  let productAt = 0;
  let productLength = 0;
  /** Whether these columns are in order, and in the digest. */
  let isProductKnown = false;

  /** Cuts columns, the first of which begins at `at`, and gives where the next one begins, or the line ends; or -1. */
  function cut(at: number, first: number, after: number): number {
    let next = at;
    for (let index = first; index < after; index++) {
      const isQuoted = bytes.getUint8(next) === QUOTE;
      const start = isQuoted ? next + 1 : next;
      const end = isQuoted ? quotedEnd(bytes, start) : columnEnd(bytes, start, COMMA);
      starts[index] = start;
      ends[index] = end;
      next = isQuoted ? end + 1 : end;
      if (isQuoted && bytes.getUint8(end) !== QUOTE) return -1;
      if (index < POLY && bytes.getUint8(next++) !== COMMA) return -1;
    }
    return next;
  }

  /** The beginning of a URI is mostly that of the one before: so far it is text, and its bucket in order if that one was. */
  function cutUri(at: number): number {
    const shared = sharedBytes(bytes, at, uriAt, uriLength);
    if (shared < bucketLength) bucketLength = 0;
    uriAt = at;
    uriLength = 0;
    if (bytes.getUint8(at) === QUOTE) return cut(at, 0, 1);
    const end = columnEnd(bytes, at + shared, COMMA);
    starts[0] = at;
    ends[0] = end;
    uriLength = end - at;
    return bytes.getUint8(end) === COMMA ? end + 1 : -1;
  }

  /**
   * The images of a product mostly stand together. Where columns 3 to 7 are those of the line before, byte for byte, they
   * are cut in the same way, and what was found out about them still holds.
   */
  function repeatProduct(at: number): boolean {
    if (productLength === 0 || !isSame(bytes, at, productAt, productLength)) return false;
    for (let index = PRODUCT; index < POLY; index++) {
      starts[index] = (starts[index] ?? 0) + at - productAt;
      ends[index] = (ends[index] ?? 0) + at - productAt;
    }
    productAt = at;
    return true;
  }

  function cutProduct(at: number): number {
    isProductKnown = false;
    productLength = 0;
    const next = cut(at, PRODUCT, POLY);
    productAt = at;
    productLength = Math.max(next - at, 0);
    return next;
  }

  /** Columns 3 to 7. */
  function isProductPlain(): boolean {
    if (isProductKnown) return true;
    isProductKnown =
      isCommonId(bytes, starts[2] ?? 0, ends[2] ?? 0) &&
      isCommonId(bytes, starts[3] ?? 0, ends[3] ?? 0) &&
      isCommonCategory(bytes, starts[4] ?? 0, ends[4] ?? 0) &&
      isTrimmed(bytes, starts[5] ?? 0, ends[5] ?? 0) &&
      areCommonLabels(bytes, starts[6] ?? 0, ends[6] ?? 0);
    if (isProductKnown) digestProduct(bytes, spans, digest);
    return isProductKnown;
  }

  function isUriPlain(from: number, to: number): boolean {
    if (bucketLength === 0) bucketLength = bucketBytes(bytes, from, to);
    return bucketLength > 0 && isCommonObject(bytes, from + bucketLength, to);
  }

  function isImagePlain(): boolean {
    return (
      isUriPlain(starts[0] ?? 0, ends[0] ?? 0) &&
      isCommonId(bytes, starts[1] ?? 0, ends[1] ?? 0) &&
      isCommonPoly(bytes, starts[7] ?? 0, ends[7] ?? 0)
    );
  }

  return {
    open(lines) {
      bytes = new DataView(lines.buffer, lines.byteOffset, lines.byteLength);
      buffer = Buffer.from(lines.buffer, lines.byteOffset, lines.byteLength);
      uriLength = 0;
      bucketLength = 0;
      productLength = 0;
    },
    read(at) {
      const imageId = cutUri(at);
      const product = imageId < 0 ? -1 : cut(imageId, 1, PRODUCT);
      if (product < 0) return -1;
      const poly = repeatProduct(product) ? product + productLength : cutProduct(product);
      const end = poly < 0 ? -1 : cut(poly, POLY, COLUMNS.length);
      if (end < 0 || end - at > LINE_CHARACTERS) return -1;
      const lf = bytes.getUint8(end) === CR ? end + 1 : end;
      return bytes.getUint8(lf) === LF ? lf : -1;
    },
    isPlain() {
      if (!isImagePlain() || !isProductPlain()) return false;
      digestImage(bytes, spans, digest);
      return true;
    },
    digest,
    fields: () => fieldsOf(buffer, spans),
    isInOrder(column) {
      const rule = COMMON_RULES[column - 1];
      return rule?.(bytes, starts[column - 1] ?? 0, ends[column - 1] ?? 0) ?? false;
    },
  };
}

/** The line's text is decoded once; where it is ASCII, the columns are where their bytes are. */
function fieldsOf(buffer: Buffer, { starts, ends }: Spans): Fields {
  const first = starts[0] ?? 0;
  const last = ends[POLY] ?? 0;
  const line = buffer.toString('utf8', first, last);
  const isAscii = line.length === last - first;
  const text = (index: number) => {
    const from = starts[index] ?? 0;
    const to = ends[index] ?? 0;
    const raw = isAscii ? line.slice(from - first, to - first) : buffer.toString('utf8', from, to);
    return raw.includes('"') ? raw.replaceAll('""', '"') : raw;
  };
  return [text(0), text(1), text(2), text(3), text(4), text(5), text(6), text(7)];
}
