/**
 * Counts, before originals are deleted by prefix, tag or all, how many there are: more than `maxFiles` are refused. A
 * deletion by tag takes every delivery type, so others than the command's are refused, too. Changes nothing.
 */
import { DEFAULT_MAX_FILES, maxFilesProblem } from '../core/derivedProblems';
import type { Problem } from '../core/problem';
import { callWithinLimit, type WaitResult } from './derivedCalls';
import { targetOf } from './derivedTarget';
import { commandInput, DONE, end, type Step, type StepContext } from './step';

export interface ListCursor {
  listed: number;
  next?: string;
  refused?: number;
}

/** The most that one page has (https://cloudinary.com/documentation/admin_api#get_resources). */
const LISTED_PER_CALL = 500;
const MOST_REFUSALS = 3;

export type Counted =
  | { kind: 'within'; listed: number }
  | { kind: 'refused'; problem: Problem }
  | { kind: 'wait'; result: WaitResult }
  | { kind: 'more' };

export const countOriginals: Step = async (context, saved) => {
  const { keepOriginal, select, maxFiles = DEFAULT_MAX_FILES } = commandInput(context.record);
  if (keepOriginal !== false || select?.publicIds !== undefined) return DONE;
  const cursor: ListCursor = { listed: 0, ...(saved as ListCursor | undefined) };
  const counted = await countUpTo(context, maxFiles, cursor, () => context.checkpoint({ ...cursor }));
  if (counted.kind === 'refused') return end('rejected', counted.problem);
  if (counted.kind === 'wait') return { ...counted.result, cursor };
  return counted.kind === 'more' ? { kind: 'more', cursor } : DONE;
};

/** Lists from the cursor on until there are more than `most`, or all are counted. */
export async function countUpTo(
  context: StepContext,
  most: number,
  cursor: ListCursor,
  afterPage: () => Promise<void> = async () => undefined,
): Promise<Counted> {
  const input = commandInput(context.record);
  const target = targetOf(input);
  for (;;) {
    const query = { cursor: cursor.next, maxResults: Math.min(LISTED_PER_CALL, most - cursor.listed + 1) };
    const page = await callWithinLimit(context, (images) => images.listOriginals(target, query));
    if (page.kind === 'wait') return page;
    if (page.kind === 'cursorRefused') {
      cursor.refused = (cursor.refused ?? 0) + 1;
      if (cursor.refused > MOST_REFUSALS) return { kind: 'refused', problem: refusedCursorProblem(cursor.refused) };
      Object.assign(cursor, { listed: 0, next: undefined });
      continue;
    }
    const foreign = page.value.originals.find(({ type }) => type !== target.type);
    if (foreign !== undefined) return { kind: 'refused', problem: foreignTypeProblem(foreign, target.type) };
    cursor.listed += page.value.originals.length;
    cursor.next = page.value.cursor;
    if (cursor.listed > most) return { kind: 'refused', problem: maxFilesProblem(cursor.listed, most) };
    if (cursor.next === undefined) return { kind: 'within', listed: cursor.listed };
    if (context.outOfTime()) return { kind: 'more' };
    await afterPage();
  }
}

export function refusedCursorProblem(times: number): Problem {
  const message = `Cloudinary refused its own cursor ${times} times; what was deleted until then is counted`;
  return { code: 'cursor-refused', message };
}

function foreignTypeProblem({ publicId, type }: { publicId: string; type: string }, wanted: string): Problem {
  const message = `${publicId} is of type ${type}, and a deletion by tag would take it as well as those of type ${wanted}; name public ids`;
  return { code: 'other-types', field: 'select.tag', message };
}
