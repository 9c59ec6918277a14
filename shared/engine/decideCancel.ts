/** Heeds the wish to cancel a request, between two of its steps or pages. */
import { cancelRefusal } from '../core/cancellation';
import { cutShortWarnings } from '../core/derivedProblems';
import { type Intent, note, type RequestRecord } from '../core/request';
import type { Ports } from '../ports';

/** Decides the outcome `cancelled`, or says in the record why it cannot be: whoever asked reads it there. */
export function decideCancel(record: RequestRecord, ports: Ports): void {
  const { cancellation } = record;
  if (cancellation === undefined) return;
  const now = new Date(ports.clock.now()).toISOString();
  const refusal = cancelRefusal(record, cancellation.force, ports.clock.now());
  if (refusal !== null) {
    cancellation.refused = refusal;
    note(record, now, `not cancelled for ${cancellation.by}: ${refusal}`);
    return;
  }
  if (record.intent !== undefined) abandon(record, record.intent);
  record.outcome = 'cancelled';
  record.problems.push({ code: 'cancelled', message: `Cancelled by ${cancellation.by}`, severity: 'warning' });
  record.problems.push(...cutShortWarnings(record));
  note(record, now, `cancelled by ${cancellation.by}`);
  ports.log.write('NOTICE', 'request cancelled', { by: cancellation.by, operationName: record.intent?.operation });
}

/** Its operation may go on. */
function abandon(record: RequestRecord, { operation, call }: Intent): void {
  const message = `Operation ${operation ?? call} was abandoned; its outcome is unknown`;
  record.problems.push({ code: 'operation-abandoned', message });
}
