/** The events that the system publishes: CloudEvents 1.0 whose ids follow from the request, so that repeats are equal. */
import { createHash } from 'node:crypto';
import type { IndexWatch } from './indexWatch';
import type { OutgoingEvent } from './outgoingEvent';
import { planIdOf } from './planBinding';
import type { Problem } from './problem';
import type { RequestRecord } from './request';

/** At most this many problems go into an event; the report holds all. */
export const PROBLEMS_IN_EVENT = 20;

function sourceOf(projectId: string, location: string): string {
  return `//product-search-cleanup/projects/${projectId}/locations/${location}`;
}

function requestEvent(
  record: RequestRecord,
  projectId: string,
  event: { id: string; type: string; time: string; data: Record<string, unknown> },
): OutgoingEvent {
  return {
    specversion: '1.0',
    id: `${record.id}.${event.id}`,
    type: event.type,
    source: sourceOf(projectId, record.location),
    subject: `requests/${record.id}`,
    time: event.time,
    datacontenttype: 'application/json',
    data: event.data,
  };
}

/**
 * Errors before warnings, and of each kind what is said of the whole request before what is said of its lines: where many
 * lines are bad, it is the reason why nothing was imported that must not be cut off.
 */
export function problemsForEvent(problems: readonly Problem[]): Problem[] {
  const rank = ({ severity, line }: Problem) => (severity === 'warning' ? 2 : 0) + (line === undefined ? 0 : 1);
  return [...problems].sort((one, other) => rank(one) - rank(other)).slice(0, PROBLEMS_IN_EVENT);
}

/** The one event that ends a request (contract: data of a terminal event). */
export function terminalEvent(record: RequestRecord, projectId: string, endedAt: string): OutgoingEvent {
  const last = record.operations.at(-1);
  const planId = planIdOf(record);
  return requestEvent(record, projectId, {
    id: 'completed',
    type: `product-search.${record.kind}.completed.v1`,
    time: endedAt,
    data: {
      requestId: record.id,
      request: record.request,
      location: record.location,
      ...(record.reason === undefined ? {} : { reason: record.reason }),
      outcome: record.outcome ?? 'succeeded',
      counts: record.counts,
      ...(last === undefined ? {} : { operation: last }),
      operations: record.operations,
      ...(planId === undefined ? {} : { planId }),
      ...(record.facts.estimate === undefined ? {} : { estimate: record.facts.estimate }),
      files: record.files,
      problems: problemsForEvent(record.problems),
      startedAt: record.startedAt,
      endedAt,
    },
  });
}

/** Says what a request waits for. Numbered: a request may wait more than once. */
export function waitingEvent(record: RequestRecord, projectId: string, time: string): OutgoingEvent {
  return requestEvent(record, projectId, {
    id: `waiting.${record.waitsAnnounced + 1}`,
    type: 'product-search.request.waiting.v1',
    time,
    data: {
      requestId: record.id,
      request: record.request,
      location: record.location,
      waitingFor: record.waiting?.for,
      detail: record.waiting?.detail,
      ...(record.waiting?.blockedBy === undefined ? {} : { blockedBy: record.waiting.blockedBy }),
      since: record.waiting?.since,
      ...(record.waiting?.startsAt === undefined ? {} : { startsAt: record.waiting.startsAt }),
      ...(record.dueAt === undefined ? {} : { nextLookAt: record.dueAt }),
    },
  });
}

/** Says once that an operation has been running for longer than operations do. */
export function stalledEvent(record: RequestRecord, projectId: string, time: string): OutgoingEvent {
  return requestEvent(record, projectId, {
    id: 'stalled',
    type: 'product-search.operation.stalled.v1',
    time,
    data: {
      requestId: record.id,
      request: record.request,
      location: record.location,
      operation: record.operations.at(-1) ?? null,
    },
  });
}

/** Says once that the indexes of a request's product sets are newer than its change: now it shows in searches. */
export function indexUpdatedEvent(
  watch: IndexWatch,
  at: { location: string; projectId: string; time: string },
): OutgoingEvent {
  return {
    specversion: '1.0',
    id: `${watch.requestId}.index-updated`,
    type: 'product-search.index.updated.v1',
    source: sourceOf(at.projectId, at.location),
    subject: `requests/${watch.requestId}`,
    time: at.time,
    datacontenttype: 'application/json',
    data: {
      requestId: watch.requestId,
      request: watch.request,
      location: at.location,
      changedAt: watch.changedAt,
      productSets: watch.indexed,
      problems: watch.problems.slice(0, PROBLEMS_IN_EVENT),
    },
  };
}

/** Pub/Sub's own message ids are decimal; anything else may come from whoever can reach the function. */
function isPlain(messageId: string): boolean {
  return /^[A-Za-z0-9_-]{1,128}$/.test(messageId);
}

function digest(messageId: string): string {
  return createHash('sha256').update(messageId).digest('hex');
}

/** Says why a message is no command. `time` is the message's publish time, so that a redelivery gives the same event. */
export function rejectedEvent(message: {
  messageId: string;
  publishTime: string;
  projectId: string;
  location: string;
  problems: readonly Problem[];
}): OutgoingEvent {
  return {
    specversion: '1.0',
    id: `${isPlain(message.messageId) ? message.messageId : digest(message.messageId)}.rejected`,
    type: 'product-search.message.rejected.v1',
    source: sourceOf(message.projectId, message.location),
    subject: `messages/${message.messageId}`,
    time: message.publishTime,
    datacontenttype: 'application/json',
    data: { messageId: message.messageId, problems: message.problems.slice(0, PROBLEMS_IN_EVENT) },
  };
}

/** Where an event lies in the state bucket: by the UTC day on which the request was accepted. */
export function journalName(event: OutgoingEvent, acceptedAt: string): string {
  return `events/${acceptedAt.slice(0, 10)}/${event.id}.json`;
}

/** The event as a Pub/Sub message in binary content mode (CloudEvents Pub/Sub binding). */
export function eventMessage(event: OutgoingEvent): { data: Buffer; attributes: Record<string, string> } {
  return {
    data: Buffer.from(JSON.stringify(event.data)),
    attributes: {
      'ce-specversion': event.specversion,
      'ce-id': event.id,
      'ce-type': event.type,
      'ce-source': event.source,
      'ce-subject': event.subject,
      'ce-time': event.time,
      'content-type': event.datacontenttype,
    },
  };
}
