/** The record of one request: everything that any invocation needs to go on, and the whole story of it, readable. */
import type { CallLimit } from './cloudinaryAnswer';
import type { OutgoingEvent } from './outgoingEvent';
import type { Problem } from './problem';

export type RequestName =
  | 'importProductSets'
  /** Ours alone: several small files that go together in one import. It has no event of its own. */
  | 'mergedImport'
  | 'deleteReferenceImage'
  | 'deleteProduct'
  | 'deleteProducts'
  | 'deleteProductSet'
  | 'purgeProductsInProductSet'
  | 'purgeOrphanProducts'
  | 'restoreSnapshot'
  | 'sweepImageFiles'
  | 'cancelRequest'
  | 'deleteDerivedResources';

export type RequestKind = 'import' | 'delete' | 'purge' | 'restore' | 'sweep' | 'cancel' | 'derived';

export type Outcome = 'succeeded' | 'partial' | 'failed' | 'rejected' | 'cancelled' | 'dryRun';

export type Counts = Record<string, number>;

/** The steps by their file names in `shared/steps`. */
export type StepName =
  | 'waitUntil'
  | 'checkCommand'
  | 'stageFile'
  | 'checkFile'
  | 'claim'
  | 'joinMembers'
  | 'runImport'
  | 'shareResults'
  | 'reportImport'
  | 'archiveFile'
  | 'watchIndex'
  | 'deleteOne'
  | 'readList'
  | 'listTargets'
  | 'listMemberships'
  | 'surveyProducts'
  | 'gatherImages'
  | 'comparePlan'
  | 'writePlan'
  | 'deleteSurveyed'
  | 'takeOutShared'
  | 'relistTargets'
  | 'relistMemberships'
  | 'lastLook'
  | 'runPurge'
  | 'countPurged'
  | 'deleteProductSet'
  | 'removeImageFiles'
  | 'checkSweep'
  | 'registerSweep'
  | 'listCandidates'
  | 'markUsed'
  | 'markSnapshots'
  | 'removeUnused'
  | 'settleCandidates'
  | 'reportSweep'
  | 'unregisterSweep'
  | 'cancelOther'
  | 'checkDerived'
  | 'countOriginals'
  | 'deleteDerived'
  | 'estimateDerived'
  | 'cleanDerived'
  | 'reportDerived'
  | 'checkSnapshot'
  | 'compareSnapshot'
  | 'importSnapshot'
  | 'restoreProducts'
  | 'reportRestore'
  | 'report';

export interface PlannedStep {
  step: StepName;
  /** Runs although the request has already ended in another way: reporting and clearing up. */
  always?: true;
  /** Runs then, too, where products have gone by then: what belongs to them must not be forgotten. */
  afterChange?: true;
  /** Runs then, too, where a purge may have run: what it took must not be forgotten. */
  afterPurge?: true;
  /** Runs then, too, where a bulk delete has begun: what it has deleted must not be forgotten. */
  afterDelete?: true;
}

export interface DroppedFile {
  bucket: string;
  name: string;
  generation: string;
  size: number;
  urgent: boolean;
}

/** Which products a bulk delete takes: all that is given must match. */
export interface ProductFilter {
  productSetId?: string;
  idPrefix?: string;
  labels?: Record<string, string>;
  productCategory?: string;
}

/** What a command asks for, beyond the fields that every request has. Ids are bare ids. */
export interface CommandInput {
  productId?: string;
  referenceImageId?: string;
  productIds?: string[];
  listUri?: string;
  where?: ProductFilter;
  productSetId?: string;
  maxProducts?: number;
  snapshot?: boolean;
  sharedProducts?: 'refuse' | 'delete' | 'keep';
  planId?: string;
  force?: boolean;
  /** The request that is to be cancelled. */
  cancels?: string;
  thenDeleteProductSet?: boolean;
  imageFiles?: 'keep' | 'removeUnlessUsedByProduct' | 'removeUnlessUsed';
  /** Of a sweep. */
  prefix?: string;
  olderThanDays?: number;
  notBefore?: string;
  /** What to clean at Cloudinary once the image files are removed. */
  derived?: { keepOriginal: boolean; invalidate?: boolean };
  select?: { publicIds?: string[]; prefix?: string; tag?: string; all?: true };
  keepOriginal?: boolean;
  resourceType?: string;
  type?: string;
  invalidate?: boolean;
  transformations?: string[];
  maxFiles?: number;
  /** Of a restore: what to bring back, and the location where the command names one. */
  snapshotUri?: string;
  location?: string;
}

/** A file that may go into a merged import, and, once it has joined, how many of the lines are its own. */
export interface MergeMember {
  requestId: string;
  /** Which part of the member's file it is. */
  part: number;
  lines: number;
}

export type Source =
  | { from: 'intake'; file: DroppedFile }
  | { from: 'merge'; urgent: boolean; candidates: string[]; members?: MergeMember[] }
  | { from: 'message'; messageId: string; publishTime: string; input: CommandInput };

/** What a request waits for. `retry` is a fault that is tried again later. */
export type WaitReason = 'operation' | 'batch' | 'claim' | 'quota' | 'purge' | 'time' | 'retry' | 'request';

export interface Waiting {
  for: WaitReason;
  /** One sentence for people. */
  detail: string;
  /** RFC 3339. */
  since: string;
  /** With `operation`: the name to poll. */
  operation?: string;
  /** With `claim` and `purge`: the requests in the way. */
  blockedBy?: string[];
  /** With `quota`: when it would start if nothing changed. RFC 3339. */
  startsAt?: string;
  /** With `quota`: how many lines could go into an import together with other files. */
  mergeable?: { lines: number; urgent: boolean };
}

export interface OperationSummary {
  name: string;
  state: string;
  submitTime?: string;
  endTime?: string;
}

/** Written before a call that is not idempotent; without `operation` the outcome of the call is unknown. */
export interface Intent {
  call: 'importProductSets' | 'purgeProducts';
  at: string;
  /** Which part of a split file. */
  part: number;
  operation?: string;
}

export interface HistoryEntry {
  at: string;
  what: string;
}

/** Sorted runs of the staging folder: how many there are of each level. */
export type Runs = readonly number[];

/** What the steps found out for the steps after them. Everything bulky lies in the staging folder instead. */
export interface Facts {
  /** When the dropped file was copied. */
  stagedAt?: string;
  /** checkFile */
  file?: {
    lines: number;
    valid: number;
    skipped: number;
    productSetIds: string[];
    /** Lines of each part, in the order of the parts. */
    parts: number[];
    verdictFiles: number;
    everyLineHasImageId: boolean;
    /** The part that is imported next; those before it have their results. */
    nextPart: number;
    /** Original numbers of the lines that failed for a while and are imported once more, as the last part. */
    repeated?: number[];
  };
  /** The merged import that this file has joined. */
  merged?: { batchId: string };
  /** The list of ids that a bulk delete takes: the generation that is read, and in how many files of ids it lies. */
  list?: { generation: string; size: number; ids: number; chunks: number };
  /** In which sorted runs of the staging folder the targets and the memberships of the location lie. */
  listed?: { runs: Runs; pages: number; memberRuns?: Runs };
  /** Named products that do not exist: how many, and the first of them. */
  absent?: { count: number; sample: string[] };
  survey?: Survey;
  /**
   * What was listed again before a purge, when and under which lease, and the last look at it: how many of the products
   * that go were there.
   */
  relisted?: {
    runs: Runs;
    memberRuns?: Runs;
    listedAt?: string;
    listedBy?: string;
    seen?: { at: string; left: number };
  };
  /** How often products that had been taken out of the set were put back. */
  returned?: number;
  /** Products that `sharedProducts: keep` has taken out of the product set. */
  takenOut?: number;
  /** Why a purge may not have done what it should. */
  purge?: { failure?: string };
  /** A start had no answer, and is not tried again: its operation may be running. */
  startLost?: true;
  /** Survey files whose reference images have been read. */
  gathered?: number;
  /** How far a bulk delete is: in survey file `chunk` all up to `from` are done, and behind that those of `done` (ids). */
  deleted?: { chunk: number; from: number; done?: string[] };
  /** What would still have to be called if the plan were carried out, and how long that takes at the quota's pace. */
  estimate?: { calls: number; minutes: number };
  /** What a single delete saw before it deleted; `tried`: the delete may have been done. */
  one?: { referenceImages: number; files: ImageFile[]; tried?: true };
  startRepeated?: boolean;
  derived?: DerivedFacts;
  restore?: RestoreFacts;
  sweep?: SweepFacts;
}

/** What a sweep of image files is about; its candidates lie in `chunks` files of the staging folder. */
export interface SweepFacts {
  /** From here on, all that imports and restores name is in use. */
  begunAt: string;
  candidates: number;
  chunks: number;
  /** Files of the staging folder that name the objects under `candidates/` which were read. */
  objectFiles: number;
  /** All that is used has been marked, and the files that nothing names are no more than `maxFiles`. */
  decided?: true;
  /** The file of candidates whose removal has begun. */
  removing?: number;
}

/** What is known of the calls to Cloudinary. Their answers lie in `pages` files of the staging folder. */
export interface DerivedFacts {
  /** As the last answer said. */
  limit?: CallLimit;
  pages?: number;
  /** Some of the ids that were not there. */
  notFound?: string[];
  /** Originals of which the service did not say how much it deleted. */
  uncounted?: number;
  /** Of a dry run. */
  estimate?: { exact: boolean; originals: number; derived?: number; calls: number };
}

/** The products that a purge or bulk delete is about; they lie in `chunks` files of the staging folder. */
export interface Survey {
  /** Those that go. */
  products: number;
  /** Those that only leave the product set (`sharedProducts: keep`). */
  stay: number;
  chunks: number;
  /** The first chunk of each round: what other programs added before the purge began is surveyed in one of its own. */
  rounds: number[];
  /** SHA-256 over the sorted ids of all that are surveyed, a line each. */
  digest: string;
}

/** How far a long step is. */
export interface Progress {
  step: StepName;
  /** What is counted: products, pages, files. */
  unit: string;
  done: number;
  total?: number;
  /** RFC 3339: when the step began, and when it will end at this pace. */
  since: string;
  /** What was done, and how many calls had been made, when it began. */
  doneBefore: number;
  callsBefore: number;
  expectedEnd?: string;
  callsPerMinute?: number;
}

/** That somebody asked for the request to be cancelled, and, where it cannot be, why. */
export interface Cancellation {
  by: string;
  at: string;
  force: boolean;
  refused?: string;
}

/** What a restore brings back. */
export interface RestoreFacts {
  /** Of the `snapshot.json` that was checked. */
  generation: string;
  /** All that its products and its target name; at most one more than a claim can name. */
  productSetIds: string[];
  products: number;
  /** What differs, in so many files of the staging folder, and how many calls or lines that takes. */
  units: number;
  actions: number;
  /** Images that an import could make. */
  lines: number;
  /** Products that are there and go back into a set. */
  memberships: number;
  /** How often a start of its import met a quota of the service. */
  startsRefused?: number;
}

/** An image file of a reference image that is to go. It may be removed only at the generation that was seen. */
export interface ImageFile {
  productId: string;
  uri: string;
  /** null: no file was there, or it lies where files may not be removed. */
  generation: string | null;
  removable: boolean;
  /** Of a dry run: a reference image of the product that stays uses it, too. */
  used?: true;
}

export interface RequestRecord {
  version: 1;
  /** Of the last write: whoever reads it back knows that this write, and no other, has won. */
  nonce?: string;
  id: string;
  request: RequestName;
  kind: RequestKind;
  location: string;
  reason?: string;
  dryRun: boolean;
  /** SHA-256 of what was asked; the same id with another digest is a conflict. */
  digest: string;
  source: Source;
  /** RFC 3339, all times. */
  acceptedAt: string;
  startedAt: string;
  plan: PlannedStep[];
  /** Index of the current step in the plan, and how far that step is. */
  at: number;
  cursor?: unknown;
  state: 'running' | 'waiting' | 'ended';
  waiting?: Waiting;
  /** The wait before this one, by the step that waited: the same wait again is no news. */
  lastWait?: { for: WaitReason; at: number; since: string };
  /** When the tick looks at the request again; none: whoever grants the claim wakes it. */
  dueAt?: string;
  lease?: { nonce: string; until: string };
  /** Faults in a row. What was spent waiting for others (`pausedMs`) does not count towards giving up. */
  failures?: { count: number; firstAt: string; last: string; pausedAt?: string; pausedMs?: number };
  facts: Facts;
  intent?: Intent;
  counts: Counts;
  problems: Problem[];
  operations: OperationSummary[];
  /** `gs://` URIs. */
  files: { report?: string; retryCsv?: string; linesCsv?: string; snapshot?: string; plan?: string; archive?: string };
  /** Of a dry run of deletes: the plan that a command may name. */
  planId?: string;
  /** Management calls that the request has made so far. */
  calls?: number;
  progress?: Progress;
  cancellation?: Cancellation;
  /** Set when the request is decided; steps marked `always` may still follow. */
  outcome?: Outcome;
  /** How many `request.waiting` events there were; their ids are numbered by it. */
  waitsAnnounced: number;
  stallAnnounced?: boolean;
  endedAt?: string;
  /** The terminal event as it was journaled and published. */
  event?: OutgoingEvent;
  history: HistoryEntry[];
}

const BULK: ReadonlySet<RequestName> = new Set([
  'deleteProducts',
  'purgeProductsInProductSet',
  'purgeOrphanProducts',
  'restoreSnapshot',
  'sweepImageFiles',
]);

/** Whether the request makes many calls, all of which are paced. */
export function isBulk(request: RequestName): boolean {
  return BULK.has(request);
}

const HISTORY_LIMIT = 200;

/** Adds a line to the story; the middle of a very long story is left out, its beginning and end never. */
export function note(record: RequestRecord, at: string, what: string): void {
  record.history.push({ at, what });
  if (record.history.length > HISTORY_LIMIT) record.history.splice(HISTORY_LIMIT / 2, 1);
}
