/**
 * The journal of events, newest first. Names of closed requests are hashes, so the journal's day folders are the index
 * by time: they are read instead of all closed requests that ever were.
 */
import type { Ports, StoredObject } from '../ports';

export interface JournalEntry {
  /** Object name. */
  name: string;
  /** CloudEvents id. */
  id: string;
  /** RFC 3339, when the event was journaled. */
  journaledAt: string;
}

export interface JournalDays {
  entries: JournalEntry[];
  /** Folders that hold more than was listed. */
  cutDays: string[];
}

const DAY_MS = 24 * 3_600_000;
/** Pages of 1,000 names a day. */
const PAGES_A_DAY = 5;
/** What is listed anew each time: a request is journaled on the day on which it was accepted. */
const FRESH_DAYS = 2;
const OLD_DAYS_KEPT_MS = 60_000;

interface Day {
  entries: JournalEntry[];
  isCut: boolean;
}

/** Lists day folders; those before yesterday at most once a minute. */
export function createJournalDays(ports: Pick<Ports, 'objects' | 'clock'>, stateBucket: string) {
  const old = new Map<string, { day: Day; listedAt: number }>();

  async function list(date: string): Promise<Day> {
    const prefix = `events/${date}/`;
    const entries: JournalEntry[] = [];
    let pageToken: string | undefined;
    for (let pages = 0; pages < PAGES_A_DAY; pages += 1) {
      const page = await ports.objects.list({ bucket: stateBucket, prefix, pageToken });
      entries.push(...page.objects.flatMap((object) => entryOf(object, prefix)));
      pageToken = page.nextPageToken;
      if (pageToken === undefined) return { entries, isCut: false };
    }
    return { entries, isCut: true };
  }

  async function listOld(date: string): Promise<Day> {
    const known = old.get(date);
    const now = ports.clock.now();
    if (known !== undefined && now - known.listedAt < OLD_DAYS_KEPT_MS) return known.day;
    const day = await list(date);
    old.set(date, { day, listedAt: now });
    return day;
  }

  return {
    /** The entries of today and the days before it, newest first. */
    async read(days: number): Promise<JournalDays> {
      const now = ports.clock.now();
      const dates = Array.from({ length: days }, (_, back) => new Date(now - back * DAY_MS).toISOString().slice(0, 10));
      for (const date of old.keys()) if (!dates.includes(date)) old.delete(date);
      const found = await Promise.all(dates.map((date, back) => (back < FRESH_DAYS ? list(date) : listOld(date))));
      return {
        entries: found.flatMap(({ entries }) => entries).sort(newestFirst),
        cutDays: dates.filter((_, back) => found[back]?.isCut === true),
      };
    },
  };
}

export type JournalDaysReader = ReturnType<typeof createJournalDays>;

function entryOf({ name, timeCreated }: StoredObject, prefix: string): JournalEntry[] {
  const id = name.slice(prefix.length).replace(/\.json$/, '');
  return name.endsWith('.json') && !id.includes('/') ? [{ name, id, journaledAt: timeCreated }] : [];
}

function newestFirst(a: JournalEntry, b: JournalEntry): number {
  if (a.journaledAt !== b.journaledAt) return a.journaledAt < b.journaledAt ? 1 : -1;
  return a.name < b.name ? -1 : 1;
}
