/** Pages of a list: size rules and tokens. A token names the last record seen, so it survives inserts and deletes. */
import { StatusError } from '../statusError';
import { INVALID_ARGUMENT } from './codes';
import type { PageRequest, ResourcePage } from './resources';
import { type Ranked, rankOf, readAfter, type ShuffledIndex } from './shuffledIndex';

const DEFAULT_PAGE_SIZE = 10;
const MAX_PAGE_SIZE = 100;

export interface ListScope {
  /** The list's own name: a token of another list is refused. */
  name: string;
  seed: number;
}

/** One page of an index; of no index, an empty one by the same rules. */
export function readPage<T extends Ranked, R>(
  index: ShuffledIndex<T> | null,
  scope: ListScope,
  request: PageRequest,
  convert: (record: T) => R,
): ResourcePage<R> {
  const pageSize = readPageSize(request.pageSize);
  const after = readToken(scope, request.pageToken ?? '');
  const records = index ? readAfter(index, after, pageSize + 1) : [];
  const last = records.length > pageSize ? records[pageSize - 1] : undefined;
  return {
    items: records.slice(0, pageSize).map(convert),
    nextPageToken: last ? writeToken(scope, last.id) : '',
  };
}

/** "INVALID_ARGUMENT if page_size is greater than 100 or less than 1": product_search_service.proto. */
export function readPageSize(pageSize: number | null | undefined): number {
  const size = pageSize || DEFAULT_PAGE_SIZE;
  if (size < 1 || size > MAX_PAGE_SIZE) {
    throw new StatusError(INVALID_ARGUMENT, `page_size must be from 1 to ${MAX_PAGE_SIZE}, but is ${size}.`);
  }
  return size;
}

function writeToken(scope: ListScope, id: string): string {
  const mark = rankOf(scope.name, scope.seed).toString(16).padStart(8, '0');
  return Buffer.from(mark + id, 'utf8').toString('base64url');
}

function readToken(scope: ListScope, token: string): Ranked | null {
  if (token === '') return null;
  const id = Buffer.from(token, 'base64url').toString('utf8').slice(8);
  if (writeToken(scope, id) !== token) throw new StatusError(INVALID_ARGUMENT, 'The page token is invalid.');
  return { id, rank: rankOf(id, scope.seed) };
}
