/** The files that a restore keeps in its staging folder between its steps. */
import type { Problem } from '../core/problem';
import type { Comparison } from '../core/restore';
import type { ObjectName } from '../ports';
import { readStaged } from './stagedImport';
import { ownFile, type StepContext } from './step';

/** The comparison of as many products as are compared at a time. */
export interface RestoreUnit extends Comparison {
  /** How many import lines the units before it have. */
  firstLine: number;
}

type FileContext = Pick<StepContext, 'config' | 'record'>;

/** JSON: the ids of all product sets that the snapshot's products and its target name. */
export const namedSetsFile = (context: FileContext): ObjectName =>
  ownFile(context, 'staging', 'restore-product-sets.json');

/** JSON: `RestoreUnit`; the first one is of the product sets. */
export const unitFile = (context: FileContext, unit: number): ObjectName =>
  ownFile(context, 'staging', `restore-${String(unit + 1).padStart(6, '0')}.json`);

/** JSON: `Problem[]` of a unit's actions from `at` on that failed; there only where some did. */
export const failuresFile = (context: FileContext, unit: number, at: number): ObjectName => {
  const numbers = `${String(unit + 1).padStart(6, '0')}-${String(at).padStart(7, '0')}`;
  return ownFile(context, 'staging', `restore-failures-${numbers}.json`);
};

export async function writeStaged(context: StepContext, object: ObjectName, value: unknown): Promise<void> {
  await context.ports.objects.write(object, JSON.stringify(value), { contentType: 'application/json' });
}

/** Throws where it is missing: what was compared is never taken for nothing. */
export async function readUnit(context: StepContext, unit: number): Promise<RestoreUnit> {
  const found = await readStaged<RestoreUnit>(context, unitFile(context, unit));
  if (found === null) throw new Error(`file ${unit + 1} of the comparison of ${context.record.id} is missing`);
  return found;
}

/** The problems of all actions that failed, in order. */
export async function* eachFailure(context: StepContext): AsyncGenerator<Problem> {
  const { bucket, name } = ownFile(context, 'staging', 'restore-failures-');
  let pageToken: string | undefined;
  do {
    const page = await context.ports.objects.list({ bucket, prefix: name, pageToken });
    for (const object of page.objects) yield* (await readStaged<Problem[]>(context, object)) ?? [];
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined);
}
