/**
 * Gathers the files of a merged import: each joins by a compare-and-set on its own record, those that cannot are left
 * where they are. Then the list is frozen in one write. Safe to repeat: a file that has joined is found again.
 */
import { isCancelAsked } from '../core/cancellation';
import { wantedClaim } from '../core/claims';
import { type MergeMember, note, type RequestRecord } from '../core/request';
import { MAX_CLAIMED_SETS } from '../core/reservation';
import { publishContinuation } from '../ledger/continuation';
import { createRecords } from '../ledger/records';
import { createReservations } from '../ledger/reservations';
import { mapAtOnce } from './atOnce';
import { stagedPart } from './stagedImport';
import { DONE, end, type Step, type StepContext, timeText } from './step';

interface Joined {
  record: RequestRecord;
  member: MergeMember;
}

/** A member looks by itself after this long, in case nobody wakes it. */
const MEMBER_LOOK_MS = 10 * 60_000;

export const joinMembers: Step = async (context) => {
  const { record } = context;
  if (record.source.from !== 'merge') throw new TypeError(`${record.id} is no merged import`);
  const joined: Joined[] = [];
  for (const id of record.source.candidates) {
    const one = await join(context, id, joined);
    if (one !== null) joined.push(one);
  }
  if (joined.length === 0) return end('cancelled');
  const lines = await writeMergedPart(context, joined);
  const files = joined.flatMap(({ record: { facts } }) => facts.file ?? []);
  const productSetIds = [...new Set(files.flatMap((file) => file.productSetIds))].slice(0, MAX_CLAIMED_SETS + 1);
  record.source.members = joined.map(({ member }) => member);
  record.facts.file = {
    lines,
    valid: lines,
    skipped: 0,
    productSetIds,
    parts: [lines],
    verdictFiles: 0,
    everyLineHasImageId: files.every((file) => file.everyLineHasImageId),
    nextPart: 0,
  };
  note(record, timeText(context), `${joined.length} files with ${lines} lines go together`);
  await context.checkpoint();
  return DONE;
};

/** null where the file is started, ended or merged otherwise by now, has no room, or would wait for a claim. */
async function join(context: StepContext, id: string, joined: readonly Joined[]): Promise<Joined | null> {
  const { record: batch, ports, config } = context;
  const records = createRecords(ports, config.stateBucket);
  const opened = await records.open(id);
  if (opened === null) return null;
  const { record } = opened;
  const member = memberOf(record);
  if (record.facts.merged?.batchId === batch.id) return { record, member };
  if (isCancelAsked(record)) return null;
  if (record.state !== 'waiting' || record.waiting?.mergeable === undefined || record.lease !== undefined) return null;
  const taken = joined.reduce((sum, one) => sum + one.member.lines, 0);
  if (taken + member.lines > config.sizes.importLines) return null;
  if (!(await isClaimFree(context, record))) {
    // It queues for its claim by itself, so that it keeps its place among those who wait for the same sets.
    await publishContinuation(ports, config, id);
    return null;
  }
  const detail = `This file is imported together with others by ${batch.id}`;
  const next: RequestRecord = {
    ...record,
    facts: { ...record.facts, merged: { batchId: batch.id } },
    waiting: { for: 'batch', detail, since: timeText(context) },
    dueAt: new Date(ports.clock.now() + MEMBER_LOOK_MS).toISOString(),
    history: [...record.history, { at: timeText(context), what: detail }],
  };
  return (await records.save(next, opened.generation)) === null ? null : { record: next, member };
}

function memberOf({ id, facts }: RequestRecord): MergeMember {
  const part = facts.file?.nextPart ?? 0;
  return { requestId: id, part, lines: facts.file?.parts[part] ?? 0 };
}

/** Those that have joined, also where the list was never frozen because a fault ended the merged import before. */
export async function membersOf({ record: batch, ports, config }: StepContext): Promise<MergeMember[]> {
  if (batch.source.from !== 'merge') return [];
  if (batch.source.members !== undefined) return batch.source.members;
  const records = createRecords(ports, config.stateBucket);
  const candidates = await mapAtOnce(batch.source.candidates, (id) => records.open(id));
  return candidates.flatMap((opened) =>
    opened?.record.facts.merged?.batchId === batch.id ? [memberOf(opened.record)] : [],
  );
}

/** Free for the merged import: a file that holds its claim already, or queues for it, goes by itself. */
async function isClaimFree({ ports, config }: StepContext, record: RequestRecord): Promise<boolean> {
  const wanted = wantedClaim(record);
  if (wanted === null) return true;
  const reservations = createReservations(ports, config);
  if (await reservations.isKnown(record.location, record.id)) return false;
  return reservations.isFree(record.location, wanted);
}

/** The normalised lines of all members, in their order; each is written with its line end. */
async function writeMergedPart(context: StepContext, joined: readonly Joined[]): Promise<number> {
  const bodies: Buffer[] = [];
  for (const { record, member } of joined) {
    const part = stagedPart({ ...context, record }, member.part);
    const found = await context.ports.objects.read(part);
    if (found === null) throw new Error(`gs://${part.bucket}/${part.name} is gone`);
    bodies.push(found.body);
  }
  await context.ports.objects.write(stagedPart(context, 0), Buffer.concat(bodies), { contentType: 'text/csv' });
  return joined.reduce((sum, { member }) => sum + member.lines, 0);
}
