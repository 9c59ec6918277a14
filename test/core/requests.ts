/** Records of requests as they are when they have just been accepted, for tests. */
import { commandRequest, importRequest } from '../../shared/core/newRequest';
import type { CommandInput, RequestName, RequestRecord } from '../../shared/core/request';

export const ACCEPTED_AT = '2026-11-22T08:00:00.000Z';

/** A dropped CSV, `imp-1` unless the change says otherwise. */
export function importRecord(change: Partial<RequestRecord> = {}): RequestRecord {
  const file = { bucket: 'intake', name: 'shoes.csv', generation: '7', size: 10, urgent: false };
  return { ...importRequest({ id: 'imp-1', location: 'us-west1', file, now: ACCEPTED_AT }), ...change };
}

/** A command, `cmd-1` unless the change says otherwise. */
export function commandRecord(
  request: RequestName,
  input: CommandInput = {},
  change: Partial<RequestRecord> & { dryRun?: boolean } = {},
): RequestRecord {
  const record = commandRequest({
    id: 'cmd-1',
    request,
    location: 'us-west1',
    dryRun: change.dryRun ?? false,
    digest: 'd1',
    messageId: '42',
    publishTime: ACCEPTED_AT,
    input,
    now: ACCEPTED_AT,
  });
  return { ...record, ...change };
}
