/**
 * One deletion call at Cloudinary with its answer written down before anything else follows: a request that dies goes on
 * from the answer, and only an answer that nobody got is lost, which is said. A call may be repeated: what is gone has
 * nothing derived any more.
 */
import type { DerivedOutcome, DerivedPage } from '../core/cloudinaryAnswer';
import type { DerivedDeletion } from '../core/derivedDeletion';
import { derivedWarnings, type PageCursor } from '../core/derivedProblems';
import { faultClassOf, ServiceError } from '../core/errors';
import type { Problem } from '../core/problem';
import { callWithinLimit, type Limited } from './derivedCalls';
import { readStaged } from './stagedImport';
import { ownFile, type StepContext } from './step';

/** An answer as it is written down. */
interface KeptPage extends DerivedPage {
  /** Of a second call: the first one got no answer, and what it deleted is not in here. */
  repeated?: true;
}

const SAMPLE = 10;

function pageFile(context: Pick<StepContext, 'config' | 'record'>, page: number) {
  return ownFile(context, 'staging', `derived-${String(page + 1).padStart(5, '0')}.json`);
}

/** The answer of the call for this page, from the file where the call was made before. Counts what went. */
export async function takePage(
  context: StepContext,
  cursor: PageCursor,
  deletion: DerivedDeletion,
): Promise<Limited<DerivedPage>> {
  const file = pageFile(context, cursor.page);
  const kept = cursor.begun === true ? await readStaged<KeptPage>(context, file) : null;
  const repeated = cursor.begun === true && kept === null;
  if (repeated || kept?.repeated === true) cursor.lost += 1;
  cursor.begun = undefined;
  if (kept !== null) return { kind: 'value', value: counted(context, kept) };
  const answer = await callWithinLimit(context, (images) => images.deletePage(deletion)).catch((error: unknown) =>
    refusedIds(context, deletion, error),
  );
  if (answer.kind !== 'value') return answer;
  const page: KeptPage = { ...tellingPart(answer.value, deletion), ...(repeated && { repeated }) };
  await context.ports.objects.write(file, JSON.stringify(page), { contentType: 'application/json' });
  return { kind: 'value', value: counted(context, page) };
}

/** Ids that are refused for good leave the others alone; anything that may pass is thrown. */
function refusedIds({ record }: StepContext, { select }: DerivedDeletion, error: unknown): Limited<DerivedPage> {
  const isRefusal = error instanceof ServiceError && faultClassOf(error) === 'permanent';
  if (!isRefusal || !('publicIds' in select)) throw error;
  record.problems.push({ code: 'delete-refused', message: `${select.publicIds[0]} …: ${error.message}` });
  const resources = select.publicIds.map((publicId) => ({ publicId, status: 'failed' as const, ...NOTHING }));
  return { kind: 'value', value: { resources, partial: false } };
}

const NOTHING = { originals: 0, derived: 0 };

/** Without the originals that had nothing to delete; ids that the answer does not name have failed. */
function tellingPart(page: DerivedPage, { select }: DerivedDeletion): DerivedPage {
  const named = new Set(page.resources.map(({ publicId }) => publicId));
  const asked = 'publicIds' in select ? select.publicIds : [];
  const unnamed = asked.filter((publicId) => !named.has(publicId));
  const telling = page.resources.filter((one) => one.status !== 'deleted' || one.uncounted || wentOf(one) > 0);
  const failed = unnamed.map((publicId) => ({ publicId, status: 'failed' as const, ...NOTHING }));
  return { ...page, resources: [...telling, ...failed] };
}

function wentOf({ originals, derived }: DerivedOutcome): number {
  return originals + derived;
}

function counted({ record }: StepContext, page: DerivedPage): DerivedPage {
  const { counts } = record;
  const ofStatus = (status: string) => page.resources.filter((one) => one.status === status);
  counts.originals = (counts.originals ?? 0) + page.resources.reduce((sum, one) => sum + one.originals, 0);
  counts.derived = (counts.derived ?? 0) + page.resources.reduce((sum, one) => sum + one.derived, 0);
  counts.failed = (counts.failed ?? 0) + ofStatus('failed').length;
  const missing = ofStatus('notFound').map(({ publicId }) => publicId);
  if (record.kind === 'derived') counts.notFound = (counts.notFound ?? 0) + missing.length;
  const facts = record.facts.derived ?? {};
  const notFound = [...(facts.notFound ?? []), ...missing].slice(0, SAMPLE);
  const uncounted = (facts.uncounted ?? 0) + page.resources.filter((one) => one.uncounted === true).length;
  record.facts.derived = { ...facts, pages: (facts.pages ?? 0) + 1, notFound, uncounted };
  return page;
}

/** What the counts do not say, once the calls are done. */
export function warningsOf({ record }: StepContext, lost: number, wantsInvalidation: boolean): Problem[] {
  const { originals = 0, derived = 0, notFound = 0 } = record.counts;
  const { notFound: sample = [], uncounted = 0 } = record.facts.derived ?? {};
  const invalidate = wantsInvalidation && originals + derived > 0;
  return derivedWarnings({ notFound, sample, lost, uncounted, invalidate });
}

/** What the request did at Cloudinary, a list a call. A call that gave nothing has no file. */
export async function* eachPage(context: StepContext): AsyncGenerator<DerivedOutcome[]> {
  const { pages = 0 } = context.record.facts.derived ?? {};
  for (let page = 0; page < pages; page += 1) {
    yield (await readStaged<DerivedPage>(context, pageFile(context, page)))?.resources ?? [];
  }
}
