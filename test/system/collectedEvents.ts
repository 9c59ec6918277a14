/** Every event that a subscription gets, in order; an event that is awaited may have come already. */
import type { Message, Subscription } from '@google-cloud/pubsub';
import { checkEvent } from '../validEvent';

export interface EventProblem {
  code: string;
  message: string;
  line?: number;
  column?: number;
  field?: string;
  severity?: string;
}

export interface EventOperation {
  name: string;
  state: string;
}

export interface SystemEvent {
  id: string;
  type: string;
  attributes: Record<string, string>;
  data: {
    requestId: string;
    request?: string;
    location?: string;
    reason?: string;
    outcome: string;
    planId?: string;
    counts: Record<string, number>;
    files: Record<string, string>;
    problems: EventProblem[];
    operation?: EventOperation;
    operations: EventOperation[];
    messageId?: string;
    waitingFor?: string;
    detail?: string;
    blockedBy?: string[];
  };
}

const EVENT_LIMIT_MS = 60_000;
const TERMINAL = /^product-search\.(import|delete|purge|restore|sweep|derived|cancel)\.completed\.v1$/;

export function collectEvents(subscription: Subscription) {
  const all: SystemEvent[] = [];
  const listeners = new Set<() => void>();
  let fault: unknown;
  const changed = () => {
    for (const listener of listeners) listener();
  };
  subscription.on('message', (message: Message) => {
    message.ack();
    try {
      checkEvent(message);
    } catch (error) {
      fault = error;
    }
    const { 'ce-id': id = '', 'ce-type': type = '' } = message.attributes;
    const data = JSON.parse(message.data.toString('utf8')) as SystemEvent['data'];
    all.push({ id, type, attributes: { ...message.attributes }, data });
    changed();
  });
  subscription.on('error', (error) => {
    fault = error;
    changed();
  });

  function next(matches: (event: SystemEvent) => boolean, limitMs = EVENT_LIMIT_MS): Promise<SystemEvent> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        listeners.delete(look);
        reject(new Error(`no such event among ${JSON.stringify(all, null, 1)}; ${String(fault ?? '')}`));
      }, limitMs);
      function look(): void {
        if (fault !== undefined) reject(fault);
        const found = all.find(matches);
        if (found === undefined) return;
        clearTimeout(timer);
        listeners.delete(look);
        resolve(found);
      }
      listeners.add(look);
      look();
    });
  }

  return {
    all,
    next,
    /** The terminal event of a request. */
    ended: (requestId: string) => next((event) => event.data.requestId === requestId && TERMINAL.test(event.type)),
    /** The event that says that a request waits. */
    waiting: (requestId: string) =>
      next((event) => event.data.requestId === requestId && event.type === 'product-search.request.waiting.v1'),
    /** The event that says why a message is no command. */
    rejected: (messageId: string) =>
      next((event) => event.data.messageId === messageId && event.type === 'product-search.message.rejected.v1'),
    /** The ids of all terminal events of a request; an event that is delivered twice has one. */
    terminalIds: (requestId: string) => [
      ...new Set(
        all.filter(({ data, type }) => data.requestId === requestId && TERMINAL.test(type)).map(({ id }) => id),
      ),
    ],
    close: () => subscription.close(),
  };
}
