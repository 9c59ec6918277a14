/** Reads a snapshot from the state bucket: every part is the one that was written, or it is no snapshot. Reads only. */
import { createHash } from 'node:crypto';
import { parseGsUri } from '../core/names';
import {
  InvalidSnapshotError,
  parseSnapshotIndex,
  parseSnapshotPart,
  type SnapshotIndex,
  type SnapshotProduct,
  snapshotUriFault,
} from '../core/snapshot';
import type { StepContext } from './step';

type Reader = Pick<StepContext, 'ports' | 'config'>;

/**
 * `snapshot.json` with the generation that was read; with `generation`, only that one. Throws `InvalidSnapshotError`
 * where it is none of this system's own, or is not complete.
 */
export async function readSnapshotIndex(
  { ports, config }: Reader,
  uri: string,
  generation?: string,
): Promise<{ index: SnapshotIndex; generation: string }> {
  const fault = snapshotUriFault(uri, config.stateBucket);
  const object = parseGsUri(uri);
  if (fault !== null || object === null) throw new InvalidSnapshotError(`snapshot ${fault}`);
  const found = await ports.objects.read(object, generation);
  if (found === null) {
    const read = generation === undefined ? 'does not exist' : 'was changed after it had been checked';
    throw new InvalidSnapshotError(`${uri} ${read}`);
  }
  const index = parseSnapshotIndex(found.body.toString('utf8'), uri);
  if (index.projectId !== config.projectId) {
    throw new InvalidSnapshotError(`${uri} is of project ${index.projectId}; this system restores ${config.projectId}`);
  }
  if (sha256(index.parts.map((part) => part.digest).join('\n')) !== index.digest) {
    throw new InvalidSnapshotError(`${uri} does not list the parts that were written: its digest is another one`);
  }
  return { index, generation: found.object.generation };
}

/** The products of part `number` (from 0). Throws `InvalidSnapshotError` where it is missing or not as it was written. */
export async function readSnapshotPart(
  { ports }: Pick<Reader, 'ports'>,
  index: SnapshotIndex,
  number: number,
): Promise<SnapshotProduct[]> {
  const part = index.parts[number];
  const object = part === undefined ? null : parseGsUri(part.products);
  if (part === undefined || object === null) throw new RangeError(`the snapshot has no part ${number + 1}`);
  const found = await ports.objects.read(object);
  if (found === null) throw new InvalidSnapshotError(`${part.products} is missing`);
  if (sha256(found.body) !== part.digest) {
    throw new InvalidSnapshotError(`${part.products} is not what was written: its digest is another one`);
  }
  return parseSnapshotPart(found.body.toString('utf8'), part.products, index);
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
