/** Heeds the wish to cancel a request, between two of its steps or pages. */
import type { Config } from '../config';
import { cancelRefusal } from '../core/cancellation';
import { cutShortWarnings } from '../core/derivedProblems';
import { note, type RequestRecord } from '../core/request';
import { createReservations } from '../ledger/reservations';
import type { Ports } from '../ports';

/** Decides the outcome `cancelled`, or says in the record why it cannot be: whoever asked reads it there. */
export async function decideCancel(record: RequestRecord, deps: { ports: Ports; config: Config }): Promise<void> {
  const { ports } = deps;
  const { cancellation } = record;
  if (cancellation === undefined) return;
  const now = new Date(ports.clock.now()).toISOString();
  const refusal = cancelRefusal(record, cancellation.force, ports.clock.now());
  if (refusal !== null) {
    cancellation.refused = refusal;
    note(record, now, `not cancelled for ${cancellation.by}: ${refusal}`);
    return;
  }
  if (record.intent !== undefined) await abandon(record, deps);
  record.outcome = 'cancelled';
  record.problems.push({ code: 'cancelled', message: `Cancelled by ${cancellation.by}`, severity: 'warning' });
  record.problems.push(...cutShortWarnings(record));
  note(record, now, `cancelled by ${cancellation.by}`);
  ports.log.write('NOTICE', 'request cancelled', { by: cancellation.by, operationName: record.intent?.operation });
}

/** Its operation may go on: nobody else comes near for a while. */
async function abandon(record: RequestRecord, { ports, config }: { ports: Ports; config: Config }): Promise<void> {
  const keptUntil = new Date(ports.clock.now() + config.startSettleMs).toISOString();
  await createReservations(ports, config).change(record.location, record.id, { keptUntil });
  const message = `Operation ${record.intent?.operation ?? record.intent?.call} was abandoned; its outcome is unknown`;
  record.problems.push({ code: 'operation-abandoned', message });
}
