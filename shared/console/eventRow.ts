/** One journaled event as a row of the console. Pure; what is no event of ours gives null instead of a fault. */
import { z } from 'zod';
import { isRequestId } from '../core/names';
import { fileHref } from './fileLinks';
import { countsText, outcomeWords, requestTitle, type Tone } from './words';

export interface EventRow {
  id: string;
  /** The CloudEvents type. */
  type: string;
  /** The type in words. */
  title: string;
  summary: string;
  tone: Tone;
  /** RFC 3339. */
  time: string;
  requestId?: string;
  href: string;
}

const Event = z.object({
  id: z.string(),
  type: z.string(),
  time: z.string(),
  subject: z.string().default(''),
  data: z
    .looseObject({
      request: z.string().optional(),
      outcome: z.string().optional(),
      counts: z.record(z.string(), z.number()).optional(),
      detail: z.string().optional(),
      productSets: z.array(z.looseObject({ productSetId: z.string() })).optional(),
      problems: z.array(z.looseObject({ message: z.string() })).optional(),
    })
    .default({}),
});

const SETS_SHOWN = 4;

type ParsedEvent = z.infer<typeof Event>;

/** The row of an event that lies at `uri`, or null. */
export function eventRow(content: unknown, uri: string): EventRow | null {
  const parsed = Event.safeParse(content);
  if (!parsed.success) return null;
  const { id, type, time, subject } = parsed.data;
  const requestId = subject.replace(/^requests\//, '');
  return {
    id,
    type,
    time,
    ...words(parsed.data),
    ...(subject.startsWith('requests/') && isRequestId(requestId) ? { requestId } : {}),
    href: fileHref(uri),
  };
}

function words(event: ParsedEvent): Pick<EventRow, 'title' | 'summary' | 'tone'> {
  const { request = '', outcome = '', counts = {}, detail = '', productSets = [], problems = [] } = event.data;
  const completed = /^product-search\.([a-z]+)\.completed\.v1$/.exec(event.type);
  if (completed !== null) {
    const { label, tone } = outcomeWords(outcome);
    const first = tone === 'bad' ? problems[0]?.message : undefined;
    const counted = countsText(completed[1] ?? '', counts, outcome === 'dryRun');
    return { title: `${requestTitle(request)} ${label}`, summary: first ?? counted, tone };
  }
  switch (event.type) {
    case 'product-search.message.rejected.v1':
      return { title: 'Message rejected', summary: problemsText(problems), tone: 'bad' };
    case 'product-search.request.waiting.v1':
      return { title: `${requestTitle(request)} waits`, summary: detail, tone: 'waiting' };
    case 'product-search.operation.stalled.v1':
      return { title: 'Operation stalled', summary: 'It has been running for longer than a day', tone: 'warn' };
    case 'product-search.index.updated.v1': {
      const ids = productSets.map(({ productSetId }) => productSetId);
      return {
        title: `${requestTitle(request)} shows in searches`,
        summary: [setsText(ids), problemsText(problems)].filter((text) => text !== '').join(' · '),
        tone: problems.length > 0 ? 'warn' : 'good',
      };
    }
    default:
      return { title: event.type.replace(/^product-search\.|\.v\d+$/g, ''), summary: detail, tone: 'neutral' };
  }
}

function setsText(ids: readonly string[]): string {
  const more = ids.length > SETS_SHOWN ? ` and ${ids.length - SETS_SHOWN} more` : '';
  return `${ids.slice(0, SETS_SHOWN).join(', ')}${more}`;
}

function problemsText(problems: readonly { message: string }[]): string {
  const first = problems[0]?.message ?? '';
  return problems.length > 1 ? `${first} (and ${problems.length - 1} more)` : first;
}
