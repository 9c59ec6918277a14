/** From what was delivered to the record of a request. Pure. */
import { createHash } from 'node:crypto';
import { noCounts } from './counts';
import { planOf } from './plan';
import type { CommandInput, DroppedFile, RequestKind, RequestName, RequestRecord } from './request';

const KINDS: Record<RequestName, RequestKind> = {
  importProductSets: 'import',
  mergedImport: 'import',
  deleteReferenceImage: 'delete',
  deleteProduct: 'delete',
  deleteProducts: 'delete',
  deleteProductSet: 'delete',
  purgeProductsInProductSet: 'purge',
  purgeOrphanProducts: 'purge',
  sweepImageFiles: 'sweep',
  cancelRequest: 'cancel',
  deleteDerivedResources: 'derived',
  restoreSnapshot: 'restore',
};

function blank(
  request: RequestName,
  now: string,
  input: CommandInput = {},
): Pick<
  RequestRecord,
  | 'version'
  | 'request'
  | 'kind'
  | 'acceptedAt'
  | 'startedAt'
  | 'at'
  | 'state'
  | 'facts'
  | 'counts'
  | 'problems'
  | 'operations'
  | 'files'
  | 'waitsAnnounced'
  | 'history'
> {
  return {
    version: 1,
    request,
    kind: KINDS[request],
    acceptedAt: now,
    startedAt: now,
    at: 0,
    state: 'running',
    facts: {},
    counts: noCounts(KINDS[request], input),
    problems: [],
    operations: [],
    files: {},
    waitsAnnounced: 0,
    history: [{ at: now, what: 'accepted' }],
  };
}

/** The record for one generation of a dropped file. `now` is RFC 3339. */
export function importRequest(drop: { id: string; location: string; file: DroppedFile; now: string }): RequestRecord {
  const { id, location, file, now } = drop;
  return {
    ...blank('importProductSets', now),
    id,
    location,
    dryRun: false,
    digest: createHash('sha256')
      .update(JSON.stringify([file.bucket, file.name, file.generation]))
      .digest('hex'),
    source: { from: 'intake', file },
    plan: planOf({ request: 'importProductSets', dryRun: false }),
  };
}

/** The record of a merged import of these files, in their order. It waits in the queue from when the first of them came. */
export function mergedImportRequest(merge: {
  id: string;
  location: string;
  urgent: boolean;
  candidates: string[];
  acceptedAt: string;
  now: string;
}): RequestRecord {
  const { id, location, urgent, candidates, acceptedAt, now } = merge;
  return {
    ...blank('mergedImport', now),
    acceptedAt,
    id,
    location,
    dryRun: false,
    digest: createHash('sha256').update(JSON.stringify(candidates)).digest('hex'),
    source: { from: 'merge', urgent, candidates },
    plan: planOf({ request: 'mergedImport', dryRun: false }),
  };
}

/** The record for a command that was read from a message. */
export function commandRequest(asked: {
  id: string;
  request: RequestName;
  location: string;
  reason?: string;
  dryRun: boolean;
  digest: string;
  messageId: string;
  publishTime: string;
  input: CommandInput;
  now: string;
}): RequestRecord {
  const { id, request, location, reason, dryRun, digest, messageId, publishTime, input, now } = asked;
  return {
    ...blank(request, now, input),
    id,
    location,
    ...(reason === undefined ? {} : { reason }),
    dryRun,
    digest,
    source: { from: 'message', messageId, publishTime, input },
    plan: planOf({ request, dryRun, ...input }),
  };
}
