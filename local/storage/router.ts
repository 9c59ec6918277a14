/** Finds the route of a request: the JSON API with and without its prefixes, uploads, downloads, public links. */
import type { Route } from './answer';

export interface Target {
  route: Route;
  params: Record<string, string>;
}

export interface RouteGroups {
  /** Below `/storage/v1`, `/download/storage/v1`, or directly below the root. */
  api: readonly Route[];
  /** Below `/upload/storage/v1`, or directly below `/upload`. */
  upload: readonly Route[];
  /** `/BUCKET/OBJECT`, where nothing else fits. */
  open: readonly Route[];
}

const UPLOAD_PREFIX = /^\/(?:resumable\/)?upload\/(?:storage\/v1\/|(?=b\/))/;
const API_PREFIX = /^\/(?:download\/)?storage\/v1\//;

/** `path` is still percent-encoded. 'other-verb': the path is known, but not with this verb. */
export function findRoute(groups: RouteGroups, verb: string, path: string): Target | 'other-verb' | 'unknown' {
  if (UPLOAD_PREFIX.test(path)) return search(groups.upload, verb, path.replace(UPLOAD_PREFIX, ''));
  if (API_PREFIX.test(path)) return search(groups.api, verb, path.replace(API_PREFIX, ''));
  const found = search(groups.api, verb, path.slice(1));
  if (found !== 'unknown' || path.startsWith('/b/')) return found;
  return search(groups.open, verb, path.slice(1));
}

function search(routes: readonly Route[], verb: string, path: string): Target | 'other-verb' | 'unknown' {
  const segments = path.replace(/\/$/, '').split('/').map(decodeSegment);
  let isKnown = false;
  for (const route of routes) {
    const params = match(route.pattern.split('/'), segments);
    if (params !== null && route.verb === verb) return { route, params };
    isKnown ||= params !== null;
  }
  return isKnown ? 'other-verb' : 'unknown';
}

function match(pattern: readonly string[], segments: readonly string[]): Record<string, string> | null {
  const params: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index];
    if (segment === undefined) return null;
    if (part === '*') return { ...params, object: segments.slice(index).join('/') };
    if (part.startsWith(':')) params[part.slice(1)] = segment;
    else if (part !== segment) return null;
  }
  return pattern.length === segments.length ? params : null;
}

/** A percent sign that encodes nothing stands for itself. */
function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
