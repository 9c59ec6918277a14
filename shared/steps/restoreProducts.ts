/**
 * Brings back what is missing, by calls, and whatever the import did not carry exactly. Goes on from the unit and action
 * that its cursor names; an action that is done again finds its own work and counts it once.
 */
import { ServiceError, STATUS_CODES } from '../core/errors';
import { PROBLEMS_IN_EVENT } from '../core/event';
import type { Problem } from '../core/problem';
import { COUNTED, type RestoreAction } from '../core/restore';
import { mapInTime } from './atOnce';
import { waitForPurgeOfAny } from './purgeInTheWay';
import { perform, refused } from './restoreActions';
import { failuresFile, type RestoreUnit, readUnit, writeStaged } from './restoreFiles';
import { type PartResult, readStaged, resultFile } from './stagedImport';
import { DONE, type Step, type StepContext } from './step';

interface Cursor {
  unit: number;
  at: number;
  /** Actions of all units so far. */
  done: number;
  /** How often these actions met a fault that should pass. */
  tries?: number;
}

/** After so many tries with growing pauses, a fault is that of one action, if the service answers otherwise. */
const MOST_TRIES = 5;

/** What an import has made already. */
interface Imported {
  lines: ReadonlySet<string>;
  products: ReadonlySet<string>;
  /** The one membership that a line gives. */
  memberships: ReadonlySet<string>;
}

export const restoreProducts: Step = async (context, saved) => {
  const units = context.record.facts.restore?.units ?? 0;
  let cursor: Cursor = (saved as Cursor | undefined) ?? { unit: 0, at: 0, done: 0 };
  // Whether lines were imported is decided: who takes over would ask again, and import what is made by then.
  if (saved === undefined) await context.checkpoint(cursor);
  let loaded: { unit: number; content: RestoreUnit; imported: Imported } | undefined;
  while (cursor.unit < units) {
    if (loaded?.unit !== cursor.unit) {
      const content = await readUnit(context, cursor.unit);
      const inTheWay = content.actions.length === 0 ? null : await waitForPurgeOfAny(context, productsOf(content));
      if (inTheWay?.kind === 'wait') return { ...inTheWay, cursor };
      loaded = { unit: cursor.unit, content, imported: await importedOf(context, content) };
    }
    const actions = sliceOf(context, loaded.content.actions, cursor.at);
    const made = await performOrCount(context, cursor, actions, loaded.imported);
    const at = cursor.at + made;
    const done = cursor.done + made;
    context.progress('changes made', done, context.record.facts.restore?.actions);
    cursor =
      at < loaded.content.actions.length ? { unit: cursor.unit, at, done } : { unit: cursor.unit + 1, at: 0, done };
    if (context.outOfTime()) return { kind: 'more', cursor };
    if (made > 0) await context.checkpoint(cursor);
  }
  return DONE;
};

function productsOf({ actions }: RestoreUnit): Set<string> {
  return new Set(
    actions.flatMap((one) => (one.make === 'product' ? one.product.id : 'productId' in one ? one.productId : [])),
  );
}

/** Actions of one kind: images and memberships need their products, so kinds are never done at the same time. */
function sliceOf({ config }: StepContext, actions: readonly RestoreAction[], at: number): RestoreAction[] {
  const slice = actions.slice(at, at + config.sizes.restoreActions);
  const other = slice.findIndex(({ make }) => make !== slice[0]?.make);
  return other < 0 ? slice : slice.slice(0, other);
}

/**
 * Gives how many of the actions are done. A fault that should pass is thrown, and its tries are counted: one image must not
 * hold up the rest for ever.
 */
async function performOrCount(
  context: StepContext,
  cursor: Cursor,
  actions: readonly RestoreAction[],
  imported: Imported,
): Promise<number> {
  try {
    return await performSome(context, cursor, actions, imported);
  } catch (error) {
    if (isPassing(error)) await context.checkpoint({ ...cursor, tries: (cursor.tries ?? 0) + 1 } satisfies Cursor);
    throw error;
  }
}

function isPassing(error: unknown): error is ServiceError {
  return error instanceof ServiceError && error.faultClass === 'transient';
}

/** As many as there is time for; a fault of a later one is met again, as that of the first of those that are left. */
async function performSome(
  context: StepContext,
  { unit, at, tries = 0 }: Cursor,
  actions: readonly RestoreAction[],
  imported: Imported,
): Promise<number> {
  const { record, ports } = context;
  const isLastTry = tries >= MOST_TRIES;
  if (isLastTry) await ports.productSearch.listProductSets(record.location, { pageSize: 1 });
  const far = await mapInTime(actions, context.outOfTime, async (action): Promise<Problem | null> => {
    if (isImported(action, imported)) return null;
    try {
      return await perform(context, action, action.make === 'product' && imported.products.has(action.product.id));
    } catch (error) {
      if (!isLastTry || !isPassing(error)) throw error;
      return refused(action, error);
    }
  });
  const outcomes = far.results;
  if (outcomes.length === 0 && far.fault !== undefined) throw far.fault;
  const failures = outcomes.filter((problem) => problem !== null);
  if (failures.length > 0) await writeStaged(context, failuresFile(context, unit, at), failures);
  for (const [index, { make }] of actions.slice(0, outcomes.length).entries()) {
    const name = outcomes[index] === null ? COUNTED[make] : 'failed';
    if (name !== undefined) record.counts[name] = (record.counts[name] ?? 0) + 1;
  }
  record.problems.push(...failures.slice(0, Math.max(0, PROBLEMS_IN_EVENT - record.problems.length)));
  return outcomes.length;
}

function isImported(action: RestoreAction, { lines, memberships }: Imported): boolean {
  if (action.make === 'image') return action.line !== undefined && lines.has(action.line);
  return action.make === 'membership' && memberships.has(membershipKey(action.productId, action.productSetId));
}

function membershipKey(productId: string, productSetId: string): string {
  return `${productId}/${productSetId}`;
}

/** By the statuses of the lines; a line without one, or with another than OK, is made by call. */
async function importedOf(context: StepContext, { actions, firstLine }: RestoreUnit): Promise<Imported> {
  const lines = new Set<string>();
  const products = new Set<string>();
  const memberships = new Set<string>();
  if (context.record.facts.file === undefined) return { lines, products, memberships };
  const { importLines } = context.config.sizes;
  const results = new Map<number, PartResult | null>();
  let number = firstLine;
  for (const action of actions) {
    if (action.make !== 'image' || action.line === undefined) continue;
    const part = Math.floor(number / importLines);
    if (!results.has(part)) results.set(part, await readStaged<PartResult>(context, resultFile(context, part)));
    if (results.get(part)?.statuses?.[number % importLines]?.code === STATUS_CODES.OK) {
      lines.add(action.line);
      products.add(action.productId);
      memberships.add(membershipKey(action.productId, action.productSetId ?? ''));
    }
    number += 1;
  }
  return { lines, products, memberships };
}
