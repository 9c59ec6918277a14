/** What is kept of an image: fingerprints of its normalised columns, the same whether they come as text or as bytes. Pure. */
import type { ImageLine } from './fields';
import { type Fingerprint, fingerprint, shortFingerprint } from './fingerprints';

/** Signed 32-bit numbers. Where two columns must agree for sure, both lanes are kept: 64 bits. */
export interface ImageDigest {
  setLow: number;
  setHigh: number;
  productLow: number;
  productHigh: number;
  /** The image in its product: product id and image id. */
  imageLow: number;
  imageHigh: number;
  /** What an image id stands for: image-uri and bounding-poly. */
  place: number;
  category: number;
  name: number;
  labels: number;
}

/**
 * Where the columns of an image lie in the bytes: column n, from 1, from `starts[n - 1]` to before `ends[n - 1]`, without
 * the quotes around it. A quote in it is doubled, as in the file: so nothing has to be written anew to be digested.
 */
export interface Spans {
  starts: Int32Array;
  ends: Int32Array;
}

export function createImageDigest(): ImageDigest {
  return {
    setLow: 0,
    setHigh: 0,
    productLow: 0,
    productHigh: 0,
    imageLow: 0,
    imageHigh: 0,
    place: 0,
    category: 0,
    name: 0,
    labels: 0,
  };
}

/** Digests columns 3 to 7, which must be in their normalised form, into `digest`. */
export function digestProduct(bytes: DataView, { starts, ends }: Spans, digest: ImageDigest): void {
  const set = fingerprint(bytes, starts[2] ?? 0, ends[2] ?? 0);
  digest.setLow = set.low;
  digest.setHigh = set.high;
  const product = fingerprint(bytes, starts[3] ?? 0, ends[3] ?? 0);
  digest.productLow = product.low;
  digest.productHigh = product.high;
  digest.category = shortFingerprint(bytes, starts[4] ?? 0, ends[4] ?? 0);
  digest.name = shortFingerprint(bytes, starts[5] ?? 0, ends[5] ?? 0);
  digest.labels = shortFingerprint(bytes, starts[6] ?? 0, ends[6] ?? 0);
}

/** Digests the other columns, after those of the product. */
export function digestImage(bytes: DataView, { starts, ends }: Spans, digest: ImageDigest): void {
  product.low = digest.productLow;
  product.high = digest.productHigh;
  const image = fingerprint(bytes, starts[1] ?? 0, ends[1] ?? 0, product);
  digest.imageLow = image.low;
  digest.imageHigh = image.high;
  const uri = shortFingerprint(bytes, starts[0] ?? 0, ends[0] ?? 0);
  digest.place = shortFingerprint(bytes, starts[7] ?? 0, ends[7] ?? 0, uri);
}

const product: Fingerprint = { low: 0, high: 0 };
const scratch = { bytes: Buffer.alloc(4_096), starts: new Int32Array(8), ends: new Int32Array(8) };

/** The digest of an image whose columns are text, with the image id that it is known by. */
export function digestOf(image: ImageLine, imageId: string): ImageDigest {
  const digest = createImageDigest();
  const columns = [
    image.imageUri,
    imageId,
    image.productSetId,
    image.productId,
    image.productCategory,
    image.displayName,
    image.labels,
    image.boundingPoly,
  ].map(escaped);
  const whole = columns.join('');
  if (whole.length * 3 > scratch.bytes.length) scratch.bytes = Buffer.alloc(whole.length * 3);
  const isAscii = scratch.bytes.write(whole) === whole.length;
  let at = 0;
  for (const [index, text] of columns.entries()) {
    scratch.starts[index] = at;
    at += isAscii ? text.length : Buffer.byteLength(text);
    scratch.ends[index] = at;
  }
  const view = new DataView(scratch.bytes.buffer, scratch.bytes.byteOffset, scratch.bytes.length);
  digestProduct(view, scratch, digest);
  digestImage(view, scratch, digest);
  return digest;
}

function escaped(text: string): string {
  return text.includes('"') ? text.replaceAll('"', '""') : text;
}
