/**
 * The CSVs that users drop: good, bad, empty, dropped before, huge for what an import takes, and now and then something
 * else.
 */
import { gzipSync } from 'node:zlib';
import type { Config } from '../../../shared/config';
import type { Random } from '../random';
import { FOREIGN_IMAGES, IMAGES } from '../services';
import { DROP_NAMES, FILES, LEFTOVERS, PRODUCTS, SETS } from './names';

export interface DroppedContent {
  name: string;
  body: Buffer;
}

const ODD_LINES = [
  'one,two,three',
  '',
  'gs://product-search-images/1.png,,,,,,,',
  'not-a-uri,i,shoes,p1,apparel-v2,,,',
  '"open,i,shoes,p1,apparel-v2,,,',
  'gs://product-search-images/1.png,i,shoes,p/1,apparel-v2,,,',
] as const;

/** Good ones, one more than an import takes; every so many lines a bad one comes after. */
const HUGE_LINES = 20_001;
const BAD_EVERY = 4_000;

function uriOf(random: Random): string {
  if (random.chance(0.05)) return `gs://${IMAGES}/missing.png`;
  return `gs://${random.chance(0.1) ? FOREIGN_IMAGES : IMAGES}/${random.pick([...FILES, ...LEFTOVERS] as const)}.png`;
}

/** Line by line; an image id names the same file in most lines, so that images are present already quite often. */
function line(random: Random): string {
  if (random.chance(0.1)) return random.pick(ODD_LINES);
  const imageId = random.chance(0.15) ? '' : random.pick(FILES);
  const uri = imageId === '' || random.chance(0.2) ? uriOf(random) : `gs://${IMAGES}/${imageId}.png`;
  const labels = random.chance(0.2) ? '"color=red,size=9"' : '';
  const name = random.chance(0.2) ? '"With, comma"' : '';
  return `${uri},${imageId},${random.pick(SETS)},${random.pick(PRODUCTS)},apparel-v2,${name},${labels},`;
}

/** A file for which one import is too small, with bad lines in each part where they do not refuse it. */
export function makeHugeFile(onInvalidLines: Config['onInvalidLines']): DroppedContent {
  const lines: string[] = [];
  for (let n = 0; n < HUGE_LINES; n += 1) {
    lines.push(`gs://${IMAGES}/1.png,h${n},hats,huge-${n % 200},apparel-v2,,,\n`);
    if (onInvalidLines === 'skip' && n % BAD_EVERY === 0) lines.push(`bad-${n}\n`);
  }
  return { name: 'huge.csv', body: Buffer.from(lines.join('')) };
}

/** The same once more, under its name or under another one. */
export function makeDuplicate(random: Random, { name, body }: DroppedContent): DroppedContent {
  const [first = name, ...more] = DROP_NAMES.filter((other) => other.endsWith('.gz') === name.endsWith('.gz'));
  return { name: random.chance(0.4) ? name : random.pick([first, ...more]), body };
}

/** The content of one dropped file. */
export function makeFile(random: Random): DroppedContent {
  const name = random.chance(0.04)
    ? random.pick(['moon-east1/z.csv', 'read-me.txt', 'late/y.csv'] as const)
    : random.pick(DROP_NAMES);
  const ending = random.chance(0.2) ? '\r\n' : '\n';
  const count = random.chance(0.03) ? 0 : random.int(1, 8);
  const lines = Array.from({ length: count }, () => line(random));
  if (random.chance(0.1))
    lines.unshift(
      'image-uri,image-id,product-set-id,product-id,product-category,product-display-name,labels,bounding-poly',
    );
  const text = lines.map((one) => one + ending).join('');
  const body = Buffer.from(random.chance(0.1) ? text.trimEnd() : text);
  const isWhole = random.chance(0.95);
  if (name.endsWith('.gz')) return { name, body: isWhole ? gzipSync(body) : body };
  return { name, body };
}

/** A good CSV, a line for each image file. */
export function fileNaming(files: readonly string[]): Buffer {
  const lines = files.map((file) => `gs://${IMAGES}/${file}.png,${file},shoes,p1,apparel-v2,,,\n`);
  return Buffer.from(lines.join(''));
}
