/** Reading a finalized object of the intake bucket as a request, and accepting it. */
import type { Config } from '../config';
import { dropPath, importRequestId } from '../core/names';
import { importRequest } from '../core/newRequest';
import type { RequestRecord } from '../core/request';
import { createRecords } from '../ledger/records';
import type { Ports } from '../ports';
import { type Accepted, accept } from './accept';

export interface FinalizedFile {
  bucket: string;
  name: string;
  generation: string;
  size: number;
}

/**
 * The request that a dropped object asks for; null for an object that is no CSV. A name that is refused (a region that
 * is none of ours) becomes a request, too, so that it ends with an event that says why.
 */
export function readDrop(file: FinalizedFile, config: Config, now: number): RequestRecord | null {
  const path = dropPath(file.name);
  if (path.kind === 'ignored') return null;
  const record = importRequest({
    id: importRequestId(file.bucket, file.name, file.generation),
    location: (path.kind === 'csv' ? path.location : undefined) ?? config.location,
    file: { ...file, urgent: path.kind === 'csv' && path.urgent },
    now: new Date(now).toISOString(),
  });
  if (path.kind === 'csv') return record;
  return { ...record, outcome: 'rejected', problems: [{ code: 'location', message: path.fault }] };
}

/** Accepts a dropped file; null for an object that is no CSV. */
export async function acceptDrop(
  file: FinalizedFile,
  deps: { ports: Ports; config: Config },
  start: 'now' | 'later',
): Promise<Accepted | null> {
  const record = readDrop(file, deps.config, deps.ports.clock.now());
  if (record === null) return null;
  const records = createRecords(deps.ports, deps.config.stateBucket);
  return accept(record, { ...deps.ports, records, config: deps.config }, start);
}
