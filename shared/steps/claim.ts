/**
 * Takes the claim that the request needs, last of all: a dropped file first sees whether the policy of import slots lets
 * it start now. Safe to repeat: a claim that is held is found again.
 */
import { wantedClaim } from '../core/claims';
import { decideStarts } from '../core/mergePolicy';
import type { RequestRecord } from '../core/request';
import { createReservations } from '../ledger/reservations';
import { createSlots } from '../ledger/slots';
import { DONE, droppedFile, type Step, type StepContext, type StepResult } from './step';
import { waitForSweep } from './sweepInTheWay';

export const claim: Step = async (context) => {
  const { record, ports, config } = context;
  const wanted = wantedClaim(record);
  // The merged import that a file has joined holds the claim for all its files.
  if (wanted === null || record.facts.merged !== undefined) return DONE;
  const held = record.request === 'importProductSets' ? await heldBack(context) : null;
  if (held !== null) return held;
  const sweep = await waitForSweep(context);
  if (sweep !== null) return sweep;
  const answer = await createReservations(ports, config).ask(record.location, wanted);
  if (answer.held) return DONE;
  const { blockedBy } = answer;
  const who =
    blockedBy.length === 1 ? `request ${blockedBy[0]} is` : `requests ${blockedBy.slice(0, 5).join(', ')} are`;
  const where = 'all' in wanted.scope ? record.location : wanted.scope.productSetIds.slice(0, 5).join(', ');
  const detail = `${who} changing ${where}; this one is next in line`;
  return { kind: 'wait', waiting: { for: 'claim', detail, blockedBy } };
};

/** The wait that the policy of import slots asks of this file, or null where it may start. */
async function heldBack({ record, ports, config }: StepContext): Promise<StepResult | null> {
  const slots = await createSlots(ports, config).view();
  const { lines, parts } = partsLeft(record);
  const { urgent } = droppedFile(record);
  const { id, location } = record;
  const file = { id, location, lines, acceptedAt: Date.parse(record.acceptedAt), urgent };
  const startAt = decideStarts([file], slots, ports.clock.now()).startAt.get(id);
  if (startAt === undefined) return null;
  const startsAt = new Date(startAt).toISOString();
  const detail = `${slots.used} of ${slots.limit} imports of the last 24 hours are used; this file starts at ${startsAt}, or earlier with others`;
  // A merged import has a claim of its own, and could wait for somebody who waits for the claim of one of its files.
  const isKnown = await createReservations(ports, config).isKnown(location, id);
  // A file that can go together with others is woken by the tick, which sees them all.
  if (parts > 1 || isKnown) return { kind: 'wait', waiting: { for: 'quota', detail, startsAt }, dueAt: startAt };
  return { kind: 'wait', waiting: { for: 'quota', detail, startsAt, mergeable: { lines, urgent } } };
}

function partsLeft({ facts }: RequestRecord): { lines: number; parts: number } {
  const left = facts.file?.parts.slice(facts.file.nextPart) ?? [];
  return { lines: left.reduce((sum, lines) => sum + lines, 0), parts: left.length };
}

/** Waiting for the next import slot, where the last one was taken by somebody else meanwhile. */
export function waitForSlot(freeAt: number, importsPerDay: number, cursor: unknown): StepResult {
  const startsAt = new Date(freeAt).toISOString();
  const detail = `All ${importsPerDay} imports of the last 24 hours are used; the next slot is free at ${startsAt}`;
  return { kind: 'wait', waiting: { for: 'quota', detail, startsAt }, dueAt: freeAt, cursor };
}
