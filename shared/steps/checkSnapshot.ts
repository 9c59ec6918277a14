/**
 * Reads the whole snapshot and refuses it unless every part is as it was written; collects the product sets that it
 * names. Changes nothing. Goes on from the part that its cursor names; the sets so far lie in the staging folder.
 */

import { MAX_CLAIMED_SETS } from '../core/reservation';
import { InvalidSnapshotError, type SnapshotIndex } from '../core/snapshot';
import { readSnapshotIndex, readSnapshotPart } from './readSnapshot';
import { namedSetsFile, writeStaged } from './restoreFiles';
import { readStaged } from './stagedImport';
import { commandInput, DONE, end, type Step, type StepContext, type StepResult } from './step';

interface Cursor {
  part: number;
  products: number;
  generation: string;
}

export const checkSnapshot: Step = async (context, saved) => {
  try {
    return await check(context, saved as Cursor | undefined);
  } catch (error) {
    if (!(error instanceof InvalidSnapshotError)) throw error;
    return end('rejected', { code: 'invalid-snapshot', field: 'snapshot', message: error.message });
  }
};

async function check(context: StepContext, saved: Cursor | undefined): Promise<StepResult> {
  const { record } = context;
  const { snapshotUri = '', location } = commandInput(record);
  const { index, generation } = await readSnapshotIndex(context, snapshotUri, saved?.generation);
  if (location !== undefined && location !== index.location) {
    const message = `the snapshot is of ${index.location}, not of ${location}; leave location out, or give ${index.location}`;
    return end('rejected', { code: 'location', field: 'location', message });
  }
  record.location = index.location;
  record.files.snapshot = snapshotUri;
  const cursor = saved ?? { part: 0, products: 0, generation };
  const before = saved === undefined ? null : await readStaged<string[]>(context, namedSetsFile(context));
  const sets = new Set(before);
  if (index.target.productSetId) sets.add(index.target.productSetId);
  while (cursor.part < index.parts.length) {
    const products = await readSnapshotPart(context, index, cursor.part);
    for (const { productSetIds } of products) for (const id of productSetIds) sets.add(id);
    cursor.products += products.length;
    cursor.part += 1;
    if (!context.outOfTime()) continue;
    await writeStaged(context, namedSetsFile(context), [...sets]);
    return { kind: 'more', cursor };
  }
  await writeStaged(context, namedSetsFile(context), [...sets].sort());
  record.facts.restore = {
    generation,
    productSetIds: [...sets].sort().slice(0, MAX_CLAIMED_SETS + 1),
    products: cursor.products,
    units: 0,
    actions: 0,
    lines: 0,
    memberships: 0,
  };
  return DONE;
}

/** The snapshot that was checked, and no other. */
export async function checkedIndex(context: StepContext): Promise<SnapshotIndex> {
  const { snapshotUri = '' } = commandInput(context.record);
  return (await readSnapshotIndex(context, snapshotUri, context.record.facts.restore?.generation)).index;
}
