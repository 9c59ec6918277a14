/**
 * Says what a dry run would delete at Cloudinary, and in how many calls: exactly where few originals match, which takes
 * a call each; else how many originals there are at least, and the whole account's derived ones as the most. Changes
 * nothing; goes on from its cursor.
 */
import { IDS_PER_CALL, ORIGINALS_PER_CALL } from '../core/derivedDeletion';
import { DEFAULT_MAX_FILES, maxFilesProblem } from '../core/derivedProblems';
import type { DerivedFacts } from '../core/request';
import { callsLeft, callWithinLimit, type WaitResult } from './derivedCalls';
import { targetOf, targetOfFiles } from './derivedTarget';
import { eachImageFile, wouldGo } from './imageFiles';
import { commandInput, DONE, type Step, type StepContext } from './step';

interface Cursor {
  /** Ids that were looked for, of those that are named. */
  at: number;
  originals: number;
  isWhole: boolean;
  /** What was found, as long as it is little enough to be looked at one by one. */
  few: string[];
  looked: number;
  derived: number;
}

const FEW = 20;
const LISTED_PER_CALL = 500;
const NOTHING: Cursor = { at: 0, originals: 0, isWhole: false, few: [], looked: 0, derived: 0 };

export const estimateDerived: Step = async (context, saved) => {
  const cursor: Cursor = structuredClone((saved as Cursor | undefined) ?? NOTHING);
  const target = await targetOfRequest(context);
  const named = 'publicIds' in target.select ? target.select.publicIds : undefined;
  const leftOff = (await list(context, cursor, target, named)) ?? (await lookAtFew(context, cursor, target));
  if (leftOff !== null) return { ...leftOff, cursor };
  const isExact = cursor.isWhole && cursor.looked === cursor.originals;
  const bound = isExact ? null : await callWithinLimit(context, (images) => images.usage());
  if (bound?.kind === 'wait') return { ...bound.result, cursor };
  const usage = bound?.kind === 'value' ? bound.value : {};
  const originals = cursor.isWhole ? cursor.originals : (usage.originals ?? cursor.originals);
  const calls = named === undefined ? originals / ORIGINALS_PER_CALL : named.length / IDS_PER_CALL;
  const derived = isExact ? cursor.derived : usage.derived;
  tell(context, { exact: isExact, originals, derived, calls: Math.ceil(calls) }, named);
  return DONE;
};

type Target = ReturnType<typeof targetOf>;

/** What the command names, or what belongs to the image files that would be removed. */
async function targetOfRequest(context: StepContext): Promise<Target> {
  const { record } = context;
  return record.kind === 'derived' ? targetOf(commandInput(record)) : targetOfFiles(context, await urisToGo(context));
}

async function urisToGo(context: StepContext): Promise<string[]> {
  const uris: string[] = [];
  for await (const file of eachImageFile(context)) if (wouldGo(file)) uris.push(file.uri);
  return uris;
}

async function list(
  context: StepContext,
  cursor: Cursor,
  target: Target,
  named: readonly string[] | undefined,
): Promise<WaitResult | { kind: 'more' } | null> {
  while (!cursor.isWhole && cursor.at < (named?.length ?? 1)) {
    const publicIds = named?.slice(cursor.at, cursor.at + IDS_PER_CALL);
    const select = publicIds === undefined ? target.select : { publicIds };
    const page = await callWithinLimit(context, (images) =>
      images.listOriginals({ ...target, select }, { maxResults: LISTED_PER_CALL }),
    );
    if (page.kind === 'wait') return page.result;
    const found = page.kind === 'value' ? page.value.originals : [];
    cursor.originals += found.length;
    cursor.at += publicIds?.length ?? 1;
    if (cursor.originals <= FEW) cursor.few.push(...found.map(({ publicId }) => publicId));
    if (named === undefined) cursor.isWhole = page.kind === 'value' && page.value.cursor === undefined;
    if (context.outOfTime() && cursor.at < (named?.length ?? 1)) return { kind: 'more' };
  }
  cursor.isWhole ||= named !== undefined;
  return null;
}

/** Only where it is little, and within the calls of this hour: a dry run is not worth an hour's wait. */
async function lookAtFew(context: StepContext, cursor: Cursor, target: Target): Promise<WaitResult | null> {
  const left = cursor.originals - cursor.looked;
  if (!cursor.isWhole || cursor.originals > FEW || left > callsLeft(context)) return null;
  const { transformations } = commandInput(context.record);
  while (cursor.looked < cursor.originals) {
    const publicId = cursor.few[cursor.looked] ?? '';
    const { resourceType, type } = target;
    const found = await callWithinLimit(context, (images) => images.derivedOf({ resourceType, type, publicId }));
    if (found.kind === 'wait') return found.result;
    const derived = found.kind === 'value' ? (found.value?.transformations ?? []) : [];
    if (found.kind !== 'value' || found.value?.cursor !== undefined) return null;
    cursor.derived += derived.filter((one) => transformations?.includes(one) ?? true).length;
    cursor.looked += 1;
  }
  return null;
}

function tell(
  { record }: StepContext,
  estimate: NonNullable<DerivedFacts['estimate']>,
  named: readonly string[] | undefined,
): void {
  const { originals, derived, calls, exact } = estimate;
  const { keepOriginal, maxFiles = DEFAULT_MAX_FILES, derived: followUp } = commandInput(record);
  const takesOriginals = (keepOriginal ?? followUp?.keepOriginal) === false;
  record.facts.derived = { ...record.facts.derived, estimate };
  record.counts.originals = takesOriginals ? originals : 0;
  record.counts.derived = derived ?? 0;
  if (record.kind === 'derived') record.counts.notFound = (named?.length ?? originals) - originals;
  const most = derived === undefined ? 'an unknown number of' : `${exact ? '' : 'at most '}${derived}`;
  const message = `${most} derived images of ${exact || named ? '' : 'up to '}${originals} originals would go, in ${calls} calls`;
  record.problems.push({ code: 'estimate', message, severity: 'warning' });
  const isOver = record.kind === 'derived' && takesOriginals && originals > maxFiles;
  if (isOver) record.problems.push(maxFilesProblem(originals, maxFiles));
}
