/** Three products with an image each in the set `shoes`, and what became of them. */
import { ServiceError, type Status } from '../../shared/core/errors';
import type { Reservation } from '../../shared/core/reservation';
import { createWorld, LOCATION, STATE, type World } from './world';

export const fault = (status: Status) => new ServiceError('ProductSearch.Call', status, 'said the service');

/** The lines of the three, whose image files are put in place. */
export function rows(world: World, options: { imageIds?: boolean } = {}): string {
  const id = (n: number) => (options.imageIds === false ? '' : `i${n}`);
  return [1, 2, 3].map((n) => `${world.image(`${n}.png`)},${id(n)},shoes,p${n},apparel-v2,,,\n`).join('');
}

/** A world in which they are imported. */
export async function seeded(environment: Record<string, string> = {}): Promise<World> {
  const world = createWorld(environment);
  await world.drop('seed.csv', rows(world));
  await world.settle();
  return world;
}

export async function imageCounts(world: World): Promise<number[]> {
  const lists = [1, 2, 3].map((n) => world.ports.productSearch.listReferenceImages(LOCATION, `p${n}`));
  return (await Promise.all(lists)).map((page) => page?.items.length ?? 0);
}

export async function members(world: World): Promise<string[]> {
  const page = await world.ports.productSearch.listProductsInProductSet(LOCATION, 'shoes');
  return page.items.map((product) => product.id).sort();
}

function readState<T>(world: World, name: string): T {
  return (JSON.parse(world.text(`gs://${STATE}/${name}`)) as { value: T }).value;
}

export function slotsTaken(world: World): number {
  const { taken } = readState<{ taken: Record<string, number> }>(world, 'quota/imports.json');
  return Object.values(taken).reduce((sum, count) => sum + count, 0);
}

export function claims(world: World): Reservation['claims'] {
  return readState<Reservation>(world, `reservations/${LOCATION}.json`).claims;
}
