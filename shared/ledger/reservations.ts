/** The claims of a location, kept in one object of the state bucket and changed by compare-and-set only. */
import type { Config } from '../config';
import {
  addSnapshotToSweeps,
  addSweep,
  ask,
  type Claim,
  changeClaim,
  dropEnded,
  EMPTY_RESERVATION,
  grantQueue,
  type RegisteredSweep,
  type Reservation,
  removeSweep,
  type WantedClaim,
} from '../core/reservation';
import type { ObjectName, Ports } from '../ports';
import { readJson, updateJson } from './jsonObject';
import { createRecords } from './records';

type ReservationPorts = Pick<Ports, 'objects' | 'clock' | 'entropy'>;

/** The reservation of each location. Whether a request is open is looked up after its claim was read, never before. */
export function createReservations(ports: ReservationPorts, config: Config) {
  const records = createRecords(ports, config.stateBucket);
  const nameOf = (location: string): ObjectName => ({
    bucket: config.stateBucket,
    name: `reservations/${location}.json`,
  });
  const nowText = () => new Date(ports.clock.now()).toISOString();

  async function ended(ids: readonly string[]): Promise<Set<string>> {
    const gone = new Set<string>();
    for (const id of new Set(ids)) {
      if (!(await records.isOpen(id))) gone.add(id);
    }
    return gone;
  }

  async function askFor(location: string, wanted: WantedClaim) {
    let held = false;
    let blockedBy: string[] = [];
    await updateJson(ports, nameOf(location), EMPTY_RESERVATION, (reservation) => {
      const answer = ask(reservation, wanted, nowText());
      held = answer.held;
      blockedBy = answer.blockedBy;
      return answer.reservation;
    });
    return { held, blockedBy };
  }

  async function sweep(location: string): Promise<{ reservation: Reservation; granted: string[] }> {
    const seen = await readJson(ports, nameOf(location), EMPTY_RESERVATION);
    const ids = [...seen.claims, ...seen.queue, ...(seen.sweeps ?? [])].map((entry) => entry.requestId);
    if (ids.length === 0) return { reservation: seen, granted: [] };
    const gone = await ended(ids);
    let granted: string[] = [];
    const reservation = await updateJson(ports, nameOf(location), EMPTY_RESERVATION, (current) => {
      const live = dropEnded(current, (id) => !gone.has(id), nowText());
      const next = grantQueue(live, nowText());
      granted = next.granted;
      const dropped =
        live.claims.length < current.claims.length ||
        live.queue.length < current.queue.length ||
        (live.sweeps ?? []).length < (current.sweeps ?? []).length;
      return dropped || granted.length > 0 ? next.reservation : null;
    });
    return { reservation, granted };
  }

  return {
    /** Asks for the claim; where a request in the way has ended since, its claim is dropped and the question repeated. */
    async ask(location: string, wanted: WantedClaim): Promise<{ held: boolean; blockedBy: string[] }> {
      const first = await askFor(location, wanted);
      if (first.held || (await ended(first.blockedBy)).size === 0) return first;
      await sweep(location);
      return askFor(location, wanted);
    },

    /** Whether the claim would be held at once. */
    async isFree(location: string, wanted: WantedClaim): Promise<boolean> {
      return ask(await readJson(ports, nameOf(location), EMPTY_RESERVATION), wanted, nowText()).held;
    },

    /** Whether the request holds a claim already, or is in the queue for one. */
    async isKnown(location: string, requestId: string): Promise<boolean> {
      const { claims, queue } = await readJson(ports, nameOf(location), EMPTY_RESERVATION);
      return [...claims, ...queue].some((entry) => entry.requestId === requestId);
    },

    /** Drops the claims of requests that have ended and grants to those that wait. */
    sweep,

    async read(location: string): Promise<Reservation> {
      return readJson(ports, nameOf(location), EMPTY_RESERVATION);
    },

    /** Says that a sweep of image files is under way, once; gives the reservation. */
    async registerSweep(location: string, sweep: RegisteredSweep): Promise<Reservation> {
      return updateJson(ports, nameOf(location), EMPTY_RESERVATION, (reservation) => addSweep(reservation, sweep));
    },

    async unregisterSweep(location: string, requestId: string): Promise<void> {
      await updateJson(ports, nameOf(location), EMPTY_RESERVATION, (reservation) =>
        removeSweep(reservation, requestId),
      );
    },

    /** Tells the sweeps under way which snapshot is being restored. */
    async tellSweeps(location: string, snapshot: string): Promise<void> {
      await updateJson(ports, nameOf(location), EMPTY_RESERVATION, (reservation) =>
        addSnapshotToSweeps(reservation, snapshot),
      );
    },

    /** Changes what a held claim says of its request. */
    async change(location: string, requestId: string, change: Partial<Pick<Claim, 'purging' | 'keptUntil'>>) {
      await updateJson(ports, nameOf(location), EMPTY_RESERVATION, (reservation) =>
        changeClaim(reservation, requestId, change),
      );
    },
  };
}

export type Reservations = ReturnType<typeof createReservations>;
