/** The console's words: what requests, steps, outcomes and counts are called for people. Pure. */
import type { Problem } from '../core/problem';
import type { Counts, Outcome, RequestKind, StepName, WaitReason } from '../core/request';

/** How a badge or an event is meant; the text beside it always says the same in words. */
export type Tone = 'active' | 'waiting' | 'good' | 'warn' | 'bad' | 'neutral';

const REQUEST_TITLES: Record<string, string> = {
  importProductSets: 'Import',
  mergedImport: 'Merged import',
  deleteReferenceImage: 'Delete reference image',
  deleteProduct: 'Delete product',
  deleteProducts: 'Delete products',
  deleteProductSet: 'Delete product set',
  purgeProductsInProductSet: 'Purge product set',
  purgeOrphanProducts: 'Purge orphan products',
  sweepImageFiles: 'Sweep image files',
  cancelRequest: 'Cancel',
  deleteDerivedResources: 'Delete derived images',
  restoreSnapshot: 'Restore snapshot',
};

const STEP_WORDS: Record<StepName, string> = {
  waitUntil: 'waiting for its time',
  checkCommand: 'checking the command',
  stageFile: 'copying the file',
  checkFile: 'checking the lines',
  claim: 'reserving the product sets',
  joinMembers: 'putting files together',
  runImport: 'importing',
  shareResults: 'sharing the results',
  reportImport: 'writing the report',
  archiveFile: 'archiving the file',
  watchIndex: 'having the index followed',
  deleteOne: 'deleting',
  readList: 'reading the list',
  listTargets: 'listing what would go',
  listMemberships: 'listing the product sets',
  surveyProducts: 'working out what would go',
  gatherImages: 'reading the reference images',
  comparePlan: 'comparing with the plan',
  writePlan: 'writing the plan',
  deleteSurveyed: 'deleting products',
  takeOutShared: 'taking shared products out of the set',
  relistTargets: 'listing once more',
  relistMemberships: 'listing the product sets once more',
  lastLook: 'taking a last look',
  runPurge: 'purging',
  countPurged: 'counting what is gone',
  deleteProductSet: 'deleting the product set',
  removeImageFiles: 'removing image files',
  checkSweep: 'checking the command',
  registerSweep: 'having imports wait a little',
  listCandidates: 'listing image files',
  markUsed: 'marking what is used',
  markSnapshots: 'marking what snapshots name',
  removeUnused: 'removing what nothing uses',
  settleCandidates: 'leaving the rest for the next sweep',
  reportSweep: 'writing the report',
  unregisterSweep: 'letting imports go on',
  cancelOther: 'cancelling',
  checkDerived: 'checking the command',
  countOriginals: 'counting originals',
  deleteDerived: 'deleting derived images',
  estimateDerived: 'estimating derived images',
  cleanDerived: 'cleaning derived images',
  reportDerived: 'writing the report',
  checkSnapshot: 'checking the snapshot',
  compareSnapshot: 'comparing with what is there',
  importSnapshot: 'importing from the snapshot',
  restoreProducts: 'bringing products back',
  reportRestore: 'writing the report',
  report: 'writing the report',
};

const OUTCOMES: Record<Outcome, { label: string; tone: Tone }> = {
  succeeded: { label: 'succeeded', tone: 'good' },
  partial: { label: 'partial', tone: 'warn' },
  failed: { label: 'failed', tone: 'bad' },
  rejected: { label: 'rejected', tone: 'bad' },
  cancelled: { label: 'cancelled', tone: 'neutral' },
  dryRun: { label: 'dry run', tone: 'neutral' },
};

const WAITS: Record<WaitReason, { label: string; tone: Tone }> = {
  operation: { label: 'running', tone: 'active' },
  batch: { label: 'running with others', tone: 'active' },
  claim: { label: 'waiting for its turn', tone: 'waiting' },
  quota: { label: 'waiting for quota', tone: 'waiting' },
  purge: { label: 'waiting for a purge', tone: 'waiting' },
  time: { label: 'waiting for its time', tone: 'waiting' },
  retry: { label: 'trying again', tone: 'warn' },
  request: { label: 'waiting for another request', tone: 'waiting' },
};

/** One, many; the number comes first. */
const COUNTED: Record<string, [string, string]> = {
  imported: ['imported', 'imported'],
  alreadyPresent: ['already present', 'already present'],
  products: ['product', 'products'],
  productSets: ['product set', 'product sets'],
  referenceImages: ['reference image', 'reference images'],
  alreadyAbsent: ['already absent', 'already absent'],
  imageFilesRemoved: ['image file removed', 'image files removed'],
  imageFilesKept: ['image file kept', 'image files kept'],
  imageFilesPending: ['image file pending', 'image files pending'],
  originals: ['original', 'originals'],
  derived: ['derived image', 'derived images'],
  notFound: ['not found', 'not found'],
  failed: ['failed', 'failed'],
  skipped: ['skipped', 'skipped'],
};

const NUMBER = new Intl.NumberFormat('en');

/** Digits in groups of three. */
export function numberText(value: number): string {
  return NUMBER.format(value);
}

/** `3 products`, `1 product`. */
export function counted(value: number, one: string, many: string): string {
  return `${numberText(value)} ${value === 1 ? one : many}`;
}

/** `deleteProduct` as "Delete product"; a name that is not known is spelled out. */
export function requestTitle(request: string): string {
  return own(REQUEST_TITLES, request) ?? sentenceCase(spelled(request));
}

/** What a step does, in the present. */
export function stepWords(step: string): string {
  return own(STEP_WORDS, step) ?? spelled(step);
}

export function outcomeWords(outcome: string): { label: string; tone: Tone } {
  return own(OUTCOMES, outcome) ?? { label: spelled(outcome), tone: 'neutral' };
}

export function waitWords(reason: string): { label: string; tone: Tone } {
  return own(WAITS, reason) ?? { label: `waiting for ${spelled(reason)}`, tone: 'waiting' };
}

/** What a request did, such as "97 imported · 2 failed · 1 skipped". The lines of an import are the sum of the rest. */
export function countsText(kind: RequestKind | string, counts: Counts, dryRun = false): string {
  const parts = Object.entries(counts)
    .filter(([name, value]) => value > 0 && !(kind === 'import' && name === 'lines'))
    .map(([name, value]) => counted(value, ...(own(COUNTED, name) ?? [spelled(name), spelled(name)])));
  if (parts.length === 0) return dryRun ? 'nothing would change' : 'nothing changed';
  return `${leadWord(kind, counts, dryRun)}${parts.join(' · ')}`;
}

/** Whether anything went at all decides if the counts are introduced by a verb. */
function leadWord(kind: string, counts: Counts, dryRun: boolean): string {
  if (kind === 'derived' && (counts.originals ?? 0) + (counts.derived ?? 0) > 0) {
    return dryRun ? 'would go: ' : 'deleted ';
  }
  const went = (counts.products ?? 0) + (counts.referenceImages ?? 0) + (counts.productSets ?? 0) > 0;
  if (!went || kind === 'import') return '';
  if (dryRun) return kind === 'restore' ? 'would come back: ' : 'would go: ';
  if (kind === 'restore') return 'brought back ';
  if (kind === 'delete') return 'deleted ';
  return kind === 'purge' ? 'purged ' : '';
}

/** Where a problem is: "line 7, column 3", a command's field, or nothing. */
export function problemPlace({ line, column, field }: Problem): string {
  if (line !== undefined) return column === undefined ? `line ${line}` : `line ${line}, column ${column}`;
  return field ?? '';
}

/** The words that a table has for a name. Records may be newer than this table, so a name may be missing. */
function own<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** camelCase as words. */
function spelled(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`);
}

function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
