/** Taking an open request that nobody works on. */
import type { Config } from '../config';
import { terminalEvent } from '../core/event';
import { journaled } from '../ledger/journal';
import { createRecords, type OpenRecord } from '../ledger/records';
import type { Ports } from '../ports';
import { finish } from './finish';
import { isLeased, leased, own } from './ownership';

/**
 * Gives the record with a lease of this invocation, or null where there is nothing to do: the request has ended, or
 * somebody else works on it. Where a former owner died between journal and close, the request is closed here; none of
 * its effects is repeated, because what was announced as done may have been changed by others since.
 */
export async function takeOver(id: string, deps: { ports: Ports; config: Config }): Promise<OpenRecord | null> {
  const { ports, config } = deps;
  const records = createRecords(ports, config.stateBucket);
  const found = await records.open(id);
  if (found === null || isLeased(found.record, ports.clock.now())) return null;
  const died = found.record.lease !== undefined;
  const untouched = found.record.at === 0;
  if ((died || untouched) && (await records.isClosed(id))) {
    await records.removeOpen(id, found.generation);
    return null;
  }
  const next = leased(found.record, ports.entropy.nonce(), ports.clock.now(), config.leaseMs);
  const taken = await records.save(next, found.generation);
  if (taken === null) return null;
  if (!died) return taken;
  ports.log.write('WARNING', 'lease of a dead invocation taken over', { requestId: id });
  const event = terminalEvent(taken.record, config.projectId, '');
  if ((await journaled(ports, config, event, taken.record.acceptedAt)) === null) return taken;
  await finish(own(taken, { ...ports, records, config }), deps);
  return null;
}
