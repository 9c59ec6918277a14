/** The tick's part for index watches: looks at the sets that are due and tells of indexes that are newer than a change. */
import type { Config } from '../config';
import { indexUpdatedEvent } from '../core/event';
import {
  applyLooks,
  dueSets,
  type IndexWatch,
  lateProblems,
  overWatches,
  removeWatches,
  type SetIndex,
} from '../core/indexWatch';
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
  const over = overWatches(current, ports.clock.now());
  if (over.length === 0) return;
  for (const watch of over) await tell(watch, location, { ports, config });
  const told = new Set(over.map(({ requestId }) => requestId));
  await watches.update(location, (latest) => removeWatches(latest, told));
}

/** Nothing is said where all the sets are gone. */
async function tell(watched: IndexWatch, location: string, { ports, config }: Deps): Promise<void> {
  const { requestId, pending } = watched;
  const watch = { ...watched, problems: [...watched.problems, ...lateProblems(watched)] };
  if (pending.length > 0) {
    ports.log.write('WARNING', 'index watch given up after seven days', { requestId, productSetIds: pending });
  }
  if (watch.indexed.length === 0 && watch.problems.length === 0) return;
  const time = new Date(ports.clock.now()).toISOString();
  await announce(
    ports,
    config,
    indexUpdatedEvent(watch, { location, projectId: config.projectId, time }),
    watch.acceptedAt,
  );
}
