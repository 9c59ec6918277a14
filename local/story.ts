/** What `npm start` prints of the events that are published, one line each, for people. */
import type { OutgoingEvent } from '../shared/core/outgoingEvent';
import type { StorageModel } from './storage/model';

interface EventData {
  requestId?: string;
  messageId?: string;
  request?: string;
  outcome?: string;
  counts?: Record<string, number>;
  detail?: string;
  problems?: { message: string }[];
}

/** Counts that say something, in words: `97 imported, 2 failed`. */
function countsText(counts: Record<string, number> = {}): string {
  const told = Object.entries(counts).filter(([name, count]) => count > 0 && name !== 'lines');
  return told
    .map(([name, count]) => `${count} ${name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}`)
    .join(', ');
}

/** The line for one event. */
export function storyLine(event: OutgoingEvent): string {
  const { requestId, messageId, request, outcome, counts, detail, problems } = event.data as EventData;
  if (messageId !== undefined) return `rejected   message ${messageId}: ${problems?.[0]?.message ?? ''}`;
  if (event.type === 'product-search.index.updated.v1') return `searchable ${request} ${requestId}`;
  if (outcome === undefined) return `waiting    ${request} ${requestId}: ${detail ?? event.type}`;
  const said = countsText(counts);
  const why = outcome === 'succeeded' || outcome === 'dryRun' ? '' : (problems?.[0]?.message ?? '');
  return `${outcome.padEnd(10)} ${request} ${requestId}${said ? `: ${said}` : ''}${why ? ` (${why})` : ''}`;
}

/** Prints each event as it is journaled. */
export function tellStory(storage: StorageModel, stateBucket: string, print: (line: string) => void): void {
  storage.onFinalize((object) => {
    if (object.bucket !== stateBucket || !object.name.startsWith('events/')) return;
    try {
      print(storyLine(JSON.parse(Buffer.concat(object.content.chunks).toString('utf8')) as OutgoingEvent));
    } catch {
      // Somebody else wrote an object here that is no event: nothing to tell.
    }
  });
}
