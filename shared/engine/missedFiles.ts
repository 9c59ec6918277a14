/** Finding CSVs in intake that have no record: their event was lost, or the function was not deployed yet. */
import type { Config } from '../config';
import { dropPath, importRequestId } from '../core/names';
import { publishContinuation } from '../ledger/continuation';
import type { ObjectPage, Ports } from '../ports';
import { acceptDrop } from './intake';

/** An event may be on its way for this long before its object counts as missed. */
const EVENT_GRACE_MS = 60_000;
/** At most so many a tick: the next tick goes on. Those that are accepted leave the bucket when they end. */
const AT_MOST = 20;

/** Accepts and starts missed files; gives how many. `openIds` are the requests that are open already. */
export async function findMissedFiles(
  deps: { ports: Ports; config: Config },
  openIds: ReadonlySet<string>,
): Promise<number> {
  const { ports, config } = deps;
  let found = 0;
  let pageToken: string | undefined;
  do {
    const page: ObjectPage = await ports.objects.list({ bucket: config.intakeBucket, prefix: '', pageToken });
    for (const object of page.objects) {
      if (found >= AT_MOST) return found;
      if (dropPath(object.name).kind === 'ignored') continue;
      if (ports.clock.now() - Date.parse(object.timeCreated) < EVENT_GRACE_MS) continue;
      if (openIds.has(importRequestId(object.bucket, object.name, object.generation))) continue;
      const accepted = await acceptDrop(object, deps, 'later');
      if (accepted?.kind !== 'accepted') continue;
      ports.log.write('WARNING', 'file without a record found in intake', { requestId: accepted.opened.record.id });
      await publishContinuation(ports, config, accepted.opened.record.id);
      found += 1;
    }
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined);
  return found;
}
