/** A world with image files, for sweeps of them. */
import { createWorld, IMAGES, LOCATION, STATE, type World } from './world';

export const SWEPT = 'product-search.sweep.completed.v1';
export const DAY = 24 * 3_600_000;
export const SWEEP = { command: 'sweepImageFiles', force: true, prefix: `gs://${IMAGES}/`, olderThanDays: 0 };

/** Deletes what nothing uses of the files that earlier requests left. */
export const SWEEP_LEFT = { command: 'sweepImageFiles', force: true, olderThanDays: 0 };

export async function useFile(world: World, productId: string, uri: string, location = LOCATION): Promise<void> {
  const search = world.ports.productSearch;
  const fields = { displayName: productId, description: '', productCategory: 'toys-v2', productLabels: [] };
  await search.createProduct(location, { id: productId, ...fields });
  const known = (await search.listReferenceImages(location, productId))?.items.length ?? 0;
  const x = known * 10;
  const vertices = [x, x + 5].flatMap((at) => [
    { x: at, y: 0 },
    { x: at, y: 5 },
  ]);
  const boundingPolys = [{ vertices, normalizedVertices: [] }];
  await search.createReferenceImage(location, productId, { id: `i${known}`, uri, boundingPolys });
}

/** A file that an earlier request has left for a sweep, as it is now. */
export async function leave(world: World, uri: string, requestId = 'cmd-earlier'): Promise<void> {
  const name = uri.replace(/^gs:\/\/[^/]+\//, '');
  const bucket = uri.slice('gs://'.length).split('/')[0] ?? '';
  const stored = await world.ports.objects.stat({ bucket, name });
  const body = JSON.stringify([{ uri, generation: stored?.generation ?? '1', productId: 'p0', requestId }]);
  const object = { bucket: STATE, name: `candidates/${requestId}-00001.json` };
  await world.ports.objects.write(object, body, { contentType: 'application/json' });
}

/** Acts once, just before the next call of that method with such parameters. */
export function justBefore(
  world: World,
  method: string,
  isIt: (...parameters: never[]) => boolean,
  act: () => void,
): void {
  let done = false;
  const when = (...parameters: unknown[]) => {
    if (!done && isIt(...(parameters as never[]))) {
      done = true;
      act();
    }
    return false;
  };
  world.failCall(method, null, { when });
}

export interface Scene {
  world: World;
  used: string;
  unused: string;
}

/** A used and an unused file, both left by earlier requests. */
export async function scene(): Promise<Scene> {
  const world = createWorld();
  const [used, unused] = [world.image('used.png'), world.image('unused.png')];
  await leave(world, used, 'cmd-a');
  await leave(world, unused, 'cmd-b');
  await useFile(world, 'p1', used, 'europe-west1');
  return { world, used, unused };
}

/** A dropped file that names that image. */
export function csv(uri: string, image = 'late'): string {
  return `${uri},${image},shoes,p9,apparel-v2,,,\n`;
}

export interface SweepReport {
  counts: Record<string, number>;
  imageFiles: { uri: string; removed: boolean; reason: string }[];
}

export function sweepReport(world: World, index = 0): SweepReport {
  return JSON.parse(world.text(world.events(SWEPT)[index]?.data.files.report)) as SweepReport;
}

/** What the report says of a file. */
export function fate(world: World, uri: string, index = 0): { removed: boolean; reason: string } | undefined {
  const found = sweepReport(world, index).imageFiles.find((file) => file.uri === uri);
  return found && { removed: found.removed, reason: found.reason };
}

export function isThere(world: World, uri: string): boolean {
  return world.names(IMAGES).includes(uri.slice(`gs://${IMAGES}/`.length));
}

export { createWorld, IMAGES, LOCATION, STATE, type World };
