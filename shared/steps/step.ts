/** What a step is: a resumable effect of one request, safe to run again from its cursor. */
import type { Config } from '../config';
import type { Problem } from '../core/problem';
import type { CommandInput, DroppedFile, Outcome, RequestRecord, StepName, Waiting } from '../core/request';
import type { ObjectName, Ports } from '../ports';

export interface StepContext {
  /** The step changes facts, counts, problems, operations and files; the engine writes them back. */
  record: RequestRecord;
  /** Guarded: no call begins unless the invocation still owns the request for as long as the call may take. */
  ports: Ports;
  config: Config;
  /** Whether the invocation's time is used up; the step then gives `more`. */
  outOfTime(): boolean;
  /** Writes the record now, with this cursor: what follows must not be forgotten. */
  checkpoint(cursor?: unknown): Promise<void>;
  /** Renews the lease where it is time: a step that reads or computes for long without a call has to ask now and then. */
  keepLease(): Promise<void>;
  /** Says how far the step is; it is written with the record. */
  progress(unit: string, done: number, total?: number): void;
}

export type StepResult =
  | { kind: 'done' }
  /** Goes on in another invocation from this cursor. */
  | { kind: 'more'; cursor: unknown }
  /** Goes on from this cursor when it is woken; without `dueAt` (milliseconds) the grant of the claim wakes it. */
  | { kind: 'wait'; waiting: Omit<Waiting, 'since'>; dueAt?: number; cursor?: unknown }
  /** What an earlier step found does not hold any more: the plan goes on from that step, anew. */
  | { kind: 'again'; from: StepName }
  /** The request is decided: only steps that always run follow. */
  | { kind: 'end'; outcome: Outcome; problems: Problem[] };

export type Step = (context: StepContext, cursor: unknown) => Promise<StepResult>;

export const DONE: StepResult = { kind: 'done' };

export function end(outcome: Outcome, ...problems: Problem[]): StepResult {
  return { kind: 'end', outcome, problems };
}

/** RFC 3339 of the clock's time. */
export function timeText(context: Pick<StepContext, 'ports'>): string {
  return new Date(context.ports.clock.now()).toISOString();
}

/** What the command asks for; empty for a dropped file. */
export function commandInput(record: RequestRecord): CommandInput {
  return record.source.from === 'message' ? record.source.input : {};
}

/** The dropped file of an import. Throws where the record is of another request: a plan is wrong. */
export function droppedFile(record: RequestRecord): DroppedFile {
  if (record.source.from === 'intake') return record.source.file;
  throw new TypeError(`${record.id} is no import`);
}

/** A file of this request in the state bucket. */
export function ownFile(
  context: Pick<StepContext, 'config' | 'record'>,
  folder: 'staging' | 'snapshots' | 'reports',
  name: string,
): ObjectName {
  return { bucket: context.config.stateBucket, name: `${folder}/${context.record.id}/${name}` };
}
