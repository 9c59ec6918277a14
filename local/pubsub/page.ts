/** One page of a sorted list of names; the token is the last name given, so pages stay right while the list changes. */
import { invalidArgument } from './refusals';

export interface PageRequest {
  /** 0 = as many as the service gives at most. */
  pageSize: number;
  pageToken: string;
}

export interface NamePage {
  names: string[];
  /** Empty = the last page. */
  nextPageToken: string;
}

const MAX_PAGE_SIZE = 1_000;

export function pageOf(names: Iterable<string>, { pageSize, pageToken }: PageRequest): NamePage {
  if (pageSize < 0) throw invalidArgument(`The page size must not be negative (page_size=${pageSize}).`);
  const after = decodeToken(pageToken);
  const left = [...names].filter((name) => name > after).sort((a, b) => (a < b ? -1 : 1));
  const page = left.slice(0, pageSize === 0 ? MAX_PAGE_SIZE : Math.min(pageSize, MAX_PAGE_SIZE));
  const last = page.at(-1);
  return { names: page, nextPageToken: last !== undefined && page.length < left.length ? encodeToken(last) : '' };
}

function encodeToken(name: string): string {
  return Buffer.from(`after ${name}`).toString('base64url');
}

function decodeToken(token: string): string {
  if (token === '') return '';
  const text = Buffer.from(token, 'base64url').toString();
  if (!text.startsWith('after ')) throw invalidArgument(`The page token is invalid (page_token=${token}).`);
  return text.slice('after '.length);
}
