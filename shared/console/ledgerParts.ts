/** The parts of the page that come from the ledger: requests, events, and who holds what. */
import type { Config } from '../config';
import { LOCATIONS } from '../core/names';
import { createReservations } from '../ledger/reservations';
import type { Ports } from '../ports';
import { type ClaimRow, claimRows } from './claimRows';
import { createEventList } from './eventList';
import type { EventRow } from './eventRow';
import { createJournalDays, type JournalDays } from './journalDays';
import { type Part, readPart } from './part';
import { CLOSED_SHOWN, createRequestList, endedRequest, type OpenRequests } from './requestList';
import type { RequestRow } from './requestRow';
import { counted } from './words';

export interface RequestsPart {
  /** Open ones first, newest first; then the closed ones by their end. */
  rows: RequestRow[];
  /** How many are open, shown or not. */
  open: number;
  /** What is not shown, a sentence each. */
  notes: string[];
}

export interface LedgerParts {
  requests: Part<RequestsPart>;
  events: Part<EventRow[]>;
  claims: Part<ClaimRow[]>;
}

const RECENT_DAYS = 2;
/** How far back the journal is read for closed requests where the last two days hold too few. */
const MOST_DAYS = 14;

export function createLedgerParts(ports: Ports, config: Config) {
  const { log } = ports;
  const requestList = createRequestList(ports, config.stateBucket);
  const eventList = createEventList(ports, config.stateBucket);
  const journalDays = createJournalDays(ports, config.stateBucket);
  const reservations = createReservations(ports, config);

  async function readJournal(): Promise<JournalDays> {
    const recent = await journalDays.read(RECENT_DAYS);
    const ended = recent.entries.filter(({ id }) => endedRequest(id).length > 0);
    return ended.length >= CLOSED_SHOWN ? recent : journalDays.read(MOST_DAYS);
  }

  async function readClaims(open: OpenRequests): Promise<ClaimRow[]> {
    const isOpen = (id: string) => open.isCut || open.ids.has(id);
    const rows = await Promise.all(
      LOCATIONS.map(async (location) => claimRows(location, await reservations.read(location), isOpen)),
    );
    return rows.flat();
  }

  /** Open requests first, the journal after: one that ends between the two is in the journal by then. */
  return async (): Promise<LedgerParts> => {
    const open = await readPart('open requests', log, () => requestList.open());
    if (open.value === undefined) return { requests: open, events: open, claims: open };
    const [journal, claims] = await Promise.all([
      readPart('journal', log, readJournal),
      readPart('claims', log, () => readClaims(open.value)),
    ]);
    if (journal.value === undefined) return { requests: journal, events: journal, claims };
    const { entries } = journal.value;
    const [requests, events] = await Promise.all([
      readPart('closed requests', log, async () =>
        together(open.value, await requestList.closed(entries), journal.value),
      ),
      readPart('events', log, () => eventList(entries)),
    ]);
    return { requests, events, claims };
  };
}

/** A closed record wins over an open one: whoever delivers late opens a request again for a moment. */
function together(open: OpenRequests, closed: RequestRow[], journal: JournalDays): RequestsPart {
  const ended = new Set(closed.map((row) => row.id));
  const openRows = open.rows.filter((row) => !ended.has(row.id));
  const { hidden, isCut } = open;
  const notes = [
    ...(hidden > 0 ? [`${counted(hidden, 'older open request is', 'older open requests are')} not shown`] : []),
    ...(isCut ? ['There are more open requests than can be listed here'] : []),
    ...journal.cutDays.map((day) => `${day} has more events than can be listed here: some requests may be missing`),
  ];
  return { rows: [...openRows, ...closed], open: openRows.length + hidden, notes };
}
