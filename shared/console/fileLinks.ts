/** Which objects the console opens, and the links to them. Pure. */
import { parseGsUri } from '../core/names';
import type { RequestRecord } from '../core/request';
import type { ObjectName } from '../ports';

/** Folders of the state bucket that hold what people are meant to read. */
export const OPENABLE_FOLDERS = ['reports', 'snapshots', 'archive', 'plans', 'events'] as const;

export interface FileLink {
  label: string;
  /** Relative to the console's own address. */
  href: string;
}

const LABELS: [string, string][] = [
  ['report', 'report'],
  ['linesCsv', 'lines.csv'],
  ['retryCsv', 'retry.csv'],
  ['snapshot', 'snapshot'],
  ['plan', 'plan'],
  ['archive', 'dropped file'],
];

/** The object that the URI names, where the console may open it; else null. Names are compared by whole segments. */
export function openableObject(uri: string, stateBucket: string): ObjectName | null {
  const object = parseGsUri(uri);
  if (object === null || object.bucket !== stateBucket) return null;
  const segments = object.name.split('/');
  if (segments.length < 2 || segments.some((segment) => segment === '.' || segment === '..')) return null;
  return OPENABLE_FOLDERS.some((folder) => folder === segments[0]) ? object : null;
}

/** Where the console serves the object. */
export function fileHref(uri: string): string {
  return `files?uri=${encodeURIComponent(uri)}`;
}

/** Links to the files of a request, in a fixed order; what the console does not open is left out. */
export function fileLinks(files: RequestRecord['files'], stateBucket: string): FileLink[] {
  const uris: Record<string, string | undefined> = files;
  return LABELS.flatMap(([key, label]) => {
    const uri = uris[key];
    if (uri === undefined || openableObject(uri, stateBucket) === null) return [];
    return [{ label, href: fileHref(uri) }];
  });
}
