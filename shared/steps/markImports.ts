/**
 * Marks what imports and restores name that are open or were closed since the sweep began: files in intake, staged
 * copies, archived ones, snapshots that are being restored. Each is read once; what comes later is read at the next call.
 */
import { ServiceError } from '../core/errors';
import { dropPath, importRequestId, LOCATIONS } from '../core/names';
import type { Reservation } from '../core/reservation';
import { createRecords } from '../ledger/records';
import { createReservations } from '../ledger/reservations';
import type { ObjectName, ObjectPage, StoredObject } from '../ports';
import { markLines } from './markLines';
import { registered } from './registerSweep';
import { markSnapshotOf } from './snapshotUris';
import { stagedOriginal, stagedPart } from './stagedImport';
import type { StepContext } from './step';
import type { SweepState } from './sweepFiles';
import { restoredSnapshot } from './sweepInTheWay';

/** A round that takes longer is followed by another, which finds little that is new. */
const QUICK_MS = 10_000;
const MOST_SLOW_ROUNDS = 10;
const [MINUTE_MS, DAY_MS] = [60_000, 24 * 3_600_000];

interface Source {
  /** The request, or the snapshot. */
  id: string;
  /** Gives false where there is nothing to read: it is looked for again in the next round. */
  mark(): Promise<boolean>;
}

/**
 * Gives the time (ms) up to which all is marked, or null where the invocation's time is used up before that. Then it has
 * read at least one source, so that every invocation gets on; looking through the lists is not stopped half-way.
 */
export async function markImports(context: StepContext, state: SweepState): Promise<number | null> {
  const { clock } = context.ports;
  let hasRead = false;
  for (let round = 0; round < MOST_SLOW_ROUNDS; round += 1) {
    const begun = clock.now();
    for await (const source of sources(context, state)) {
      if (state.read.has(source.id)) continue;
      if (hasRead && context.outOfTime()) return null;
      if (await source.mark()) state.read.add(source.id);
      hasRead = true;
    }
    if (clock.now() - begun <= QUICK_MS) return begun;
    if (hasRead && context.outOfTime()) return null;
  }
  throw new ServiceError('Sweep.ReadImports', 'UNAVAILABLE', 'imports come in faster than they can be read');
}

/**
 * In the order in which a file moves, so that none is between two lists: intake, the staged copies of open requests,
 * the archive. Whoever starts later than the lists were read waits for a minute (sweepInTheWay).
 */
async function* sources(context: StepContext, state: SweepState): AsyncGenerator<Source> {
  yield* inIntake(context, state);
  const reservations = await readReservations(context);
  yield* ofOpenRequests(context, state);
  yield* ofClaims(context, state, reservations);
  yield* inArchive(context, state);
  for (const { sweeps = [] } of reservations) {
    const own = sweeps.find((sweep) => sweep.requestId === context.record.id);
    for (const uri of own?.snapshots ?? []) yield { id: uri, mark: () => markSnapshotOf(context, state, uri) };
  }
}

/** Of a real sweep it is also made sure that it is registered: nothing may be removed otherwise. */
async function readReservations(context: StepContext): Promise<Reservation[]> {
  if (!context.record.dryRun) return registered(context);
  const reservations = createReservations(context.ports, context.config);
  return Promise.all(LOCATIONS.map((location) => reservations.read(location)));
}

async function* inIntake(context: StepContext, state: SweepState): AsyncGenerator<Source> {
  for await (const object of eachObject(context, context.config.intakeBucket, '')) {
    if (dropPath(object.name).kind !== 'csv') continue;
    const id = importRequestId(object.bucket, object.name, object.generation);
    yield { id, mark: () => markLines(context, state.marks, object, id) };
  }
}

async function* ofOpenRequests(context: StepContext, state: SweepState): AsyncGenerator<Source> {
  const records = createRecords(context.ports, context.config.stateBucket);
  for (const { id, request } of await records.listOpen()) {
    if (request === 'importProductSets') yield stagedCopy(context, state, id);
    if (request !== 'restoreSnapshot' || state.read.has(id)) continue;
    const opened = await records.open(id);
    const snapshot = opened === null ? null : restoredSnapshot(opened);
    if (snapshot !== null) yield { id, mark: () => markSnapshotOf(context, state, snapshot) };
  }
}

/** An import or a restore that has ended keeps its claim for a while where its operation may still be running. */
async function* ofClaims(
  context: StepContext,
  state: SweepState,
  reservations: readonly Reservation[],
): AsyncGenerator<Source> {
  const now = new Date(context.ports.clock.now()).toISOString();
  for (const { claims } of reservations) {
    for (const { requestId, keptUntil } of claims) {
      if (keptUntil === undefined || keptUntil <= now) continue;
      if (/^(?:imp|bat)-/.test(requestId)) yield stagedCopy(context, state, requestId);
      else yield* ofEndedRestore(context, state, requestId);
    }
  }
}

async function* ofEndedRestore(context: StepContext, state: SweepState, id: string): AsyncGenerator<Source> {
  if (state.read.has(id)) return;
  const record = await createRecords(context.ports, context.config.stateBucket).closed(id);
  const snapshot = record === null ? null : restoredSnapshot({ record });
  if (snapshot !== null) yield { id, mark: () => markSnapshotOf(context, state, snapshot) };
}

function stagedCopy(context: StepContext, state: SweepState, id: string): Source {
  const of = { config: context.config, record: { ...context.record, id } };
  const copy = id.startsWith('bat-') ? stagedPart(of, 0) : stagedOriginal(of);
  return { id, mark: () => markLive(context, state, copy, id) };
}

async function markLive(context: StepContext, state: SweepState, object: ObjectName, id: string): Promise<boolean> {
  const stored = await context.ports.objects.stat(object);
  return stored !== null && (await markLines(context, state.marks, stored, id));
}

/**
 * A file is archived when its import ends. It lies under the day of its acceptance: one that was accepted before the day
 * on which the sweep began was open in the first round, or had ended before the catalogue was read.
 */
async function* inArchive(context: StepContext, state: SweepState): AsyncGenerator<Source> {
  const now = context.ports.clock.now();
  const begunAt = Date.parse(context.record.facts.sweep?.begunAt ?? '');
  const first = begunAt - MINUTE_MS;
  for (let day = first - (first % DAY_MS); day <= now + MINUTE_MS; day += DAY_MS) {
    const prefix = `archive/${new Date(day).toISOString().slice(0, 10)}/`;
    for await (const object of eachObject(context, context.config.stateBucket, prefix)) {
      if (Date.parse(object.timeCreated) < begunAt) continue;
      const id = object.name.slice(prefix.length).split('/')[0] ?? '';
      yield { id, mark: () => markLines(context, state.marks, object, id) };
    }
  }
}

async function* eachObject({ ports }: StepContext, bucket: string, prefix: string): AsyncGenerator<StoredObject> {
  let pageToken: string | undefined;
  do {
    const page: ObjectPage = await ports.objects.list({ bucket, prefix, pageToken });
    yield* page.objects;
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined);
}
