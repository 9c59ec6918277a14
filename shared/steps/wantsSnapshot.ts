/** Whether a request writes a snapshot before it deletes. */
import type { RequestRecord } from '../core/request';
import { commandInput } from './step';

/**
 * A purge takes a snapshot unless the command refuses it, and so does a bulk delete whose products are not in the
 * message; one that names them only where the command asks for it.
 */
export function isSnapshotAsked(record: RequestRecord): boolean {
  const { snapshot, productIds } = commandInput(record);
  return snapshot ?? productIds === undefined;
}

/** A dry run writes none, but reads all that a snapshot would hold. */
export function wantsSnapshot(record: RequestRecord): boolean {
  return !record.dryRun && isSnapshotAsked(record);
}
