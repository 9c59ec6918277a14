/** The tick's part for files that wait for an import slot: the policy says which start, and which go together. */
import type { Config } from '../config';
import { decideStarts, type PendingFile } from '../core/mergePolicy';
import { batchId } from '../core/names';
import { mergedImportRequest } from '../core/newRequest';
import { publishContinuation } from '../ledger/continuation';
import { createRecords, type OpenSummary } from '../ledger/records';
import { createSlots } from '../ledger/slots';
import type { Ports } from '../ports';
import { accept } from './accept';

interface Deps {
  ports: Ports;
  config: Config;
}

function pendingFiles(open: readonly OpenSummary[]): PendingFile[] {
  return open.flatMap(({ id, location, mergeable }) =>
    mergeable === undefined ? [] : [{ id, location, ...mergeable }],
  );
}

/** Wakes files that start alone and makes a merged import of each group; gives how many files that were. */
export async function startImports(open: readonly OpenSummary[], deps: Deps): Promise<number> {
  const pending = pendingFiles(open);
  if (pending.length === 0) return 0;
  const { ports, config } = deps;
  const slots = await createSlots(ports, config).view();
  const { start } = decideStarts(pending, slots, ports.clock.now());
  const byId = new Map(pending.map((file) => [file.id, file]));
  for (const ids of start) {
    const files = ids.flatMap((id) => byId.get(id) ?? []);
    const [first] = files;
    if (first === undefined) continue;
    if (files.length === 1) await publishContinuation(ports, config, first.id);
    else await merge(first, ids, deps);
  }
  return start.flat().length;
}

async function merge(first: PendingFile, candidates: string[], { ports, config }: Deps): Promise<void> {
  const record = mergedImportRequest({
    id: batchId(ports.entropy.nonce()),
    location: first.location,
    urgent: first.urgent,
    candidates,
    acceptedAt: new Date(first.acceptedAt).toISOString(),
    now: new Date(ports.clock.now()).toISOString(),
  });
  const records = createRecords(ports, config.stateBucket);
  await accept(record, { ...ports, records, config }, 'later');
  await publishContinuation(ports, config, record.id);
  ports.log.write('INFO', 'files go together in one import', { requestId: record.id, files: candidates.length });
}
