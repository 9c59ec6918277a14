/**
 * Deletes what is derived at Cloudinary, and originals only where the command says so. Goes on from the cursor that is
 * written down after every page. Safe to repeat: a page that was done already has nothing left to delete.
 */
import type { DerivedPage } from '../core/cloudinaryAnswer';
import { type DerivedDeletion, IDS_PER_CALL, ORIGINALS_PER_CALL } from '../core/derivedDeletion';
import { DEFAULT_MAX_FILES, maxFilesProblem, type PageCursor } from '../core/derivedProblems';
import type { Problem } from '../core/problem';
import { countUpTo, refusedCursorProblem } from './countOriginals';
import { takePage, warningsOf } from './derivedPages';
import { targetOf } from './derivedTarget';
import { commandInput, DONE, end, type Step, type StepContext, type StepResult } from './step';

interface Cursor extends PageCursor {
  /** Of the service, for the next page. */
  next?: string;
  refused?: number;
}

const MOST_REFUSALS = 3;

export const deleteDerived: Step = async (context, saved) => {
  const cursor: Cursor = { page: 0, lost: 0, ...(saved as Cursor | undefined) };
  if (cursor.begun !== true) await context.checkpoint({ ...cursor, begun: true });
  for (let deletion = next(context, cursor); deletion !== null; deletion = next(context, cursor)) {
    const tooMany = await checkAllowance(context, cursor);
    if (tooMany?.kind === 'wait') return { ...tooMany, cursor };
    if (tooMany !== null) return conclude(context, cursor, tooMany);
    const taken = await takePage(context, cursor, deletion);
    if (taken.kind === 'wait') return { ...taken.result, cursor };
    const problem = taken.kind === 'value' ? goOn(cursor, deletion, taken.value) : startOver(cursor);
    if (problem === 'finished') break;
    if (problem !== null) return conclude(context, cursor, end('partial', problem));
    if (context.outOfTime()) return { kind: 'more', cursor };
    await context.checkpoint({ ...cursor, begun: true });
  }
  return conclude(context, cursor, DONE);
};

/** The call that comes next, or null where all named ids are done. */
function next({ record }: StepContext, { page, next: place }: Cursor): DerivedDeletion | null {
  const input = commandInput(record);
  const { select, ...target } = targetOf(input);
  const deletion = {
    ...target,
    // A restriction to transformations spares the originals, whatever else is said.
    keepOriginal: input.keepOriginal !== false || input.transformations !== undefined,
    invalidate: input.invalidate === true,
    ...(input.transformations === undefined ? {} : { transformations: input.transformations }),
  };
  if (!('publicIds' in select)) return { ...deletion, select, ...(place === undefined ? {} : { cursor: place }) };
  const publicIds = select.publicIds.slice(page * IDS_PER_CALL, (page + 1) * IDS_PER_CALL);
  return publicIds.length === 0 ? null : { ...deletion, select: { publicIds } };
}

/** Originals are counted again where one call could take more of them than are left of `maxFiles`. */
async function checkAllowance(context: StepContext, cursor: Cursor): Promise<StepResult | null> {
  const { keepOriginal, select, maxFiles = DEFAULT_MAX_FILES } = commandInput(context.record);
  if (keepOriginal !== false || select?.publicIds !== undefined) return null;
  const gone = context.record.counts.originals ?? 0;
  const left = maxFiles - gone;
  if (left >= ORIGINALS_PER_CALL) return null;
  const counted = await countUpTo({ ...context, outOfTime: () => false }, left, { listed: 0 });
  if (counted.kind === 'wait') return counted.result;
  if (counted.kind !== 'refused') return null;
  const isUntouched = cursor.page === 0 && cursor.lost === 0 && cursor.begun !== true;
  if (isUntouched) return end('rejected', counted.problem);
  return end(
    'partial',
    counted.problem.code === 'max-files' ? maxFilesProblem(maxFiles + 1, maxFiles) : counted.problem,
  );
}

/** Moves the cursor behind the page; a problem where the service's answer leads nowhere. */
function goOn(cursor: Cursor, deletion: DerivedDeletion, page: DerivedPage): Problem | 'finished' | null {
  cursor.page += 1;
  const originals = page.resources.reduce((sum, one) => sum + one.originals, 0);
  if (deletion.keepOriginal && originals > 0) return originalsWentProblem(originals);
  if ('publicIds' in deletion.select) return null;
  if (!deletion.keepOriginal) {
    if (!page.partial) return 'finished';
    return originals > 0 ? null : stuckProblem('says that there is more, and deleted nothing');
  }
  if (page.cursor === undefined)
    return page.partial ? stuckProblem('says that there is more, and not where') : 'finished';
  if (page.cursor === cursor.next) return stuckProblem('gave the same cursor again');
  cursor.next = page.cursor;
  return null;
}

function startOver(cursor: Cursor): Problem | null {
  cursor.refused = (cursor.refused ?? 0) + 1;
  cursor.next = undefined;
  return cursor.refused > MOST_REFUSALS ? refusedCursorProblem(cursor.refused) : null;
}

function originalsWentProblem(originals: number): Problem {
  const message = `Cloudinary deleted ${originals} originals although they were to be kept; no further call was made`;
  return { code: 'originals-deleted', message };
}

function stuckProblem(what: string): Problem {
  return { code: 'no-progress', message: `Cloudinary ${what}; the rest was left alone` };
}

function conclude(context: StepContext, cursor: Cursor, result: StepResult): StepResult {
  const { record } = context;
  const { originals = 0, derived = 0, failed = 0, notFound = 0 } = record.counts;
  record.problems.push(...warningsOf(context, cursor.lost, commandInput(record).invalidate === true));
  if (result.kind !== 'done' || failed === 0) return result;
  return end(originals + derived + notFound > 0 ? 'partial' : 'failed');
}
