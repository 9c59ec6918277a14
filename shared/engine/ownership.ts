/** One invocation's hold on one request: a lease in the record, renewed while the invocation works. */
import type { Config } from '../config';
import { ServiceError } from '../core/errors';
import type { RequestRecord } from '../core/request';
import type { Pacer } from '../ledger/pacer';
import { CLOCK_SKEW_MS, type OpenRecord, type Records } from '../ledger/records';
import type { Clock, Entropy, Ports, ProductSearch } from '../ports';

/** Somebody else owns the request now. The invocation stops without a trace; the other one goes on. */
export class LeaseLostError extends Error {
  constructor(requestId: string) {
    super(`another invocation has taken over ${requestId}`);
    this.name = 'LeaseLostError';
  }
}

/** The longest that one outside call may take, the client's own retries included. */
export const CALL_DEADLINE_MS = 25_000;

export interface OwnershipDeps {
  records: Records;
  clock: Clock;
  entropy: Entropy;
  config: Config;
}

/** A lease from now on, and when the tick may look at the request in case this invocation dies. */
export function leased(record: RequestRecord, nonce: string, now: number, leaseMs: number): RequestRecord {
  return {
    ...record,
    state: 'running',
    lease: { nonce, until: new Date(now + leaseMs).toISOString() },
    dueAt: new Date(now + leaseMs + CLOCK_SKEW_MS).toISOString(),
  };
}

/** Whether somebody may still be working on the request. */
export function isLeased(record: RequestRecord, now: number): boolean {
  return record.lease !== undefined && Date.parse(record.lease.until) + CLOCK_SKEW_MS > now;
}

/**
 * Owns a record that carries this invocation's lease. The steps change `record`; what is written on a renewal is the
 * last consistent state, so that half a step's counts are never kept without its cursor.
 */
export function own(opened: OpenRecord, deps: OwnershipDeps) {
  const record = opened.record;
  const nonce = record.lease?.nonce ?? deps.entropy.nonce();
  let generation = opened.generation;
  let consistent = JSON.stringify(record);
  let until = Date.parse(record.lease?.until ?? record.acceptedAt);
  let renewing: Promise<void> | null = null;

  async function write(next: RequestRecord): Promise<void> {
    const saved = (await deps.records.save(next, generation)) ?? (await writeOverMark(next));
    if (saved === null) throw new LeaseLostError(record.id);
    generation = saved.generation;
    until = Date.parse(next.lease?.until ?? next.acceptedAt);
  }

  /** Where all that was written meanwhile is the wish to cancel, the request is still owned, and takes the wish over. */
  async function writeOverMark(next: RequestRecord): Promise<OpenRecord | null> {
    const found = await deps.records.open(record.id);
    if (found === null || found.record.lease?.nonce !== nonce) return null;
    const { cancellation } = found.record;
    if (cancellation === undefined) return null;
    if (cancellation.by !== record.cancellation?.by) record.cancellation = cancellation;
    consistent = JSON.stringify({ ...(JSON.parse(consistent) as RequestRecord), cancellation: record.cancellation });
    // A request that leaves off to wait is looked at at once.
    const dueAt = next.lease === undefined ? { dueAt: new Date(deps.clock.now()).toISOString() } : {};
    return deps.records.save({ ...next, cancellation: record.cancellation, ...dueAt }, found.generation);
  }

  async function renew(): Promise<void> {
    if (deps.clock.now() > until) throw new LeaseLostError(record.id);
    await write(leased(JSON.parse(consistent) as RequestRecord, nonce, deps.clock.now(), deps.config.leaseMs));
  }

  async function ensure(): Promise<void> {
    // Renewed some time before it must be, so that calls at the same time share one renewal.
    const early = Math.min(10_000, (deps.config.leaseMs - CALL_DEADLINE_MS) / 2);
    if (renewing === null && until - deps.clock.now() >= CALL_DEADLINE_MS + early) return;
    do {
      renewing ??= renew().finally(() => {
        renewing = null;
      });
      await renewing;
      // An invocation that stood still while it renewed may find that the new lease is nearly over, or is.
    } while (until - deps.clock.now() < CALL_DEADLINE_MS);
  }

  return {
    record,

    /** Resolves when a call of the longest duration fits into the lease; throws `LeaseLostError` where it is lost. */
    ensure,

    /** Writes the record as it stands, and keeps the lease. */
    async checkpoint(): Promise<void> {
      const next = leased(record, nonce, deps.clock.now(), deps.config.leaseMs);
      await write(next);
      consistent = JSON.stringify({ ...next, cancellation: record.cancellation });
    },

    /** Writes the record as it stands and gives the lease back. */
    async leaveOff(): Promise<void> {
      const { lease: _given, ...next } = record;
      await write(next);
    },

    /** Deletes the open record, at the generation that the last renewal has given it. */
    async removeOpen(): Promise<void> {
      await ensure();
      await deps.records.removeOpen(record.id, generation);
    },
  };
}

export type Ownership = ReturnType<typeof own>;

/** How the management calls of one request are paced and counted. */
export interface Pacing {
  pacer: Pacer;
  bulk: boolean;
}

/**
 * The ports, each call of which first makes sure that the request is still owned for as long as the call may take.
 * Calls of Product Search wait for their time before that, and are counted in the record.
 */
export function guardPorts(ports: Ports, ownership: Ownership, pacing: Pacing): Ports {
  return {
    ...ports,
    objects: guard(ports.objects, () => ownership.ensure()),
    productSearch: paced(ports.productSearch, ownership, pacing),
    publisher: guard(ports.publisher, () => ownership.ensure()),
    derivedImages: ports.derivedImages && guard(ports.derivedImages, () => ownership.ensure()),
  };
}

function paced(port: ProductSearch, ownership: Ownership, { pacer, bulk }: Pacing): ProductSearch {
  // While a call waits for its time the lease must not run out, or the next owner would wait in vain, too.
  const keepLease = () => ownership.ensure();
  const before = async (method: string) => {
    await ownership.ensure();
    await pacer.take(bulk, keepLease);
    // Of the calls of a minute, at most half may create reference images (the quota page).
    if (method === 'createReferenceImage') await pacer.take(bulk, keepLease);
    await ownership.ensure();
    ownership.record.calls = (ownership.record.calls ?? 0) + 1;
  };
  const onFault = async (error: unknown) => {
    if (error instanceof ServiceError && error.faultClass === 'exhausted') await pacer.refused();
  };
  return guard(port, before, onFault);
}

function guard<T extends object>(
  port: T,
  before: (method: string) => Promise<void>,
  onFault: (error: unknown) => Promise<void> = async () => undefined,
): T {
  return new Proxy(port, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      return async (...parameters: unknown[]) => {
        await before(String(name));
        try {
          return await method.apply(target, parameters);
        } catch (error) {
          await onFault(error);
          throw error;
        }
      };
    },
  });
}
