/** What the console reads: the overview, one record, and the files that it opens. */

import { createOverview, type Overview } from '../../shared/console/overview';
import type { RequestRecord } from '../../shared/core/request';
import { type TraceHeaders, traceFields } from '../../shared/core/trace';
import type { Deps } from '../../shared/handler';
import { createRecords } from '../../shared/ledger/records';
import type { Log, ObjectStore } from '../../shared/ports';

export interface Readers {
  overview(): Promise<Overview>;
  /** The whole record, open or closed; null where there is none. */
  request(id: string): Promise<RequestRecord | null>;
  objects: ObjectStore;
  stateBucket: string;
  /** The log of one request, with its trace. */
  logOf(headers: TraceHeaders): Log;
}

export function createReaders({ ports, config }: Pick<Deps, 'ports' | 'config'>): Readers {
  const records = createRecords(ports, config.stateBucket);
  return {
    overview: createOverview(ports, config),
    /** Open before closed: a request that ends between the two is found. What is closed holds. */
    async request(id) {
      const open = await records.open(id);
      return (await records.closed(id)) ?? open?.record ?? null;
    },
    objects: ports.objects,
    stateBucket: config.stateBucket,
    logOf: (headers) => ports.log.with(traceFields(headers, config.projectId)),
  };
}
