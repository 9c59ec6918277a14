/** Who holds what in a location, and who waits for it, as rows of the console. Pure. */
import type { ClaimScope, Reservation } from '../core/reservation';
import { counted } from './words';

export interface ClaimRow {
  requestId: string;
  location: string;
  state: 'held' | 'queued';
  mode: 'shared' | 'exclusive';
  /** Product set ids in words, or the whole location. */
  scope: string;
  /** RFC 3339: granted, or accepted where it still waits. */
  since: string;
  /** Why a claim is still there although its request has ended. */
  note?: string;
}

const SETS_SHOWN = 4;

/** Claims in the order of their grant, then the queue in its own order. */
export function claimRows(location: string, reservation: Reservation, isOpen: (id: string) => boolean): ClaimRow[] {
  const held = reservation.claims.map((claim): ClaimRow => {
    const row = { requestId: claim.requestId, location, mode: claim.mode, scope: scopeText(claim.scope) };
    const note = isOpen(claim.requestId) ? undefined : noteOf(claim.keptUntil);
    return { ...row, state: 'held', since: claim.grantedAt, ...(note === undefined ? {} : { note }) };
  });
  const queued = reservation.queue.map(
    (waiter): ClaimRow => ({
      requestId: waiter.requestId,
      location,
      state: 'queued',
      mode: waiter.mode,
      scope: scopeText(waiter.scope),
      since: waiter.acceptedAt,
    }),
  );
  return [...held.sort((a, b) => (a.since < b.since ? -1 : 1)), ...queued];
}

function noteOf(keptUntil: string | undefined): string {
  if (keptUntil === undefined) return 'ended; given back by the next tick';
  return `ended; kept until ${keptUntil}, since its operation may still be running`;
}

function scopeText(scope: ClaimScope): string {
  if ('all' in scope) return 'the whole location';
  const ids = scope.productSetIds;
  const more = ids.length - SETS_SHOWN;
  const shown = ids.slice(0, SETS_SHOWN).join(', ');
  return more > 0 ? `${shown} and ${counted(more, 'more set', 'more sets')}` : shown;
}
