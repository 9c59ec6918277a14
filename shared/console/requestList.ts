/** The requests for the console: every open one as far as there is room, and the latest that were closed. */
import { isRequestId } from '../core/names';
import { createRecords } from '../ledger/records';
import type { Ports, StoredObject } from '../ports';
import { mapAtOnce } from './atOnce';
import type { JournalEntry } from './journalDays';
import { createRemembered } from './remembered';
import { type RequestRow, requestRow } from './requestRow';

type ListPorts = Pick<Ports, 'objects' | 'clock' | 'entropy'>;

export interface OpenRequests {
  /** Newest first. */
  rows: RequestRow[];
  /** Of all that are open, shown or not. */
  ids: Set<string>;
  /** How many of them are not in `rows` for want of room. */
  hidden: number;
  /** There are more than `ids` tells. */
  isCut: boolean;
}

const OPEN = 'requests/open/';
const OPEN_SHOWN = 200;
const OPEN_PAGES = 2;
export const CLOSED_SHOWN = 50;
const READS_AT_ONCE = 16;

/** Keeps what it has read: a generation never changes, nor does a closed record. */
export function createRequestList(ports: ListPorts, stateBucket: string) {
  const records = createRecords(ports, stateBucket);
  const remembered = createRemembered<RequestRow>(4 * (OPEN_SHOWN + CLOSED_SHOWN));

  function openRow(object: StoredObject): Promise<RequestRow | null> {
    return remembered(`${object.name}#${object.generation}`, async () => {
      const found = await records.open(idOf(object));
      return found === null ? null : requestRow(found.record, stateBucket, found.generation);
    });
  }

  function closedRow(id: string): Promise<RequestRow | null> {
    return remembered(`closed/${id}`, async () => {
      const record = await records.closed(id);
      return record === null ? null : requestRow(record, stateBucket, 'closed');
    });
  }

  return {
    async open(): Promise<OpenRequests> {
      const { objects, isCut } = await listOpen(ports.objects, stateBucket);
      const latest = [...objects].sort((a, b) => (a.timeCreated < b.timeCreated ? 1 : -1)).slice(0, OPEN_SHOWN);
      const rows = await mapAtOnce(latest, READS_AT_ONCE, openRow);
      const hidden = objects.length - latest.length;
      return { rows: newestFirst(rows), ids: new Set(objects.map(idOf)), hidden, isCut };
    },

    /** `journal` is newest first; what was journaled but not closed yet is left out. */
    async closed(journal: readonly JournalEntry[]): Promise<RequestRow[]> {
      const ids = journal.flatMap(({ id }) => endedRequest(id)).slice(0, CLOSED_SHOWN);
      const rows = await mapAtOnce(ids, READS_AT_ONCE, closedRow);
      return rows.filter((row) => row !== null);
    },
  };
}

async function listOpen(
  store: Ports['objects'],
  stateBucket: string,
): Promise<{ objects: StoredObject[]; isCut: boolean }> {
  const objects: StoredObject[] = [];
  let pageToken: string | undefined;
  for (let pages = 0; pages < OPEN_PAGES; pages += 1) {
    const page = await store.list({ bucket: stateBucket, prefix: OPEN, pageToken });
    objects.push(...page.objects.filter((object) => isRequestId(idOf(object))));
    pageToken = page.nextPageToken;
    if (pageToken === undefined) return { objects, isCut: false };
  }
  return { objects, isCut: true };
}

/** The request whose end the event announces, or none. */
export function endedRequest(eventId: string): string[] {
  const id = eventId.endsWith('.completed') ? eventId.slice(0, -'.completed'.length) : '';
  return isRequestId(id) ? [id] : [];
}

function idOf({ name }: StoredObject): string {
  return name.slice(OPEN.length).replace(/\.json$/, '');
}

function newestFirst(rows: readonly (RequestRow | null)[]): RequestRow[] {
  return rows.filter((row) => row !== null).sort((a, b) => (a.acceptedAt < b.acceptedAt ? 1 : -1));
}
