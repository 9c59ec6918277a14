/** What must hold after any run, whatever died: one terminal event a request, ledger and journal and topic agree. */
import type { RequestRecord } from '../../shared/core/request';
import type { SystemEvent } from '../system/collectedEvents';
import { INTAKE, type LocalSystem, STATE } from '../system/localSystem';
import { duplicateImages, readCatalogue } from './catalogue';
import { LOCATIONS } from './finalState';
import type { Asks } from './user';

const TERMINAL = /\.completed\.v1$/;

/** One sentence for each promise that is broken. */
export async function brokenPromises(system: LocalSystem, asks: Asks): Promise<string[]> {
  return [
    ...(await leftBehind(system)),
    ...eventFaults(system.events.all),
    ...(await recordFaults(system, asks)),
    ...(await imageFaults(system)),
  ];
}

async function leftBehind(system: LocalSystem): Promise<string[]> {
  const open = [...(await system.names(STATE, 'requests/open/')), ...(await system.names(STATE, 'batches/open/'))];
  const csvs = (await system.names(INTAKE)).filter((name) => /\.csv(\.gz)?$/.test(name));
  const claims: string[] = [];
  for (const name of await system.names(STATE, 'reservations/')) {
    const { value } = JSON.parse(await system.text(`gs://${STATE}/${name}`)) as { value: Record<string, unknown[]> };
    if ((value.claims ?? []).length > 0) claims.push(name);
  }
  return [
    ...open.map((name) => `${name} is still open`),
    ...csvs.map((name) => `${name} is still in intake`),
    ...claims.map((name) => `${name} still holds a claim`),
    ...(await deadLetters(system)).map((message) => `a dead letter: ${message}`),
  ];
}

async function deadLetters({ env }: LocalSystem): Promise<string[]> {
  const url = `http://${env.PUBSUB_EMULATOR_HOST}/v1/projects/${env.GOOGLE_CLOUD_PROJECT}/subscriptions`;
  const response = await fetch(`${url}/product-search-dead-letters-pull:pull`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ maxMessages: 10, returnImmediately: true }),
  });
  const { receivedMessages = [] } = (await response.json()) as { receivedMessages?: unknown[] };
  return receivedMessages.map((message) => JSON.stringify(message));
}

/** An event may come twice, but never with one id and two contents; a request has one terminal event. */
export function eventFaults(events: readonly SystemEvent[]): string[] {
  const contents = new Map<string, string>();
  const terminals = new Map<string, string>();
  const faults: string[] = [];
  for (const { id, type, data } of events) {
    const content = JSON.stringify(data);
    if ((contents.get(id) ?? content) !== content) faults.push(`event ${id} was published with two contents`);
    contents.set(id, content);
    if (!TERMINAL.test(type)) continue;
    if ((terminals.get(data.requestId) ?? id) !== id) faults.push(`${data.requestId} has two terminal events`);
    terminals.set(data.requestId, id);
  }
  return faults;
}

async function recordFaults(system: LocalSystem, asks: Asks): Promise<string[]> {
  const published = new Map(system.events.all.map(({ id, data }) => [id, JSON.stringify(data)]));
  const asked = new Set([...asks.values()].map(({ requestId }) => `requests/closed/${requestId}.json`));
  const faults: string[] = [];
  for (const name of await system.names(STATE, 'requests/closed/')) {
    if (!asked.has(name)) faults.push(`${name}: nobody asked for this request`);
    const { id, acceptedAt, event } = JSON.parse(await system.text(`gs://${STATE}/${name}`)) as RequestRecord;
    const data = JSON.stringify(event?.data);
    const journal = `gs://${STATE}/events/${acceptedAt.slice(0, 10)}/${event?.id}.json`;
    const journaled = (JSON.parse(await system.text(journal)) as { data: unknown }).data;
    if (published.get(event?.id ?? '') !== data) faults.push(`${id}: what was published is not what was closed`);
    if (JSON.stringify(journaled) !== data) faults.push(`${id}: what was journaled is not what was closed`);
  }
  return faults;
}

async function imageFaults({ env }: LocalSystem): Promise<string[]> {
  const faults: string[] = [];
  for (const location of LOCATIONS) {
    const catalogue = await readCatalogue(env.VISION_EMULATOR_HOST ?? '', location);
    faults.push(...duplicateImages(catalogue).map((image) => `${location}: ${image} is there twice`));
  }
  return faults;
}
