/**
 * Joins the listed targets with the memberships: which products go, and which sets they are in, in survey files by id;
 * then applies the belts. A dry run is told of every refusal and goes on. Goes on behind the last id of its cursor. What
 * an earlier round has surveyed is left out: a second round holds what other programs added meanwhile.
 */
import {
  capProblem,
  counted,
  isProtected,
  NONE,
  protectedMembersProblem,
  sharedProductsProblem,
  shownShared,
  type Tally,
} from '../core/belts';
import type { Problem } from '../core/problem';
import type { Survey } from '../core/request';
import type { Product } from '../ports';
import { joinByKey } from './joinByKey';
import { MEMBER_RUNS } from './listMemberships';
import { TARGET_RUNS } from './listTargets';
import { mergeRuns, NO_RUNS } from './sortedRuns';
import { commandInput, DONE, end, type Step, type StepContext } from './step';
import {
  digestOfKeys,
  type SurveyedProduct,
  type SurveyIndex,
  surveyedEntries,
  surveyFile,
  surveyIndexFile,
} from './surveyFiles';

/** Of a million products few may be orphans: the clock is looked at after so many. */
const LOOK_EVERY = 10_000;

interface Cursor {
  /** The last id that is written or left out. */
  after?: string;
  chunk: number;
  goes: number;
  stays: number;
  shared: Tally;
  protected: Tally;
  absent: Tally;
  index: SurveyIndex;
}

export const surveyProducts: Step = async (context, saved) => {
  const { record } = context;
  const before = record.facts.survey;
  const cursor = (saved as Cursor | undefined) ?? (await firstCursor(context));
  if (!(await surveyAll(context, cursor))) return { kind: 'more', cursor };
  await context.ports.objects.write(surveyIndexFile(context), JSON.stringify(cursor.index), {
    contentType: 'application/json',
  });
  const survey: Survey = {
    products: cursor.goes,
    stay: cursor.stays,
    chunks: cursor.chunk,
    rounds: [...(before?.rounds ?? []), before?.chunks ?? 0],
    digest: '',
  };
  survey.digest = await digestOfSurvey(context, survey);
  const refusals = refusalsOf(context, cursor);
  record.facts.survey = survey;
  record.facts.absent = cursor.absent;
  // The images of an earlier round stay counted: those of this one come on top.
  record.counts.alreadyAbsent = cursor.absent.count;
  const isRefused = refusals.some((problem) => problem.severity === undefined);
  const hasChanged = (record.facts.takenOut ?? 0) > 0;
  if (isRefused && !record.dryRun) return end(hasChanged ? 'failed' : 'rejected', ...refusals);
  record.problems.push(...refusals);
  if (record.dryRun) record.counts.products = survey.products;
  return DONE;
};

async function firstCursor(context: StepContext): Promise<Cursor> {
  const { survey, absent = NONE } = context.record.facts;
  const chunk = survey?.chunks ?? 0;
  const index = chunk === 0 ? [] : await readIndex(context);
  return {
    chunk,
    goes: survey?.products ?? 0,
    stays: survey?.stay ?? 0,
    shared: NONE,
    protected: NONE,
    absent,
    index,
  };
}

async function readIndex(context: StepContext): Promise<SurveyIndex> {
  const found = await context.ports.objects.read(surveyIndexFile(context));
  if (found === null) throw new Error(`the survey index of ${context.record.id} is missing`);
  return JSON.parse(found.body.toString('utf8')) as SurveyIndex;
}

/** Whether all targets are surveyed; otherwise the time is used up, and the cursor says how far it went. */
async function surveyAll(context: StepContext, cursor: Cursor): Promise<boolean> {
  const { runs = NO_RUNS, memberRuns = NO_RUNS } = context.record.facts.listed ?? {};
  const joined = joinByKey(
    mergeRuns(context, TARGET_RUNS, runs),
    mergeRuns(context, MEMBER_RUNS, memberRuns),
    surveyedEntries(context),
  );
  const { after } = cursor;
  let part: SurveyedProduct[] = [];
  let last = after;
  let seen = 0;
  for await (const { key, value, second, known } of joined) {
    if (after !== undefined && key <= after) continue;
    last = key;
    seen += 1;
    const surveyed = known === null ? survey(context, cursor, key, value as Product | null, second as string[]) : null;
    if (surveyed !== null) part.push(surveyed);
    const isFull = part.length >= context.config.sizes.surveyedProducts;
    if (!isFull && (seen % LOOK_EVERY > 0 || !context.outOfTime())) continue;
    await writePart(context, cursor, part, last);
    part = [];
    if (context.outOfTime()) return false;
  }
  await writePart(context, cursor, part, last);
  return true;
}

/** null for what the request does not take: a product that does not exist, a member among orphans. */
function survey(
  { record, config }: StepContext,
  cursor: Cursor,
  id: string,
  product: Product | null,
  unsorted: string[],
): SurveyedProduct | null {
  const productSetIds = unsorted.sort();
  if (product === null) {
    cursor.absent = counted(cursor.absent, id);
    return null;
  }
  if (record.request === 'purgeOrphanProducts' && productSetIds.length > 0) return null;
  const { productSetId, sharedProducts = 'refuse' } = commandInput(record);
  const others = record.kind === 'purge' ? productSetIds.filter((setId) => setId !== productSetId) : [];
  if (others.length > 0) cursor.shared = counted(cursor.shared, shownShared(id, others));
  if (others.length > 0 && sharedProducts === 'keep') {
    cursor.stays += 1;
    return { product, productSetIds, stays: true };
  }
  cursor.goes += 1;
  const isGuarded = productSetIds.some((setId) => isProtected(setId, config.protectedProductSets));
  if (isGuarded) cursor.protected = counted(cursor.protected, id);
  return { product, productSetIds };
}

async function writePart(context: StepContext, cursor: Cursor, part: SurveyedProduct[], after: string | undefined) {
  cursor.after = after;
  if (part.length === 0) return;
  await context.ports.objects.write(surveyFile(context, cursor.chunk), JSON.stringify(part), {
    contentType: 'application/json',
  });
  cursor.index.push([part[0]?.product.id ?? '', part.at(-1)?.product.id ?? '']);
  cursor.chunk += 1;
  context.progress('products surveyed', cursor.goes + cursor.stays);
}

async function digestOfSurvey(context: StepContext, survey: Survey): Promise<string> {
  const record = { ...context.record, facts: { ...context.record.facts, survey } };
  return digestOfKeys(surveyedEntries({ ...context, record }));
}

function refusalsOf({ record, config }: StepContext, cursor: Cursor): Problem[] {
  const { maxProducts, productSetId, sharedProducts = 'refuse' } = commandInput(record);
  return [
    capProblem(cursor.goes, maxProducts ?? config.purgeMaxProducts, config.maxProductsCeiling),
    protectedMembersProblem(cursor.protected),
    productSetId === undefined ? null : sharedProductsProblem(cursor.shared, productSetId, sharedProducts),
  ].filter((problem) => problem !== null);
}
