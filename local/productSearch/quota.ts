/** The quotas of one project, counted in sliding windows; https://cloud.google.com/vision/product-search/quotas. */
import { StatusError } from '../statusError';
import { RESOURCE_EXHAUSTED } from './codes';

export interface QuotaLimits {
  /** Resource management requests in any minute, all kinds together. */
  managementPerMinute: number;
  /** Of these, how many may create a reference image. */
  createReferenceImagePerMinute: number;
  /** Imports in any 24 hours. */
  importsPerDay: number;
}

export type QuotaKind = 'management' | 'createReferenceImage' | 'importProductSets';

export interface Quotas {
  /** Counts a call; throws RESOURCE_EXHAUSTED, and counts nothing, where a limit is reached. */
  take(kind: QuotaKind, now: number): void;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

export function createQuotas(project: string, limits: QuotaLimits): Quotas {
  const management = createWindow('Management requests', 'minute', limits.managementPerMinute, MINUTE_MS);
  const perKind = {
    management: [management],
    createReferenceImage: [
      management,
      createWindow('CreateReferenceImage requests', 'minute', limits.createReferenceImagePerMinute, MINUTE_MS),
    ],
    importProductSets: [management, createWindow('ImportProductSets requests', 'day', limits.importsPerDay, DAY_MS)],
  };
  return {
    take(kind, now) {
      const full = perKind[kind].find((window) => window.isFull(now));
      if (full) throw new StatusError(RESOURCE_EXHAUSTED, `${full.sentence} for consumer 'project:${project}'.`);
      for (const window of perKind[kind]) window.add(now);
    },
  };
}

interface SlidingWindow {
  sentence: string;
  isFull(now: number): boolean;
  add(now: number): void;
}

function createWindow(metric: string, unit: string, limit: number, lengthMs: number): SlidingWindow {
  let times: number[] = [];
  let first = 0;
  return {
    sentence: `Quota exceeded for quota metric '${metric}' and limit '${metric} per ${unit}' of service 'vision.googleapis.com'`,
    isFull(now) {
      while (first < times.length && (times[first] ?? now) <= now - lengthMs) first += 1;
      return times.length - first >= limit;
    },
    add(now) {
      times.push(now);
      // Forgets what has slid out, but not at every call.
      if (first > times.length / 2) {
        times = times.slice(first);
        first = 0;
      }
    },
  };
}
