/** Everything that the console's first page shows, read together; a part that cannot be read says so and no more. */
import type { Config } from '../config';
import { LOCATIONS } from '../core/names';
import { NO_SLOTS, slotsAt } from '../core/quota';
import { readJson } from '../ledger/jsonObject';
import { createReservations } from '../ledger/reservations';
import type { Ports } from '../ports';
import { type ClaimRow, claimRows } from './claimRows';
import { createEventList } from './eventList';
import type { EventRow } from './eventRow';
import { faultText } from './faultText';
import { createJournalDays, type JournalDays } from './journalDays';
import { createProductSetBoard, type LocationBoard } from './productSetBoard';
import { CLOSED_SHOWN, createRequestList, endedRequest, type OpenRequests } from './requestList';
import type { RequestRow } from './requestRow';
import { counted } from './words';

/** A part of the page, or why it could not be read. */
export type Part<T> = { value: T; error?: undefined } | { error: string; value?: undefined };

export interface Overview {
  /** RFC 3339, the server's clock. */
  at: string;
  projectId: string;
  location: string;
  /** Served by the local services: no account and no real data. */
  isLocal: boolean;
  intakeBucket: string;
  commandsTopic: string;
  requests: Part<{ rows: RequestRow[]; open: number; notes: string[] }>;
  productSets: LocationBoard[];
  events: Part<EventRow[]>;
  claims: Part<ClaimRow[]>;
  imports: Part<{ used: number; limit: number; nextFreeAt?: string }>;
}

const RECENT_DAYS = 2;
/** How far back the journal is read for closed requests where the last two days hold too few. */
const MOST_DAYS = 14;
/** One read serves all who ask within this time. */
const SHARED_MS = 1_000;
/** How long the page waits for Product Search. */
const PATIENCE_MS = 1_500;

export function createOverview(ports: Ports, config: Config) {
  const requestList = createRequestList(ports, config.stateBucket);
  const eventList = createEventList(ports, config.stateBucket);
  const journalDays = createJournalDays(ports, config.stateBucket);
  const reservations = createReservations(ports, config);
  const productSetBoard = createProductSetBoard(ports);
  let underWay: Promise<Overview> | null = null;
  let last: { until: number; overview: Overview } | null = null;

  async function part<T>(name: string, read: () => Promise<T>): Promise<Part<T>> {
    try {
      return { value: await read() };
    } catch (error) {
      return { error: faultText(error, ports.log, name) };
    }
  }

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

  async function readImports() {
    const slots = await readJson(ports, { bucket: config.stateBucket, name: 'quota/imports.json' }, NO_SLOTS);
    const limit = config.importsPerDay;
    const { used, nextFreeAt } = slotsAt(slots, limit, ports.clock.now());
    return { used, limit, ...(used < limit ? {} : { nextFreeAt: new Date(nextFreeAt).toISOString() }) };
  }

  /** Open requests first, the journal after: one that ends between the two is in the journal by then. */
  async function readLedger(): Promise<Pick<Overview, 'requests' | 'events' | 'claims'>> {
    const open = await part('open requests', () => requestList.open());
    const [journal, claims] = await Promise.all([
      part('journal', readJournal),
      open.value === undefined ? open : part('claims', () => readClaims(open.value)),
    ]);
    if (open.value === undefined) return { requests: open, events: open, claims: open };
    if (journal.value === undefined) return { requests: journal, events: journal, claims };
    const { entries } = journal.value;
    const [requests, events] = await Promise.all([
      part('closed requests', async () => requestsPart(open.value, await requestList.closed(entries), journal.value)),
      part('events', () => eventList(entries)),
    ]);
    return { requests, events, claims };
  }

  async function read(): Promise<Overview> {
    const [ledger, productSets, imports] = await Promise.all([
      readLedger(),
      productSetBoard(PATIENCE_MS),
      part('import slots', readImports),
    ]);
    return {
      at: new Date(ports.clock.now()).toISOString(),
      projectId: config.projectId,
      location: config.location,
      isLocal: config.storageHost !== undefined,
      intakeBucket: config.intakeBucket,
      commandsTopic: config.commandsTopic,
      ...ledger,
      productSets,
      imports,
    };
  }

  async function readAndKeep(): Promise<Overview> {
    const overview = await read();
    last = { until: ports.clock.now() + SHARED_MS, overview };
    return overview;
  }

  /** Never rejects for a part that cannot be read. */
  return async (): Promise<Overview> => {
    if (last !== null && ports.clock.now() < last.until) return last.overview;
    underWay ??= readAndKeep().finally(() => {
      underWay = null;
    });
    return underWay;
  };
}

/** A closed record wins over an open one: whoever delivers late opens a request again for a moment. */
function requestsPart(open: OpenRequests, closed: RequestRow[], journal: JournalDays) {
  const ended = new Set(closed.map((row) => row.id));
  const openRows = open.rows.filter((row) => !ended.has(row.id));
  const notes = [
    ...(open.hidden > 0
      ? [`${counted(open.hidden, 'older open request is', 'older open requests are')} not shown`]
      : []),
    ...(open.isCut ? ['There are more open requests than can be listed here'] : []),
    ...journal.cutDays.map((day) => `${day} has more events than can be listed here: some requests may be missing`),
  ];
  return { rows: [...openRows, ...closed], open: openRows.length + open.hidden, notes };
}
