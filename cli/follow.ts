/** Following one request in the ledger until it has ended, and telling how. */

import { requestRow } from '../shared/console/requestRow';
import { countsText, outcomeWords, problemPlace } from '../shared/console/words';
import { rejectedEvent } from '../shared/core/event';
import type { Problem } from '../shared/core/problem';
import type { RequestRecord } from '../shared/core/request';
import type { System } from './system';
import { EXIT, print, type Terminal } from './terminal';

const LOOK_EVERY_MS = 500;
const DAY_MS = 24 * 3_600_000;

export interface Followed {
  id: string;
  /** Of a message that may turn out to be refused. */
  messageId?: string;
  /** Of the content; a record with another one is somebody else's. */
  digest?: string;
}

/** Resolves with the exit status when the request has ended; what it is doing goes to standard error meanwhile. */
export async function follow(followed: Followed, system: System, terminal: Terminal, isJson: boolean): Promise<number> {
  const begun = Date.now();
  let said = '';
  for (;;) {
    const problems = await refusal(followed, system, begun);
    if (problems !== null) return tellRefusal(followed, problems, terminal, isJson);
    const record = await find(followed, system);
    if (record?.state === 'ended') return tellEnd(record, terminal, isJson);
    const now = record === null ? 'waits to be accepted' : progressOf(record, system);
    if (now !== said) await print(terminal.stderr, `${followed.id}: ${now}\n`);
    said = now;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

/** Closed before open: a request that ends between the two is seen at the next look. */
async function find({ id, digest }: Followed, { records }: System): Promise<RequestRecord | null> {
  const record = (await records.closed(id)) ?? (await records.open(id))?.record ?? null;
  return record !== null && digest !== undefined && record.digest !== digest ? null : record;
}

/** The journal keeps why a message was refused, under the day of its publish time. */
async function refusal({ messageId }: Followed, system: System, begun: number): Promise<Problem[] | null> {
  if (messageId === undefined) return null;
  const { objects, config } = system;
  const publishTime = new Date(begun).toISOString();
  const { id } = rejectedEvent({ messageId, publishTime, projectId: '', location: '', problems: [] });
  const days = new Set([begun, begun + DAY_MS].map((time) => new Date(time).toISOString().slice(0, 10)));
  for (const day of days) {
    const found = await objects.read({ bucket: config.stateBucket, name: `events/${day}/${id}.json` });
    if (found !== null)
      return (JSON.parse(found.body.toString('utf8')) as { data: { problems: Problem[] } }).data.problems;
  }
  return null;
}

async function tellRefusal(
  { id, messageId }: Followed,
  problems: Problem[],
  terminal: Terminal,
  isJson: boolean,
): Promise<number> {
  if (isJson) await print(terminal.stdout, `${JSON.stringify({ outcome: 'rejected', messageId, problems })}\n`);
  else await print(terminal.stdout, `${id}: the message was rejected\n${problemLines(problems)}`);
  return EXIT.findings;
}

async function tellEnd(record: RequestRecord, terminal: Terminal, isJson: boolean): Promise<number> {
  await print(terminal.stdout, isJson ? `${JSON.stringify(record.event?.data ?? record)}\n` : endText(record));
  return record.outcome === 'succeeded' || record.outcome === 'dryRun' ? EXIT.clean : EXIT.findings;
}

/** An ended request for people. */
export function endText(record: RequestRecord): string {
  const { label } = outcomeWords(record.outcome ?? 'succeeded');
  const counts = countsText(record.kind, record.counts, record.dryRun);
  const files = Object.entries(record.files).map(([name, uri]) => `  ${name.padEnd(9)} ${uri}\n`);
  return `${record.id}: ${label}: ${counts}\n${problemLines(record.problems)}${files.join('')}`;
}

const PROBLEMS_SHOWN = 20;

export function problemLines(problems: readonly Problem[]): string {
  const shown = problems.slice(0, PROBLEMS_SHOWN).map((problem) => {
    const place = problemPlace(problem);
    const severity = problem.severity ?? 'error';
    return `  ${severity} ${problem.code}: ${place === '' ? '' : `${place}: `}${problem.message}\n`;
  });
  const more = problems.length - shown.length;
  return `${shown.join('')}${more > 0 ? `  and ${more} more; the report has all\n` : ''}`;
}

/** What an open request is doing. */
export function progressOf(record: RequestRecord, { config }: Pick<System, 'config'>): string {
  const row = requestRow(record, config.stateBucket, '');
  return row.waiting === undefined ? row.summary : `${row.badge.label}: ${row.waiting.detail}`;
}
