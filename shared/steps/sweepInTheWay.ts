/**
 * Whether a sweep of image files holds up the start of an import or a restore. A sweep reads which files imports name
 * before each slice of its removal; what was staged after that must not start before the slice is over.
 */
import { createReservations } from '../ledger/reservations';
import { commandInput, type StepContext, type StepResult } from './step';

/** A slice takes at most 20 s, its last calls 25 s, and two clocks may differ by 10 s. */
const PAUSE_MS = 60_000;

/** A wait until the request has been known for a minute, where a sweep is under way; null for any other request. */
export async function waitForSweep(context: StepContext): Promise<StepResult | null> {
  const { record, ports, config } = context;
  const knownSince = sinceWhen(context);
  if (knownSince === null) return null;
  const reservations = createReservations(ports, config);
  const { sweeps = [] } = await reservations.read(record.location);
  if (sweeps.length === 0) return null;
  const snapshot = restoredSnapshot(context);
  if (snapshot !== null) await reservations.tellSweeps(record.location, snapshot);
  const dueAt = Date.parse(knownSince) + PAUSE_MS;
  if (dueAt <= ports.clock.now()) return null;
  const blockedBy = sweeps.map((sweep) => sweep.requestId);
  const detail = `${blockedBy.join(', ')} is removing unused image files and first has to see which this request names; it starts at ${new Date(dueAt).toISOString()}`;
  return { kind: 'wait', waiting: { for: 'time', detail, blockedBy }, dueAt };
}

/** Since when a sweep could see what the request names; null where it names no image file. */
function sinceWhen({ record }: StepContext): string | null {
  const { request } = record;
  if (request === 'importProductSets') return record.facts.stagedAt ?? record.startedAt;
  return request === 'mergedImport' || request === 'restoreSnapshot' ? record.startedAt : null;
}

/** The snapshot that a restore brings back. */
export function restoredSnapshot({ record }: Pick<StepContext, 'record'>): string | null {
  return record.request === 'restoreSnapshot' ? (commandInput(record).snapshotUri ?? null) : null;
}
