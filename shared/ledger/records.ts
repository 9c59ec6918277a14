/** The ledger: one object a request, open until its terminal event is out, then closed for good. */
import type { RequestRecord } from '../core/request';
import type { ObjectName, ObjectPage, Ports } from '../ports';

/** An open record as it stands in the ledger. */
export interface OpenRecord {
  record: RequestRecord;
  generation: string;
}

/** What a listing tells of an open request, without reading it. */
export interface OpenSummary {
  id: string;
  state: string;
  waitingFor?: string;
  /** Milliseconds; undefined: whoever grants its claim wakes it. */
  dueAt?: number;
  operation?: string;
  /** That its operation takes too long has been announced. */
  stallAnnounced?: true;
  location: string;
  request: string;
  /** A file that waits for an import slot and may go together with others. */
  mergeable?: { lines: number; urgent: boolean; acceptedAt: number };
}

/** Added to the end of a lease before somebody else takes over: the clocks of two instances differ. */
export const CLOCK_SKEW_MS = 10_000;

/** Requests that users asked for, and the merged imports that we make of them. */
const FOLDERS = ['requests', 'batches'] as const;

function folderOf(id: string): (typeof FOLDERS)[number] {
  return id.startsWith('bat-') ? 'batches' : 'requests';
}

type RecordPorts = Pick<Ports, 'objects' | 'entropy'>;

/** What the tick needs to know, as custom metadata, so that it reads only the requests that are due. */
function summaryMetadata(record: RequestRecord): Record<string, string> {
  return {
    state: record.state,
    location: record.location,
    request: record.request,
    ...(record.state === 'waiting' && record.waiting !== undefined ? { waiting: record.waiting.for } : {}),
    ...(record.state === 'waiting' && record.waiting?.operation !== undefined
      ? { operation: record.waiting.operation }
      : {}),
    ...(record.dueAt === undefined ? {} : { due: record.dueAt }),
    ...(record.stallAnnounced === true ? { stalled: 'true' } : {}),
    ...mergeMetadata(record),
  };
}

function mergeMetadata({ state, waiting, acceptedAt }: RequestRecord): Record<string, string> {
  if (state !== 'waiting' || waiting?.mergeable === undefined) return {};
  const { lines, urgent } = waiting.mergeable;
  return { lines: String(lines), urgent: String(urgent), accepted: acceptedAt };
}

function summaryOf(id: string, metadata: Record<string, string>): OpenSummary {
  const { state, location, request, waiting, due, operation, lines, urgent, accepted, stalled } = metadata;
  return {
    id,
    state: state ?? 'running',
    location: location ?? '',
    request: request ?? '',
    ...(waiting === undefined ? {} : { waitingFor: waiting }),
    ...(due === undefined ? {} : { dueAt: Date.parse(due) }),
    ...(operation === undefined ? {} : { operation }),
    ...(stalled === undefined ? {} : { stallAnnounced: true as const }),
    ...(lines === undefined || accepted === undefined
      ? {}
      : { mergeable: { lines: Number(lines), urgent: urgent === 'true', acceptedAt: Date.parse(accepted) } }),
  };
}

function parseRecord(body: Buffer): RequestRecord {
  return JSON.parse(body.toString('utf8')) as RequestRecord;
}

/** The ledger in the state bucket. */
export function createRecords(ports: RecordPorts, stateBucket: string) {
  const openName = (id: string): ObjectName => ({ bucket: stateBucket, name: `${folderOf(id)}/open/${id}.json` });
  const closedName = (id: string): ObjectName => ({ bucket: stateBucket, name: `${folderOf(id)}/closed/${id}.json` });

  async function open(id: string): Promise<OpenRecord | null> {
    const found = await ports.objects.read(openName(id));
    return found === null ? null : { record: parseRecord(found.body), generation: found.object.generation };
  }

  /** Writes; null where another write came first. A write that won although its answer was lost counts as won. */
  async function write(record: RequestRecord, ifGenerationMatch: string): Promise<OpenRecord | null> {
    const nonce = ports.entropy.nonce();
    const next = { ...record, nonce };
    const written = await ports.objects.write(openName(record.id), JSON.stringify(next, null, 1), {
      contentType: 'application/json',
      metadata: summaryMetadata(next),
      ifGenerationMatch,
    });
    if (written !== null) return { record: next, generation: written.generation };
    const now = await open(record.id);
    return now?.record.nonce === nonce ? now : null;
  }

  return {
    open,

    async closed(id: string): Promise<RequestRecord | null> {
      const found = await ports.objects.read(closedName(id));
      return found === null ? null : parseRecord(found.body);
    },

    async isOpen(id: string): Promise<boolean> {
      return (await ports.objects.stat(openName(id))) !== null;
    },

    async isClosed(id: string): Promise<boolean> {
      return (await ports.objects.stat(closedName(id))) !== null;
    },

    /** Creates the open record; null where there is one. */
    create: (record: RequestRecord) => write(record, '0'),

    /** Writes the record over that generation of it; null where somebody else wrote meanwhile. */
    save: (record: RequestRecord, generation: string) => write(record, generation),

    /** Keeps the record as closed. The first to close wins; closing again changes nothing. */
    async close(record: RequestRecord): Promise<void> {
      await ports.objects.write(closedName(record.id), JSON.stringify(record, null, 1), {
        contentType: 'application/json',
        ifGenerationMatch: '0',
        metadata: { request: record.request, location: record.location, outcome: record.outcome ?? 'unknown' },
      });
    },

    /** Deletes the open record if it is still at that generation. */
    async removeOpen(id: string, generation: string): Promise<void> {
      await ports.objects.delete(openName(id), { ifGenerationMatch: generation });
    },

    /** All open requests and merged imports, by what their listing says. */
    async listOpen(): Promise<OpenSummary[]> {
      const summaries: OpenSummary[] = [];
      for (const folder of FOLDERS) {
        const prefix = `${folder}/open/`;
        let pageToken: string | undefined;
        do {
          const page: ObjectPage = await ports.objects.list({ bucket: stateBucket, prefix, pageToken });
          for (const { name, metadata } of page.objects) {
            summaries.push(summaryOf(name.slice(prefix.length, -'.json'.length), metadata));
          }
          pageToken = page.nextPageToken;
        } while (pageToken !== undefined);
      }
      return summaries;
    },
  };
}

export type Records = ReturnType<typeof createRecords>;
