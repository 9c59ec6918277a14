/**
 * Takes the claim that the request needs, last of all: an import first sees that an import slot is free. Safe to
 * repeat: a claim that is held is found again.
 */
import { wantedClaim } from '../core/claims';
import { createReservations } from '../ledger/reservations';
import { createSlots } from '../ledger/slots';
import { DONE, type Step, type StepResult } from './step';

export const claim: Step = async ({ record, ports, config }) => {
  const wanted = wantedClaim(record);
  if (wanted === null) return DONE;
  if (record.request === 'importProductSets') {
    const freeAt = await createSlots(ports, config).nextFreeAt();
    if (freeAt > ports.clock.now()) return waitForSlot(freeAt, config.importsPerDay);
  }
  const { held, blockedBy } = await createReservations(ports, config).ask(record.location, wanted);
  if (held) return DONE;
  const what =
    blockedBy.length === 1 ? `request ${blockedBy[0]} is` : `requests ${blockedBy.slice(0, 5).join(', ')} are`;
  const scope = 'all' in wanted.scope ? record.location : wanted.scope.productSetIds.slice(0, 5).join(', ');
  return {
    kind: 'wait',
    waiting: { for: 'claim', detail: `${what} changing ${scope}; this one is next in line`, blockedBy },
  };
};

/** Waiting for the next import slot. */
export function waitForSlot(freeAt: number, importsPerDay: number, cursor?: unknown): StepResult {
  const detail = `All ${importsPerDay} imports of the last 24 hours are used; the next slot is free at ${new Date(freeAt).toISOString()}`;
  return { kind: 'wait', waiting: { for: 'quota', detail }, dueAt: freeAt, cursor };
}
