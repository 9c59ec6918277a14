/** One firing of the scheduler: wakes what is due, grants claims, polls operations, finds files that were missed. */
import type { Config } from '../config';
import { STALL_MS } from '../core/cancellation';
import { LOCATIONS } from '../core/names';
import { publishContinuation } from '../ledger/continuation';
import { createRecords, type OpenSummary } from '../ledger/records';
import { createReservations } from '../ledger/reservations';
import { errorFields } from '../log';
import type { Ports } from '../ports';
import { followIndexes } from './followIndexes';
import { findMissedFiles } from './missedFiles';
import { startImports } from './startImports';

export interface TickReport {
  open: number;
  woken: number;
  /** Files that waited for an import slot. */
  started: number;
  granted: number;
  polled: number;
  found: number;
  failed: number;
}

interface Tick {
  ports: Ports;
  config: Config;
  report: TickReport;
}

const AT_ONCE = 16;

/** Runs one tick. Two may overlap: leases and generations decide. One bad request never stops the others. */
export async function tick(deps: { ports: Ports; config: Config }): Promise<TickReport> {
  const report: TickReport = { open: 0, woken: 0, started: 0, granted: 0, polled: 0, found: 0, failed: 0 };
  const run: Tick = { ...deps, report };
  const open = await createRecords(deps.ports, deps.config.stateBucket).listOpen();
  report.open = open.length;
  const granted = await sweepReservations(run, open);
  const due = open.filter((summary) => granted.has(summary.id) || isDue(summary, deps.ports.clock.now()));
  await forEach(due, run, async (summary) => wake(run, summary));
  await attempt(run, 'start imports', async () => {
    report.started = await startImports(open, deps);
  });
  await attempt(run, 'find missed files', async () => {
    report.found = await findMissedFiles(deps, new Set(open.map((summary) => summary.id)));
  });
  for (const location of LOCATIONS)
    await attempt(run, `follow indexes in ${location}`, () => followIndexes(location, deps));
  return report;
}

function isDue(summary: OpenSummary, now: number): boolean {
  return summary.dueAt !== undefined && summary.dueAt <= now;
}

/** Gives the open requests that wait for a claim and hold it by now. */
async function sweepReservations(run: Tick, open: OpenSummary[]): Promise<Set<string>> {
  const waiting = new Set(open.filter((summary) => summary.waitingFor === 'claim').map((summary) => summary.id));
  const ready = new Set<string>();
  for (const location of LOCATIONS) {
    await attempt(run, `grant claims in ${location}`, async () => {
      const { reservation, granted } = await createReservations(run.ports, run.config).sweep(location);
      run.report.granted += granted.length;
      for (const claim of reservation.claims) if (waiting.has(claim.requestId)) ready.add(claim.requestId);
    });
  }
  return ready;
}

/**
 * Publishes a continuation; an operation that is still running is left alone, so that nothing is written for it. One that
 * cannot be asked for is left to its request, which counts the faults and gives up some time.
 */
async function wake(run: Tick, summary: OpenSummary): Promise<void> {
  if (summary.operation !== undefined) {
    run.report.polled += 1;
    const operation = await run.ports.productSearch
      .getOperation(summary.operation)
      .catch((error: unknown) => failed(run, `poll ${summary.operation} of ${summary.id}`, error));
    const submitted = Date.parse(operation?.submitTime ?? '');
    const stalled = run.ports.clock.now() - submitted >= STALL_MS;
    const isNews = stalled && summary.stallAnnounced === undefined;
    if (operation !== null && !operation.done && !isNews) return;
  }
  await publishContinuation(run.ports, run.config, summary.id);
  run.report.woken += 1;
  run.ports.log.write('INFO', 'request woken', { requestId: summary.id, operationName: summary.operation });
}

async function forEach(
  summaries: OpenSummary[],
  run: Tick,
  act: (summary: OpenSummary) => Promise<void>,
): Promise<void> {
  const queue = [...summaries];
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const summary = next;
      await attempt(run, `wake ${summary.id}`, () => act(summary));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

async function attempt(run: Tick, what: string, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    failed(run, what, error);
  }
}

function failed({ ports, report }: Tick, part: string, error: unknown): null {
  report.failed += 1;
  ports.log.write('ERROR', 'part of the tick failed', { part, ...errorFields(error) });
  return null;
}
