/** A world with a Cloudinary account full of originals, and what became of them. */
import type { WorldOptions } from './world';
import { createWorld, type World } from './world';

export const DERIVED = 'product-search.derived.completed.v1';
export const WAITING = 'product-search.request.waiting.v1';

/** Originals with two derived each, unless the change says otherwise. */
export function seedOriginals(
  world: World,
  publicIds: Iterable<string>,
  change: { type?: string; resourceType?: string; tags?: string[]; eager?: string[] } = {},
): void {
  const identity = { resourceType: 'image', type: 'upload', eager: ['w_100', 'w_200'] };
  for (const publicId of publicIds) world.cloudinary.upload({ ...identity, publicId, ...change });
}

export function* ids(count: number, prefix = 'shoe-'): Generator<string> {
  for (let n = 1; n <= count; n += 1) yield `${prefix}${n}`;
}

/** Originals and derived ones that are left. */
export function left(world: World): [number, number] {
  const { resources, derived_resources } = world.cloudinary.usage();
  return [resources, derived_resources];
}

/** Publishes the command, lets everything run, and gives the data of its terminal event. */
export async function deleteDerived(world: World, command: Record<string, unknown>) {
  await world.publish({ command: 'deleteDerivedResources', ...command });
  await world.settle();
  const event = world.events(DERIVED).at(-1);
  if (event === undefined) throw new Error(`no event: ${JSON.stringify(world.events().at(-1)?.data)}`);
  return event.data;
}

export function worldOf(count: number, options: WorldOptions = {}, environment: Record<string, string> = {}): World {
  const world = createWorld(environment, options);
  seedOriginals(world, ids(count));
  return world;
}
