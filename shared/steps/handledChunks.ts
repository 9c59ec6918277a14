/** How many files of handled image files (`handledFile`) a request has left in its staging folder. */
import type { Facts, RequestRecord } from '../core/request';

export function handledChunks({ facts }: Pick<RequestRecord, 'facts'>): number {
  if (facts.one !== undefined) return 1;
  if (facts.deleted !== undefined) return begunChunks(facts.deleted);
  if (facts.sweep !== undefined) return sweptChunks(facts.sweep);
  return facts.survey?.chunks ?? 0;
}

/** A sweep that was cut short has not come to all of its lists of candidates, nor to the end of the last one. */
function sweptChunks({ chunks, removing }: NonNullable<Facts['sweep']>): number {
  return removing === undefined ? 0 : Math.min(chunks, removing + 1);
}

/** A bulk delete that was cut short has not come to all of its survey files. */
function begunChunks({ chunk, from, done }: NonNullable<Facts['deleted']>): number {
  return from > 0 || done !== undefined ? chunk + 1 : chunk;
}
