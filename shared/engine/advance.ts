/** Moves one request from step to step until it has ended, must wait, or the invocation's time is used up. */
import type { Config } from '../config';
import { isCancelAsked } from '../core/cancellation';
import { countFailure } from '../core/counts';
import { cutShortWarnings } from '../core/derivedProblems';
import { waitingEvent } from '../core/event';
import { decideOnFault, pauseFailures, resumeFailures } from '../core/fault';
import { progressOf } from '../core/progress';
import { isBulk, note, type PlannedStep, type RequestRecord, type Waiting } from '../core/request';
import { publishContinuation } from '../ledger/continuation';
import { announce } from '../ledger/journal';
import type { Pacer } from '../ledger/pacer';
import { createRecords, type OpenRecord } from '../ledger/records';
import { errorFields } from '../log';
import type { Ports } from '../ports';
import { STEPS } from '../steps';
import type { StepContext, StepResult } from '../steps/step';
import { decideCancel } from './decideCancel';
import { finish } from './finish';
import { guardPorts, LeaseLostError, type Ownership, own } from './ownership';

export interface EngineDeps {
  ports: Ports;
  config: Config;
  pacer: Pacer;
}

/** The record becomes due again after this long, in case the continuation that is published gets lost. */
const CONTINUATION_GRACE_MS = 2 * 60_000;

/** Waits that people are told of. Waiting for an operation or for a retry is the normal course and stays in the record. */
const ANNOUNCED: ReadonlySet<string> = new Set(['claim', 'quota', 'purge', 'time']);

/** Waits for others: their time does not count towards giving up. */
const FOR_OTHERS: ReadonlySet<string> = new Set([...ANNOUNCED, 'request']);

interface Run extends EngineDeps {
  /** For what comes after the lease was given back: nothing guards these. */
  unguarded: Ports;
  ownership: Ownership;
  deadline: number;
}

/** Runs the request whose lease this invocation holds. Never throws for a fault of one request: it is in its record. */
export async function advance(opened: OpenRecord, deps: EngineDeps): Promise<void> {
  const records = createRecords(deps.ports, deps.config.stateBucket);
  const log = deps.ports.log.with({ requestId: opened.record.id, request: opened.record.request });
  const ownership = own(opened, { ...deps.ports, records, config: deps.config });
  const pacing = { pacer: deps.pacer, bulk: isBulk(opened.record.request) };
  const ports = { ...guardPorts(deps.ports, ownership, pacing), log };
  const run: Run = {
    ports,
    config: deps.config,
    pacer: deps.pacer,
    unguarded: deps.ports,
    ownership,
    deadline: deps.ports.clock.now() + deps.config.invocationMs,
  };
  try {
    await runSteps(run);
  } catch (error) {
    if (error instanceof LeaseLostError) {
      log.write('WARNING', 'request taken over by another invocation');
      return;
    }
    // The ledger or the events topic did not answer: the lease runs out and the tick takes the request over.
    log.write('ERROR', 'request left to the next tick', errorFields(error));
  }
}

async function runSteps(run: Run): Promise<void> {
  const { record } = run.ownership;
  record.failures = resumeFailures(record.failures, run.ports.clock.now());
  for (;;) {
    const planned = record.plan[record.at];
    if (planned === undefined) break;
    if (isCancelAsked(record)) decideCancel(record, run.ports);
    if (record.outcome !== undefined && !isOwed(record, planned)) {
      goOn(run);
      continue;
    }
    const result = await runStep(run, planned);
    if (result.kind === 'more' && isCancelAsked(record)) {
      record.cursor = result.cursor;
      continue;
    }
    if (result.kind === 'more') return leaveOffForMore(run, result.cursor);
    if (result.kind === 'wait') return leaveOffToWait(run, result);
    if (result.kind === 'again') {
      note(record, now(run), `${planned.step}: goes back to ${result.from}`);
      record.at = record.plan.findIndex((other) => other.step === result.from);
      record.cursor = undefined;
      continue;
    }
    if (result.kind === 'end') {
      record.outcome ??= result.outcome;
      record.problems.push(...result.problems);
      note(
        record,
        now(run),
        `${planned.step}: ${result.outcome}${result.problems[0] ? `: ${result.problems[0].message}` : ''}`,
      );
    }
    goOn(run);
  }
  await finish(run.ownership, run);
}

/** Whether the step runs although the request is decided. */
function isOwed({ counts, facts, intent }: RequestRecord, step: PlannedStep): boolean {
  const { always, afterChange, afterPurge, afterDelete } = step;
  const hasChanged = (counts.products ?? 0) > 0 || facts.one?.tried === true || facts.sweep?.removing !== undefined;
  const mayHavePurged = intent?.call === 'purgeProducts';
  if (afterDelete === true && facts.deleted !== undefined) return true;
  return always === true || (afterChange === true && hasChanged) || (afterPurge === true && mayHavePurged);
}

function goOn({ ownership: { record } }: Run): void {
  record.at += 1;
  record.cursor = undefined;
  record.waiting = undefined;
}

function now(run: Run): string {
  return new Date(run.ports.clock.now()).toISOString();
}

async function runStep(run: Run, planned: PlannedStep): Promise<StepResult> {
  const { ports, config, ownership } = run;
  const { record } = ownership;
  const context: StepContext = {
    record,
    ports: { ...ports, log: ports.log.with({ step: planned.step }) },
    config,
    outOfTime: () => ports.clock.now() >= run.deadline || isCancelAsked(record),
    async checkpoint(cursor) {
      record.cursor = structuredClone(cursor);
      await ownership.checkpoint();
    },
    keepLease: () => ownership.ensure(),
    progress(unit, done, total) {
      const at = { step: planned.step, unit, done, ...(total === undefined ? {} : { total }) };
      record.progress = progressOf(record.progress, at, record.calls ?? 0, ports.clock.now());
    },
  };
  // A copy, here and at a checkpoint: how far a step came that met a fault is written only where it says so itself.
  const cursor = structuredClone(record.cursor);
  try {
    const result = await STEPS[planned.step](context, cursor);
    // Only faults in a row count towards giving up. Waiting for others is neither a fault nor the end of one.
    if (result.kind !== 'wait' || result.waiting.for === 'operation') record.failures = undefined;
    return result;
  } catch (error) {
    if (error instanceof LeaseLostError) throw error;
    return resultOfFault(run, planned, error);
  }
}

function resultOfFault(run: Run, planned: PlannedStep, error: unknown): StepResult {
  const { record } = run.ownership;
  // Reports and the archive are never given up: what a user wrote would be lost, and the end could not be journaled either.
  // Nor is a file in a merged import, which is imported whether it waits for its share or not.
  const isPatient = planned.always === true || record.facts.merged !== undefined;
  const giveUpMs = isPatient ? Number.POSITIVE_INFINITY : run.config.giveUpMs;
  const decision = decideOnFault(error, record.failures, run.ports.clock.now(), giveUpMs);
  run.ports.log.write(decision.kind === 'fail' ? 'ERROR' : 'WARNING', 'step met a fault', {
    step: planned.step,
    decision: decision.kind,
    ...errorFields(error),
  });
  if (decision.kind === 'fail') {
    countFailure(record);
    return { kind: 'end', outcome: 'failed', problems: [decision.problem, ...cutShortWarnings(record)] };
  }
  record.failures = decision.failures;
  return {
    kind: 'wait',
    waiting: { for: decision.for, detail: decision.detail },
    dueAt: decision.dueAt,
    cursor: record.cursor,
  };
}

async function leaveOffForMore(run: Run, cursor: unknown): Promise<void> {
  const { record } = run.ownership;
  record.cursor = cursor;
  record.state = 'running';
  record.dueAt = new Date(run.ports.clock.now() + CONTINUATION_GRACE_MS).toISOString();
  await run.ownership.leaveOff();
  await publishContinuation(run.unguarded, run.config, record.id);
  run.ports.log.write('INFO', 'request left to another invocation', { step: record.plan[record.at]?.step });
}

async function leaveOffToWait(run: Run, result: StepResult & { kind: 'wait' }): Promise<void> {
  const { record } = run.ownership;
  const before = record.lastWait;
  const isNew = before?.for !== result.waiting.for || before.at !== record.at;
  const since = isNew ? now(run) : before.since;
  record.lastWait = { for: result.waiting.for, at: record.at, since };
  record.cursor = result.cursor;
  record.state = 'waiting';
  record.waiting = { ...result.waiting, since } satisfies Waiting;
  record.dueAt = result.dueAt === undefined ? undefined : new Date(result.dueAt).toISOString();
  if (FOR_OTHERS.has(result.waiting.for)) record.failures = pauseFailures(record.failures, run.ports.clock.now());
  if (isNew) {
    note(record, now(run), `waits for ${result.waiting.for}: ${result.waiting.detail}`);
    const { for: waitingFor, detail, operation: operationName } = result.waiting;
    run.ports.log.write('INFO', 'request waits', { waitingFor, detail, operationName });
  }
  // A merged import is none of the users' requests: they hear of their files.
  if (isNew && ANNOUNCED.has(result.waiting.for) && record.request !== 'mergedImport') {
    await announce(run.ports, run.config, waitingEvent(record, run.config.projectId, now(run)), record.acceptedAt);
    record.waitsAnnounced += 1;
  }
  await run.ownership.leaveOff();
}
