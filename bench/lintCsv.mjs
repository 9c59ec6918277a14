/** Writes the CSV that `bench/lint.mjs` measures with: the same bytes for the same options, much like a real shop's. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';

const PLAIN_NAMES = ['Runner', 'Court shoe', 'Desk lamp', 'Wool coat', 'Tea pot', 'Chair', 'Rucksack', 'Floor vase'];
const ODD_NAMES = ['"Mug, 0.3 l"', 'Läufer „Förde“', 'Bottine d’été', '"5"" pan"', '帽子', 'Café set 🫖'];
const CATEGORIES = ['apparel-v2', 'homegoods-v2', 'general-v1', 'toys-v2', 'packagedgoods-v1'];
const STYLES = ['sport', 'formal', 'kids', 'outdoor'];
const COLOURS = ['red', 'blue', 'teal', 'black', 'white', 'grün'];
const SETS = 200;

/** A number below `limit` that depends on the two others only (the mixer is that of SplitMix, 32 bits). */
function drawn(number, what, limit) {
  let hash = Math.imul(number + 1, 0x9e3779b9) ^ Math.imul(what + 1, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 16), 0x21f0aaad);
  hash = Math.imul(hash ^ (hash >>> 15), 0x735a2d97);
  return ((hash ^ (hash >>> 15)) >>> 0) % limit;
}

function product(number) {
  const draw = (what, limit) => drawn(number, what, limit);
  const name = draw(0, 8) === 0 ? ODD_NAMES[draw(1, ODD_NAMES.length)] : PLAIN_NAMES[draw(1, PLAIN_NAMES.length)];
  const colour = COLOURS[draw(2, COLOURS.length)];
  const labels = ['', `color=${colour}`, `"style=${STYLES[draw(3, STYLES.length)]},color=${colour}"`][
    Math.min(draw(4, 5), 2)
  ];
  const id = `sku-${100_000 + number}`;
  return { id, columns: `set-${draw(5, SETS)},${id},${CATEGORIES[draw(6, CATEGORIES.length)]},${name},${labels}` };
}

function polygon(line) {
  const kind = drawn(line, 7, 10);
  if (kind > 2) return '';
  if (kind === 2) return '"0.1,0.1,0.9,0.1,0.9,0.9,0.1,0.9"';
  const [left, top, right, bottom] = [0, 1, 2, 3].map((side) => drawn(line, 8 + side, 300) + (side < 2 ? 0 : 600));
  return `"${left},${top},${right},${top},${right},${bottom},${left},${bottom}"`;
}

/** The line without its end. Of `odd` in a thousand lines, half have no image-id, half a category that there is not. */
function csvLine(line, { columns, id }, odd) {
  const oddity = drawn(line, 12, 1_000);
  const imageId = oddity < odd / 2 ? '' : `img-${line}`;
  const rest =
    oddity >= odd / 2 && oddity < odd
      ? columns.replace(/(apparel|homegoods|general|toys|packagedgoods)-v\d/, 'shoes')
      : columns;
  return `gs://shop-images/catalogue/${id}/view-${line}.jpg,${imageId},${rest},${polygon(line)}`;
}

/** `grouped`: the one to six images of a product stand together, as in an export; else products come as chance has it. */
export async function writeLintCsv(path, { lines, odd = 5, grouped = true }) {
  const out = createWriteStream(path);
  let text = '';
  let number = 0;
  let left = 0;
  for (let line = 1; line <= lines; line += 1) {
    if (left === 0) {
      number += 1;
      left = 1 + drawn(number, 13, 6);
    }
    left -= 1;
    text += `${csvLine(line, product(grouped ? number : drawn(line, 14, Math.ceil(lines / 3.5))), odd)}\n`;
    if (text.length < 1 << 20 && line < lines) continue;
    if (!out.write(text)) await once(out, 'drain');
    text = '';
  }
  out.end();
  await finished(out);
}
