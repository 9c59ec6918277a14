/** The latest events for the console, read from the journal once each. */
import { formatGsUri } from '../core/names';
import type { Ports } from '../ports';
import { mapAtOnce } from './atOnce';
import { type EventRow, eventRow } from './eventRow';
import type { JournalEntry } from './journalDays';
import { createRemembered } from './remembered';

const EVENTS_SHOWN = 30;
const READS_AT_ONCE = 16;

/** Journaled events never change, so each is read once. */
export function createEventList({ objects }: Pick<Ports, 'objects'>, stateBucket: string) {
  const remembered = createRemembered<EventRow>(4 * EVENTS_SHOWN);

  function row({ name }: JournalEntry): Promise<EventRow | null> {
    return remembered(name, async () => {
      const object = { bucket: stateBucket, name };
      const found = await objects.read(object);
      return found === null ? null : eventRow(parsed(found.body), formatGsUri(object));
    });
  }

  /** `journal` is newest first, and so are the rows. */
  return async (journal: readonly JournalEntry[]): Promise<EventRow[]> => {
    const rows = await mapAtOnce(journal.slice(0, EVENTS_SHOWN), READS_AT_ONCE, row);
    return rows.filter((one) => one !== null);
  };
}

/** What is no JSON was not written by us and is shown as nothing. */
function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return null;
  }
}
