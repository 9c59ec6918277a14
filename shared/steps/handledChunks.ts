/** How many files of handled image files (`handledFile`) a request has left in its staging folder. */
import type { RequestRecord } from '../core/request';

export function handledChunks({ facts }: Pick<RequestRecord, 'facts'>): number {
  if (facts.one !== undefined) return 1;
  return facts.sweep?.chunks ?? facts.survey?.chunks ?? 0;
}
