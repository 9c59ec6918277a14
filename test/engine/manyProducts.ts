/** Any number of products in the set `shoes`, with an image and an image file each. */
import type { World } from './world';

/** Ids in ascending order. */
export const idsOf = (count: number) => Array.from({ length: count }, (_, n) => `p${String(n).padStart(4, '0')}`);

export async function seed(world: World, ids: readonly string[]): Promise<void> {
  const rows = ids.map((id) => `${world.image(`${id}.png`)},i,shoes,${id},apparel-v2,,,\n`);
  await world.drop('seed.csv', rows.join(''));
  await world.settle();
}
