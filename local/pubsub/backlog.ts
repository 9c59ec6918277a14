/**
 * What one subscription still has to deliver: leases, redelivery with back-off, order by key, dead letters, retention,
 * replay. Knows no clock: whoever calls says what time it is.
 */
import type { Delivery, PullOrder } from './delivery';
import { createDueQueue, type DueQueue } from './dueQueue';
import { createKeyLines, type KeyLines } from './keyLines';
import { type Message, sizeOf } from './message';
import { createReadyQueue, type ReadyQueue } from './readyQueue';
import { backoffSeconds, type SubscriptionConfig } from './subscriptionConfig';

export interface Backlog {
  add(message: Message): void;
  pull(order: PullOrder, nowMs: number): Delivery[];
  /** Works until the message is handed out again, even after its lease is over. */
  acknowledge(ackId: string): void;
  /** Renews a running lease; 0 seconds gives the message back. A lease that is over stays over. */
  modifyDeadline(ackId: string, seconds: number, nowMs: number): void;
  /** Lets leases, back-offs and retention run out; says whether something changed. */
  settle(nowMs: number): boolean;
  /** When `settle` will have something to do; null = never, as things are. */
  nextDueMs(): number | null;
  /** What was published before counts as acknowledged, the rest (and what is replayed) as never delivered. */
  seek(timeMs: number, replay: readonly Message[]): void;
  /** Ends all leases and forgets everything. */
  clear(): void;
}

export interface BacklogOptions {
  /** Read at every use, so that an update of the subscription holds at once. */
  config(): SubscriptionConfig;
  newAckId(): string;
  /** Hands a message on to the dead letter topic; false where there is none any more. */
  forwardDeadLetter(message: Message, attempts: number): boolean;
}

type Phase = 'ready' | 'leased' | 'delayed' | 'blocked' | 'acked';

interface Entry {
  message: Message;
  phase: Phase;
  /** Grows with every change of phase, so that places in queues can be told to be stale. */
  version: number;
  attempts: number;
  ackId: string;
  onLeaseEnd?: (ackId: string) => void;
}

type Ticket = Pick<Entry, 'version'> & { entry: Entry };

interface State extends BacklogOptions {
  /** By message id, in the order of publishing. */
  entries: Map<string, Entry>;
  ready: ReadyQueue<Ticket>;
  due: DueQueue<Ticket>;
  byAckId: Map<string, Entry>;
  /** Unacknowledged entries by ordering key; all but the first of a key are blocked. */
  keys: KeyLines<Entry>;
}

export function createBacklog(options: BacklogOptions): Backlog {
  const isCurrent = ({ entry, version }: Ticket) => entry.version === version;
  const state: State = {
    ...options,
    entries: new Map(),
    ready: createReadyQueue(isCurrent),
    due: createDueQueue(isCurrent),
    byAckId: new Map(),
    keys: createKeyLines(),
  };
  return {
    add: (message) => enqueue(state, { message, phase: 'blocked', version: 0, attempts: 0, ackId: '' }),
    pull: (order, nowMs) => pull(state, order, nowMs),
    acknowledge(ackId) {
      const entry = state.byAckId.get(ackId);
      if (entry) settleEntry(state, entry);
    },
    modifyDeadline: (ackId, seconds, nowMs) => modifyDeadline(state, ackId, { seconds, nowMs }),
    settle: (nowMs) => settle(state, nowMs),
    nextDueMs: state.due.next,
    seek: (timeMs, replay) => seek(state, timeMs, replay),
    clear() {
      for (const entry of state.entries.values()) forget(state, entry);
    },
  };
}

function modifyDeadline(state: State, ackId: string, { seconds, nowMs }: { seconds: number; nowMs: number }): void {
  const entry = state.byAckId.get(ackId);
  if (entry?.phase !== 'leased') return;
  if (seconds > 0) lease(state, entry, nowMs + seconds * 1000);
  else release(state, entry, nowMs);
}

function setPhase(entry: Entry, phase: Phase): Ticket {
  entry.phase = phase;
  entry.version += 1;
  return { entry, version: entry.version };
}

/** Puts an entry at the end of the line, or behind the earlier ones of its ordering key. */
function enqueue(state: State, entry: Entry): void {
  state.entries.set(entry.message.id, entry);
  const { orderingKey } = entry.message;
  const isOrdered = state.config().enableMessageOrdering && orderingKey !== '';
  if (!isOrdered || state.keys.join(orderingKey, entry)) makeReady(state, entry);
  else setPhase(entry, 'blocked');
}

function makeReady(state: State, entry: Entry): void {
  state.ready.add(setPhase(entry, 'ready'));
}

function pull(state: State, order: PullOrder, nowMs: number): Delivery[] {
  const deliveries: Delivery[] = [];
  let bytes = 0;
  while (deliveries.length < order.maxMessages) {
    const entry = state.ready.peek()?.entry;
    if (!entry) break;
    bytes += sizeOf(entry.message);
    if (bytes > order.maxBytes && deliveries.length > 0) break;
    state.byAckId.delete(entry.ackId);
    entry.ackId = state.newAckId();
    entry.attempts += 1;
    entry.onLeaseEnd = order.onLeaseEnd;
    state.byAckId.set(entry.ackId, entry);
    lease(state, entry, nowMs + order.ackDeadlineSeconds * 1000);
    deliveries.push({ ackId: entry.ackId, message: entry.message, attempt: entry.attempts });
  }
  return deliveries;
}

function lease(state: State, entry: Entry, untilMs: number): void {
  state.due.add(untilMs, setPhase(entry, 'leased'));
}

function endLease(entry: Entry): void {
  const ended = entry.onLeaseEnd;
  entry.onLeaseEnd = undefined;
  ended?.(entry.ackId);
}

/** An entry comes back undelivered: to the dead letter topic, to its back-off, or to the end of the line. */
function release(state: State, entry: Entry, nowMs: number): void {
  const { deadLetterPolicy, retryPolicy } = state.config();
  const isDead = deadLetterPolicy !== null && entry.attempts >= deadLetterPolicy.maxDeliveryAttempts;
  if (isDead && state.forwardDeadLetter(entry.message, entry.attempts)) {
    settleEntry(state, entry);
    return;
  }
  if (retryPolicy) {
    const delayMs = backoffSeconds(retryPolicy, entry.attempts) * 1000;
    state.due.add(nowMs + delayMs, setPhase(entry, 'delayed'));
  } else {
    makeReady(state, entry);
  }
  endLease(entry);
}

/** The subscription is done with an entry: acknowledged, or handed on. */
function settleEntry(state: State, entry: Entry): void {
  setPhase(entry, 'acked');
  if (!state.config().retainAckedMessages) state.entries.delete(entry.message.id);
  state.byAckId.delete(entry.ackId);
  const next = state.keys.leave(entry.message.orderingKey, entry);
  if (next) makeReady(state, next);
  endLease(entry);
}

function forget(state: State, entry: Entry): void {
  settleEntry(state, entry);
  state.entries.delete(entry.message.id);
}

function settle(state: State, nowMs: number): boolean {
  let changed = false;
  for (let ticket = state.due.take(nowMs); ticket; ticket = state.due.take(nowMs)) {
    changed = true;
    if (ticket.entry.phase === 'leased') release(state, ticket.entry, nowMs);
    else makeReady(state, ticket.entry);
  }
  const oldestMs = nowMs - state.config().messageRetentionSeconds * 1000;
  for (const entry of state.entries.values()) {
    if (entry.message.publishTimeMs > oldestMs) break;
    forget(state, entry);
  }
  return changed;
}

function seek(state: State, timeMs: number, replay: readonly Message[]): void {
  const known = [...state.entries.values()];
  for (const entry of known) forget(state, entry);
  const fresh = replay.filter((message) => known.every((entry) => entry.message.id !== message.id));
  const all = [...known.map((entry) => entry.message), ...fresh].sort((a, b) => Number(a.id) - Number(b.id));
  for (const message of all) {
    const entry: Entry = { message, phase: 'acked', version: 0, attempts: 0, ackId: '' };
    if (message.publishTimeMs >= timeMs) enqueue(state, entry);
    else if (state.config().retainAckedMessages) state.entries.set(message.id, entry);
  }
}
