/** How many files of handled image files (`handledFile`) a request has left in its staging folder. */
import type { RequestRecord } from '../core/request';

export function handledChunks({ facts }: Pick<RequestRecord, 'facts'>): number {
  return facts.one === undefined ? (facts.survey?.chunks ?? 0) : 1;
}
