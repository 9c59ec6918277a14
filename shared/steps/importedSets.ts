/** The product sets that an import has put something into: where every line of a set failed, its index stays as it is. */
import { splitFields } from '../core/csv/splitFields';
import { STATUS_CODES } from '../core/errors';
import { type PartResult, readStaged, resultFile, stagedPart } from './stagedImport';
import type { StepContext } from './step';

/** Of the sets that the import claimed, those with at least one line that was imported. Reads only. */
export async function importedSets(context: StepContext): Promise<string[]> {
  const { counts, facts } = context.record;
  const { productSetIds = [], parts = [], valid = 0 } = facts.file ?? {};
  const { imported = 0 } = counts;
  if (imported === 0) return [];
  if (imported === valid || productSetIds.length === 1) return productSetIds;
  const open = new Set(productSetIds);
  for (const index of parts.keys()) {
    for (const id of await setsOfPart(context, index)) open.delete(id);
    if (open.size === 0) break;
    await context.checkpoint();
  }
  return productSetIds.filter((id) => !open.has(id));
}

async function setsOfPart(context: StepContext, index: number): Promise<Set<string>> {
  const { statuses = [], repeated } = (await readStaged<PartResult>(context, resultFile(context, index))) ?? {};
  const isImported = ({ code }: { code: number }) =>
    code === STATUS_CODES.OK || (repeated === true && code === STATUS_CODES.ALREADY_EXISTS);
  if (!statuses.some(isImported)) return new Set();
  const part = await context.ports.objects.read(stagedPart(context, index));
  const lines = part?.body.toString('utf8').split('\n') ?? [];
  const sets = new Set<string>();
  for (const [at, status] of statuses.entries()) {
    const split = isImported(status) ? splitFields(lines[at] ?? '') : undefined;
    const productSetId = split?.kind === 'fields' ? split.fields[2] : undefined;
    if (productSetId !== undefined) sets.add(productSetId);
  }
  return sets;
}
