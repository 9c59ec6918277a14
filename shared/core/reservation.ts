/**
 * Who may change what in a location: claims that are held and the queue of those that wait. Pure.
 * Shared claims live together, an exclusive one alone; nobody overtakes a waiter that it conflicts with.
 */

export type ClaimScope = { all: true } | { productSetIds: string[] };

export interface WantedClaim {
  requestId: string;
  /** Imports share; purges, set deletes and orphan purges exclude. */
  mode: 'shared' | 'exclusive';
  scope: ClaimScope;
  /** RFC 3339; the queue is in this order, then in that of ids. */
  acceptedAt: string;
}

export interface Claim extends WantedClaim {
  grantedAt: string;
  /** A purge is between its intent and the end of its operation: single deletes of its products wait. */
  purging?: 'set' | 'orphans';
  /** Kept until then although its request has ended: an operation of its may still be running. */
  keptUntil?: string;
}

/** A sweep of image files that is under way: imports and restores start a little later while there is one. */
export interface RegisteredSweep {
  requestId: string;
  /** RFC 3339. */
  since: string;
  /** Snapshots that restores bring back meanwhile: the files that they name are in use. */
  snapshots?: string[];
}

export interface Reservation {
  claims: Claim[];
  queue: WantedClaim[];
  sweeps?: RegisteredSweep[];
}

export const EMPTY_RESERVATION: Reservation = { claims: [], queue: [] };

/** Above this many sets a request claims the whole location instead. */
export const MAX_CLAIMED_SETS = 1_000;

/** The scope for these sets, or the whole location where there are too many of them. */
export function scopeOf(productSetIds: string[]): ClaimScope {
  return productSetIds.length > MAX_CLAIMED_SETS ? { all: true } : { productSetIds };
}

function overlaps(a: ClaimScope, b: ClaimScope): boolean {
  if ('all' in a || 'all' in b) return true;
  const ids = new Set(a.productSetIds);
  return b.productSetIds.some((id) => ids.has(id));
}

/** Whether the two cannot be held together. A request never conflicts with itself. */
export function conflicts(a: WantedClaim, b: WantedClaim): boolean {
  if (a.requestId === b.requestId) return false;
  if (a.mode === 'shared' && b.mode === 'shared') return false;
  return overlaps(a.scope, b.scope);
}

function before(a: WantedClaim, b: WantedClaim): number {
  if (a.acceptedAt !== b.acceptedAt) return a.acceptedAt < b.acceptedAt ? -1 : 1;
  return a.requestId < b.requestId ? -1 : 1;
}

function inTheWay(reservation: Reservation, wanted: WantedClaim): string[] {
  const earlier = reservation.queue.filter((waiter) => before(waiter, wanted) < 0);
  return [...reservation.claims, ...earlier]
    .filter((other) => conflicts(other, wanted))
    .map((other) => other.requestId);
}

/** Grants to every waiter that has nothing in its way, in order of acceptance. */
export function grantQueue(reservation: Reservation, now: string): { reservation: Reservation; granted: string[] } {
  let next = { ...reservation, queue: [...reservation.queue].sort(before) };
  const granted: string[] = [];
  for (const waiter of next.queue) {
    if (inTheWay(next, waiter).length > 0) continue;
    granted.push(waiter.requestId);
    next = {
      ...next,
      claims: [...next.claims, { ...waiter, grantedAt: now }],
      queue: next.queue.filter((other) => other.requestId !== waiter.requestId),
    };
  }
  return { reservation: next, granted };
}

/**
 * Asks for a claim: it is held at once where nothing is in the way, else it joins the queue. Asking again changes
 * nothing. `blockedBy` names the requests in the way.
 */
export function ask(
  reservation: Reservation,
  wanted: WantedClaim,
  now: string,
): { reservation: Reservation; held: boolean; blockedBy: string[] } {
  if (reservation.claims.some((claim) => claim.requestId === wanted.requestId)) {
    return { reservation, held: true, blockedBy: [] };
  }
  const queued = reservation.queue.some((waiter) => waiter.requestId === wanted.requestId)
    ? reservation
    : { ...reservation, queue: [...reservation.queue, wanted] };
  const { reservation: next, granted } = grantQueue(queued, now);
  if (granted.includes(wanted.requestId)) return { reservation: next, held: true, blockedBy: [] };
  return { reservation: next, held: false, blockedBy: [...new Set(inTheWay(next, wanted))] };
}

/** Takes away the claims, places in the queue and sweeps of requests that are no longer open, unless a claim is still kept. */
export function dropEnded(reservation: Reservation, isOpen: (requestId: string) => boolean, now: string): Reservation {
  return {
    ...withSweeps(
      reservation,
      reservation.sweeps?.filter((sweep) => isOpen(sweep.requestId)),
    ),
    claims: reservation.claims.filter(
      (claim) => isOpen(claim.requestId) || (claim.keptUntil !== undefined && claim.keptUntil > now),
    ),
    queue: reservation.queue.filter((waiter) => isOpen(waiter.requestId)),
  };
}

/** The reservation with some fields of one held claim changed. */
export function changeClaim(
  reservation: Reservation,
  requestId: string,
  change: Partial<Pick<Claim, 'purging' | 'keptUntil'>>,
): Reservation {
  const claims = reservation.claims.map((claim) => (claim.requestId === requestId ? { ...claim, ...change } : claim));
  return { ...reservation, claims };
}

function withSweeps({ sweeps: _before, ...rest }: Reservation, sweeps: RegisteredSweep[] | undefined): Reservation {
  return sweeps === undefined || sweeps.length === 0 ? rest : { ...rest, sweeps };
}

/** Adds the sweep. The same reservation where it is in already. */
export function addSweep(reservation: Reservation, sweep: RegisteredSweep): Reservation {
  const { sweeps = [] } = reservation;
  if (sweeps.some((other) => other.requestId === sweep.requestId)) return reservation;
  return { ...reservation, sweeps: [...sweeps, sweep] };
}

export function removeSweep(reservation: Reservation, requestId: string): Reservation {
  const { sweeps = [] } = reservation;
  if (!sweeps.some((sweep) => sweep.requestId === requestId)) return reservation;
  return withSweeps(
    reservation,
    sweeps.filter((sweep) => sweep.requestId !== requestId),
  );
}

/** Tells every sweep that is under way of a snapshot whose files are in use again. */
export function addSnapshotToSweeps(reservation: Reservation, snapshot: string): Reservation {
  const { sweeps = [] } = reservation;
  if (sweeps.every((sweep) => sweep.snapshots?.includes(snapshot) === true)) return reservation;
  const told = sweeps.map((sweep) => ({ ...sweep, snapshots: [...new Set([...(sweep.snapshots ?? []), snapshot])] }));
  return { ...reservation, sweeps: told };
}
