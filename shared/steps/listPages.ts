/**
 * Reading long lists of Product Search page by page, several at a time, into sorted runs. Safe to stop anywhere: a run is
 * written before the cursor that lies behind it, and what was listed after it is listed again.
 */
import { ServiceError } from '../core/errors';
import type { Runs } from '../core/request';
import type { Page, PageQuery } from '../ports';
import { mapAtOnce } from './atOnce';
import { addRun, type Entry, NO_RUNS } from './sortedRuns';
import { type StepContext, timeText } from './step';

/** How far the reading of several lists is. */
export interface PagesCursor {
  /** Lists that have begun and not ended, by their number, each with the token of its next page. */
  open: { list: number; pageToken?: string }[];
  /** The list that begins next. */
  next: number;
  runs: Runs;
  pages: number;
  entries: number;
  /** When the last pages were asked for; what was in the lists later is not known. */
  askedAt?: string;
  /** The lease under which that was. */
  askedBy?: string;
}

export const FIRST_PAGE: PagesCursor = { open: [], next: 0, runs: NO_RUNS, pages: 0, entries: 0 };

export interface Lists<T> {
  /** Of the runs that are written. */
  name: string;
  count: number;
  list(number: number, query: PageQuery): Promise<Page<T>>;
  /** null for what is left out. */
  entry(found: T, list: number): Entry | null;
  unit: string;
}

/** Lists that are read at the same time; each page of one list needs the token of the page before. */
const LISTS_AT_ONCE = 16;

/** Reads on from the cursor until all lists have ended; otherwise the time is used up, and the cursor says where. */
export async function listIntoRuns<T>(
  context: StepContext,
  from: PagesCursor,
  lists: Lists<T>,
): Promise<{ ended: boolean; cursor: PagesCursor }> {
  let cursor = from;
  let entries: Entry[] = [];
  async function flush(): Promise<void> {
    if (entries.length === 0) return;
    const runs = await addRun(context, lists.name, cursor.runs, entries);
    cursor = { ...cursor, runs };
    entries = [];
  }
  try {
    while (cursor.open.length > 0 || cursor.next < lists.count) {
      const open = opened(cursor, lists.count);
      const askedAt = timeText(context);
      const pages = await mapAtOnce(open, (one) => readPage(lists, one));
      const found = pages.flatMap((page, index) =>
        page.items.flatMap((one) => lists.entry(one, open[index]?.list ?? 0) ?? []),
      );
      for (const entry of found) entries.push(entry);
      const askedBy = context.record.lease?.nonce;
      cursor = { ...behind(cursor, open, pages, found.length, lists.count), askedAt, askedBy };
      context.progress(lists.unit, cursor.entries);
      if (context.outOfTime()) break;
      if (entries.length >= context.config.sizes.runEntries) {
        await flush();
        await context.checkpoint(cursor);
      }
    }
  } catch (error) {
    // What was read before a fault is kept, so that a full quota never makes the same pages be read again and again.
    await flush();
    context.record.cursor = cursor;
    throw error;
  }
  await flush();
  return { ended: cursor.open.length === 0 && cursor.next >= lists.count, cursor };
}

function opened(cursor: PagesCursor, count: number): PagesCursor['open'] {
  const more = Math.min(LISTS_AT_ONCE - cursor.open.length, count - cursor.next);
  return [...cursor.open, ...Array.from({ length: Math.max(0, more) }, (_, index) => ({ list: cursor.next + index }))];
}

/** The cursor behind pages that have been read. */
function behind<T>(
  cursor: PagesCursor,
  read: PagesCursor['open'],
  pages: Page<T>[],
  entries: number,
  count: number,
): PagesCursor {
  const open = read.flatMap(({ list }, index) => {
    const pageToken = pages[index]?.nextPageToken;
    return pageToken === undefined || pageToken === '' ? [] : [{ list, pageToken }];
  });
  const next = Math.min(count, cursor.next + read.length - cursor.open.length);
  return { ...cursor, open, next, pages: cursor.pages + pages.length, entries: cursor.entries + entries };
}

/** A page token that the service does not take any more begins its list anew: what comes twice is merged. */
async function readPage<T>(
  lists: Lists<T>,
  { list, pageToken }: { list: number; pageToken?: string },
): Promise<Page<T>> {
  try {
    return await lists.list(list, { pageToken });
  } catch (error) {
    const isRefused = error instanceof ServiceError && error.status === 'INVALID_ARGUMENT';
    if (!isRefused || pageToken === undefined) throw error;
    return lists.list(list, {});
  }
}
