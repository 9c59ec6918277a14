/** The words of a history: times, names and ends, short enough to read. */
import type { Config } from '../../shared/config';
import type { PublishedEvent } from './rules/rule';

export function shownTime(ms: number): string {
  const days = Math.floor(ms / 86_400_000);
  return `${days > 0 ? `${days}d ` : ''}${new Date(ms).toISOString().slice(11, 23)}`;
}

/** Ids of 32 digits and the names of our buckets are long; what is left of them tells them apart. */
export function shortened(line: string): string {
  const names = line.replaceAll('gs://product-search-', '').replaceAll('projects/local-project/locations/', '');
  return names.replace(/\b((?:imp|bat)-|cmd-m)([0-9a-f]{6})[0-9a-f]{26,58}/g, '$1$2');
}

export function outcomesOf(published: readonly PublishedEvent[]): Record<string, number> {
  const ends = new Map(
    published.filter(({ data }) => data.outcome !== undefined).map((event) => [event.id, event.data]),
  );
  const outcomes: Record<string, number> = {};
  for (const { request, outcome } of ends.values()) {
    const name = `${request} ${outcome}`;
    outcomes[name] = (outcomes[name] ?? 0) + 1;
  }
  return outcomes;
}

/** Of the configuration, what a history draws. */
export function differing({
  importsPerDay,
  importReserve,
  assignImageIds,
  onInvalidLines,
  invocationMs,
  leaseMs,
  managementCallsPerMinute,
  restoreImportLines,
}: Config): unknown {
  return {
    importsPerDay,
    importReserve,
    assignImageIds,
    onInvalidLines,
    invocationMs,
    leaseMs,
    managementCallsPerMinute,
    restoreImportLines,
  };
}
