/** One request as a row of the console, from its record. Pure, and without the time of day: the page tells ages. */
import type { CommandInput, ProductFilter, Progress, RequestRecord, WaitReason } from '../core/request';
import { type FileLink, fileLinks } from './fileLinks';
import {
  counted,
  countsText,
  numberText,
  outcomeWords,
  problemPlace,
  requestTitle,
  stepWords,
  type Tone,
  waitWords,
} from './words';

export interface RequestRow {
  id: string;
  /** As in the contract. */
  request: string;
  title: string;
  /** What it is about: the dropped file, or the products or set that a command names. */
  what: string;
  location: string;
  state: 'running' | 'waiting' | 'ended';
  badge: { label: string; tone: Tone };
  /** What it is doing, or what came of it. */
  summary: string;
  /** Of a request that is open: the step that it is at, from 1. */
  progress?: { step: number; steps: number };
  waiting?: { for: WaitReason; detail: string; since: string; until?: string; blockedBy: string[] };
  /** The first error, or the first warning where there is no error. */
  firstProblem?: { where: string; message: string };
  problems: number;
  reason?: string;
  dryRun: boolean;
  /** RFC 3339. */
  acceptedAt: string;
  endedAt?: string;
  files: FileLink[];
  /** Changes whenever the record does. */
  version: string;
}

const IDS_SHOWN = 3;

/** The row of an open or closed request. `version` is the generation of the record's object. */
export function requestRow(record: RequestRecord, stateBucket: string, version: string): RequestRow {
  const ended = record.state === 'ended';
  const first = record.problems.find((problem) => problem.severity !== 'warning') ?? record.problems[0];
  return {
    id: record.id,
    request: record.request,
    title: requestTitle(record.request),
    what: subjectOf(record),
    location: record.location,
    state: record.state,
    badge: badgeOf(record),
    summary: ended ? countsText(record.kind, record.counts, record.dryRun) : progressText(record),
    ...(ended ? {} : { progress: { step: stepNumber(record), steps: record.plan.length } }),
    ...(record.state === 'waiting' && record.waiting !== undefined
      ? { waiting: waitingOf(record, record.waiting) }
      : {}),
    ...(first === undefined ? {} : { firstProblem: { where: problemPlace(first), message: first.message } }),
    problems: record.problems.length,
    ...(record.reason === undefined ? {} : { reason: record.reason }),
    dryRun: record.dryRun,
    acceptedAt: record.acceptedAt,
    ...(record.endedAt === undefined ? {} : { endedAt: record.endedAt }),
    files: fileLinks(record.files, stateBucket),
    version,
  };
}

function badgeOf(record: RequestRecord): RequestRow['badge'] {
  if (record.state === 'ended') return outcomeWords(record.outcome ?? 'succeeded');
  if (record.state === 'waiting' && record.waiting !== undefined) return waitWords(record.waiting.for);
  return { label: 'running', tone: 'active' };
}

function waitingOf(record: RequestRecord, waiting: NonNullable<RequestRecord['waiting']>): RequestRow['waiting'] {
  return {
    for: waiting.for,
    detail: waiting.detail,
    since: waiting.since,
    ...(record.dueAt === undefined ? {} : { until: record.dueAt }),
    blockedBy: waiting.blockedBy ?? [],
  };
}

function stepNumber(record: RequestRecord): number {
  return Math.min(record.at + 1, record.plan.length);
}

/** What an open request is doing, with the size of it as far as it is known. */
function progressText(record: RequestRecord): string {
  const step = record.plan[record.at]?.step;
  if (step === undefined) return 'announcing its end';
  const size = sizeOfStep(record, step);
  return size === '' ? stepWords(step) : `${stepWords(step)} · ${size}`;
}

function sizeOfStep(record: RequestRecord, step: string): string {
  const { facts, intent, counts, source } = record;
  if (step === 'checkFile' && source.from === 'intake') return bytesText(source.file.size);
  if (step === 'runImport' && facts.file !== undefined) {
    const { parts, valid, skipped } = facts.file;
    const part = parts.length > 1 ? `part ${(intent?.part ?? 0) + 1} of ${parts.length} · ` : '';
    return `${part}${counted(valid, 'line', 'lines')}${skipped > 0 ? ` · ${numberText(skipped)} skipped` : ''}`;
  }
  if (record.progress?.step === step) return paceText(record.progress);
  if (step === 'deleteDerived') {
    return countsText('', { originals: counts.originals ?? 0, derived: counts.derived ?? 0 });
  }
  if (facts.restore !== undefined) return counted(facts.restore.products, 'product', 'products');
  if (facts.survey === undefined) return '';
  const all = counted(facts.survey.products, 'product', 'products');
  return step === 'deleteSurveyed' ? `${numberText(counts.products ?? 0)} of ${all}` : all;
}

/** How far a long step is, at which pace, and when it will end. */
function paceText({ unit, done, total, callsPerMinute, expectedEnd }: Progress): string {
  const parts = [
    total === undefined ? `${numberText(done)} ${unit}` : `${numberText(done)} of ${numberText(total)} ${unit}`,
  ];
  if (callsPerMinute !== undefined && callsPerMinute > 0) parts.push(`${numberText(callsPerMinute)} calls a minute`);
  if (expectedEnd !== undefined) parts.push(`until about ${expectedEnd.slice(11, 16)} UTC`);
  return parts.join(' · ');
}

/** Bytes for people, in units of 1,000. */
export function bytesText(bytes: number): string {
  if (bytes < 1_000) return counted(bytes, 'byte', 'bytes');
  if (bytes < 1_000_000) return `${numberText(Math.round(bytes / 1_000))} kB`;
  return `${numberText(Math.round(bytes / 100_000) / 10)} MB`;
}

/** What a request is about, in a few words. */
export function subjectOf(record: RequestRecord): string {
  if (record.source.from === 'intake') return record.source.file.name;
  if (record.source.from === 'merge') return counted(record.source.candidates.length, 'file', 'files');
  const input: CommandInput = record.source.input;
  if (input.productIds !== undefined) return idsText(input.productIds);
  if (input.referenceImageId !== undefined) return `${input.productId} / ${input.referenceImageId}`;
  if (input.productId !== undefined) return input.productId;
  if (input.productSetId !== undefined) return input.productSetId;
  if (input.listUri !== undefined) return `products of ${input.listUri}`;
  if (input.where !== undefined) return `products where ${filterText(input.where)}`;
  if (input.cancels !== undefined) return input.cancels;
  if (input.select !== undefined) return selectionText(input.select, input.type);
  if (input.snapshotUri !== undefined) return input.snapshotUri.split('/').at(-2) ?? '';
  if (record.request === 'sweepImageFiles') return input.prefix ?? 'image files left by earlier requests';
  return record.request === 'purgeOrphanProducts' ? 'products in no product set' : '';
}

/** Which originals a deletion of derived images is about. */
function selectionText(select: NonNullable<CommandInput['select']>, type = 'upload'): string {
  if (select.publicIds !== undefined) return idsText(select.publicIds);
  if (select.prefix !== undefined) return `${select.prefix}…`;
  return select.tag === undefined ? `all of type ${type}` : `tag ${select.tag}`;
}

function filterText({ productSetId, idPrefix, labels, productCategory }: ProductFilter): string {
  const parts = [
    ...(productSetId === undefined ? [] : [`product set is ${productSetId}`]),
    ...(idPrefix === undefined ? [] : [`id begins with ${idPrefix}`]),
    ...(productCategory === undefined ? [] : [`category is ${productCategory}`]),
    ...Object.entries(labels ?? {}).map(([key, value]) => `${key} is ${value}`),
  ];
  return parts.join(' and ');
}

function idsText(ids: readonly string[]): string {
  const shown = ids.slice(0, IDS_SHOWN).join(', ');
  return ids.length > IDS_SHOWN ? `${shown} and ${numberText(ids.length - IDS_SHOWN)} more` : shown;
}
