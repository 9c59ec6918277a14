/** Everything that a run leaves behind, by the labels of the script and in a form that two runs can be compared in. */
import { createHash } from 'node:crypto';
import type { Problem } from '../../shared/core/problem';
import type { RequestRecord } from '../../shared/core/request';
import { IMAGES, INTAKE, type LocalSystem, STATE } from '../system/localSystem';
import { type Catalogue, readCatalogue } from './catalogue';
import type { Asks } from './user';

export interface EndedRequest {
  request: string;
  outcome: string;
  counts: Record<string, number>;
  problems: string[];
  /** The files of the request that people read, by what they are; contents. */
  files: Record<string, string[]>;
}

export interface FinalState {
  catalogue: Record<string, Catalogue>;
  /** Digests by name. */
  imageFiles: Record<string, string>;
  intake: string[];
  requests: Record<string, EndedRequest>;
  rejected: Record<string, string[]>;
  /** Requests that may end in more than one way: that they ended. */
  races: string[];
}

export const LOCATIONS = ['us-west1', 'us-east1', 'europe-west1', 'asia-east1'];

export async function readFinalState(system: LocalSystem, asks: Asks): Promise<FinalState> {
  const state: FinalState = { catalogue: {}, imageFiles: {}, intake: [], requests: {}, rejected: {}, races: [] };
  for (const location of LOCATIONS) {
    state.catalogue[location] = await readCatalogue(system.env.VISION_EMULATOR_HOST ?? '', location);
  }
  for (const name of await system.names(IMAGES)) state.imageFiles[name] = digest(await read(system, IMAGES, name));
  state.intake = await system.names(INTAKE);
  const closed = new Set(await system.names(STATE, 'requests/closed/'));
  for (const [label, { requestId, messageId, race }] of asks) {
    const name = `requests/closed/${requestId}.json`;
    if (!closed.has(name)) state.rejected[label] = rejections(system, messageId);
    else if (race) state.races.push(label);
    else state.requests[label] = await endedRequest(system, JSON.parse(await read(system, STATE, name)));
  }
  state.races.sort();
  return state;
}

function rejections({ events }: LocalSystem, messageId: string | undefined): string[] {
  const rejected = events.all.find(({ data }) => messageId !== undefined && data.messageId === messageId);
  return rejected === undefined ? ['nothing was heard of it'] : rejected.data.problems.map(problemText);
}

function problemText({ code, line, column, field }: Pick<Problem, 'code' | 'line' | 'column' | 'field'>): string {
  return [code, line, column, field].filter((part) => part !== undefined).join(' ');
}

async function endedRequest(system: LocalSystem, record: RequestRecord): Promise<EndedRequest> {
  const { id, request, outcome = 'none', counts, problems } = record;
  return {
    request,
    outcome,
    counts: settledCounts(record.kind, counts),
    problems: problems.map(problemText).sort(),
    files: {
      retry: await contents(system, `reports/${id}/retry.csv`),
      snapshot: (await contents(system, `snapshots/${id}/products-`)).map(inOrder),
      archive: await contents(system, `archive/${record.acceptedAt.slice(0, 10)}/${id}/`),
    },
  };
}

/**
 * What the counts say whatever was repeated: after a crash between an effect and its record, what the first try did is
 * found done, so a line counts as present, a single product as absent.
 */
export function settledCounts(kind: string, counts: Record<string, number>): Record<string, number> {
  const {
    imported = 0,
    alreadyPresent = 0,
    products = 0,
    productSets = 0,
    referenceImages,
    alreadyAbsent = 0,
  } = counts;
  if (kind === 'import')
    return { ...without(counts, ['imported', 'alreadyPresent']), present: imported + alreadyPresent };
  if (kind !== 'delete') return counts;
  const gone = Math.max(
    products + productSets + alreadyAbsent,
    referenceImages === undefined ? 0 : Math.min(1, referenceImages),
  );
  return { failed: counts.failed ?? 0, gone };
}

function without(counts: Record<string, number>, names: string[]): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).filter(([name]) => !names.includes(name)));
}

/** A product of a snapshot with its images in order, as far as a listing's order is nobody's promise. */
function inOrder(line: string): string {
  const product = JSON.parse(line) as { referenceImages: { name: string }[] };
  return JSON.stringify({
    ...product,
    referenceImages: product.referenceImages.map((image) => JSON.stringify(image)).sort(),
  });
}

/** Lines in order: in which order a listing gives them is nobody's promise. */
async function contents(system: LocalSystem, prefix: string): Promise<string[]> {
  const names = await system.names(STATE, prefix);
  const texts = await Promise.all(names.map((name) => read(system, STATE, name)));
  return texts
    .flatMap((text) => text.split('\n'))
    .filter((line) => line !== '')
    .sort();
}

async function read(system: LocalSystem, bucket: string, name: string): Promise<string> {
  const [content] = await system.storage.bucket(bucket).file(name).download({ decompress: false });
  return content.toString('latin1');
}

function digest(text: string): string {
  return createHash('sha256').update(text, 'latin1').digest('hex').slice(0, 16);
}
