/** Accepting what was delivered: the open record is created at most once, and a closed request stays closed. */

import type { Config } from '../config';
import { ServiceError } from '../core/errors';
import type { RequestRecord } from '../core/request';
import type { OpenRecord, Records } from '../ledger/records';
import type { Clock, Entropy } from '../ports';
import { leased } from './ownership';

export type Accepted =
  | { kind: 'accepted'; opened: OpenRecord }
  /** The same was delivered before, open or closed. */
  | { kind: 'duplicate' }
  /** The id is taken by a request with other content. */
  | { kind: 'conflict' };

export interface AcceptDeps {
  records: Records;
  clock: Clock;
  entropy: Entropy;
  config: Config;
}

function compare(existing: RequestRecord, record: RequestRecord): Accepted {
  return existing.digest === record.digest ? { kind: 'duplicate' } : { kind: 'conflict' };
}

/**
 * The closed one counts: an open one beside it is only what a late delivery has not taken back yet. Looked for once more
 * in the end, since a request may be closed, and its open record deleted, between the first two looks.
 */
async function existingRecord(id: string, { records }: AcceptDeps): Promise<RequestRecord> {
  const existing = (await records.closed(id)) ?? (await records.open(id))?.record ?? (await records.closed(id));
  if (existing !== null) return existing;
  throw new ServiceError('Ledger.Accept', 'UNAVAILABLE', `the record of ${id} is there and is not`);
}

/**
 * Creates `open/<id>`, the claim on this delivery, with the first lease. Only then `closed/<id>` is read: if it
 * exists, this was a late redelivery and the open record is deleted again. A crash between the two heals, because
 * whoever takes the record over looks for the closed one first. With `later` the record carries no lease and is due at
 * once: another invocation works on it.
 */
export async function accept(record: RequestRecord, deps: AcceptDeps, start: 'now' | 'later'): Promise<Accepted> {
  const now = deps.clock.now();
  const first =
    start === 'now'
      ? leased(record, deps.entropy.nonce(), now, deps.config.leaseMs)
      : { ...record, dueAt: new Date(now).toISOString() };
  const opened = await deps.records.create(first);
  if (opened === null) return compare(await existingRecord(record.id, deps), record);
  const closed = await deps.records.closed(record.id);
  if (closed === null) return { kind: 'accepted', opened };
  await deps.records.removeOpen(record.id, opened.generation);
  return compare(closed, record);
}
