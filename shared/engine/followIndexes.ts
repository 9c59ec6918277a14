/** The tick's part for index watches: looks at the sets that are due and tells of indexes that are newer than a change. */
import type { Config } from '../config';
import { indexUpdatedEvent } from '../core/event';
import { applyLooks, dueSets, type IndexWatch, overWatches, removeWatches, type SetIndex } from '../core/indexWatch';
import { announce } from '../ledger/journal';
import { createWatches } from '../ledger/watches';
import type { Ports } from '../ports';

/** At most so many a tick and location: the rest is due again at the next. */
const LOOKS_AT_MOST = 100;

interface Deps {
  ports: Ports;
  config: Config;
}

/**
 * Follows the indexes of one location. What was seen is written down first: two ticks at once may have seen different
 * things, and together they know the end. The events go out before the watches are taken away, so that none is lost; a
 * second one, after a crash in between, has the same id.
 */
export async function followIndexes(location: string, { ports, config }: Deps): Promise<void> {
  const watches = createWatches(ports, config);
  let current = await watches.read(location);
  const since = ports.clock.now();
  const due = dueSets(current, since, config.indexWatchMs).slice(0, LOOKS_AT_MOST);
  if (due.length > 0) {
    const looks = new Map<string, SetIndex | null>();
    for (const id of due) looks.set(id, await ports.productSearch.getProductSet(location, id));
    current = await watches.update(location, (latest) => applyLooks(latest, looks, since));
  }
  const { ended, expired } = overWatches(current, ports.clock.now());
  if (ended.length + expired.length === 0) return;
  for (const watch of ended) await tell(watch, location, { ports, config });
  for (const { requestId, pending } of expired) {
    ports.log.write('WARNING', 'index watch given up after seven days', { requestId, productSetIds: pending });
  }
  const over = new Set([...ended, ...expired].map(({ requestId }) => requestId));
  await watches.update(location, (latest) => removeWatches(latest, over));
}

/** Nothing is said where all the sets are gone. */
async function tell(watch: IndexWatch, location: string, { ports, config }: Deps): Promise<void> {
  if (watch.indexed.length === 0 && watch.problems.length === 0) return;
  const time = new Date(ports.clock.now()).toISOString();
  await announce(
    ports,
    config,
    indexUpdatedEvent(watch, { location, projectId: config.projectId, time }),
    watch.acceptedAt,
  );
}
