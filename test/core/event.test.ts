import {
  eventMessage,
  indexUpdatedEvent,
  journalName,
  problemsForEvent,
  rejectedEvent,
  stalledEvent,
  terminalEvent,
  waitingEvent,
} from '../../shared/core/event';
import type { Problem } from '../../shared/core/problem';
import { ACCEPTED_AT, commandRecord, importRecord } from './requests';

const PROJECT = 'my-project';
const ENDED_AT = '2026-11-22T08:05:00.000Z';

function problem(line: number, severity?: 'warning'): Problem {
  return { code: 'labels', message: 'bad', line, ...(severity && { severity }) };
}

describe('the terminal event', () => {
  it('has the fields of the contract, and no others', () => {
    const operations = [
      { name: 'operations/1', state: 'FAILED' },
      { name: 'operations/2', state: 'SUCCESSFUL', submitTime: ACCEPTED_AT, endTime: ENDED_AT },
    ];
    const record = commandRecord(
      'purgeProductsInProductSet',
      { productSetId: 'shoes' },
      {
        reason: 'end of season',
        outcome: 'partial',
        counts: { products: 3 },
        operations,
        files: { report: 'gs://state/reports/cmd-1/report.json' },
        problems: [problem(7)],
      },
    );

    expect(terminalEvent(record, PROJECT, ENDED_AT)).toEqual({
      specversion: '1.0',
      id: 'cmd-1.completed',
      type: 'product-search.purge.completed.v1',
      source: '//product-search-cleanup/projects/my-project/locations/us-west1',
      subject: 'requests/cmd-1',
      time: ENDED_AT,
      datacontenttype: 'application/json',
      data: {
        requestId: 'cmd-1',
        request: 'purgeProductsInProductSet',
        location: 'us-west1',
        reason: 'end of season',
        outcome: 'partial',
        counts: { products: 3 },
        operation: operations[1],
        operations,
        files: { report: 'gs://state/reports/cmd-1/report.json' },
        problems: [problem(7)],
        startedAt: ACCEPTED_AT,
        endedAt: ENDED_AT,
      },
    });
  });

  it('has neither operation nor reason where there is none', () => {
    const { data } = terminalEvent(importRecord(), PROJECT, ENDED_AT);

    expect(data).toMatchObject({ outcome: 'succeeded', operations: [] });
    expect(data).not.toHaveProperty('operation');
    expect(data).not.toHaveProperty('reason');
  });

  it('has the same id however often it is made', () => {
    const ids = [ENDED_AT, ACCEPTED_AT].map((time) => terminalEvent(importRecord(), PROJECT, time).id);

    expect(ids).toEqual(['imp-1.completed', 'imp-1.completed']);
  });

  it('shows at most twenty problems, errors before warnings, each in order', () => {
    const warnings = Array.from({ length: 15 }, (_, index) => problem(index + 1, 'warning'));
    const errors = Array.from({ length: 12 }, (_, index) => problem(100 + index));

    expect(problemsForEvent([...warnings, ...errors])).toEqual([...errors, ...warnings.slice(0, 8)]);
  });

  it('shows why nothing was imported even where more lines are bad than are shown', () => {
    const lines = Array.from({ length: 30 }, (_, index) => problem(index + 1));
    const refused = { code: 'start-refused', message: 'The import was refused' };

    expect(problemsForEvent([...lines, refused])).toEqual([refused, ...lines.slice(0, 19)]);
  });
});

describe('the events on the way', () => {
  it('say what is waited for, whose end it is, and when it is looked at again', () => {
    const record = importRecord({
      waitsAnnounced: 1,
      dueAt: '2026-11-22T09:00:00.000Z',
      waiting: { for: 'claim', detail: 'request cmd-9 is changing shoes', since: ACCEPTED_AT, blockedBy: ['cmd-9'] },
    });

    expect(waitingEvent(record, PROJECT, ACCEPTED_AT)).toMatchObject({
      id: 'imp-1.waiting.2',
      type: 'product-search.request.waiting.v1',
      subject: 'requests/imp-1',
      data: {
        requestId: 'imp-1',
        waitingFor: 'claim',
        detail: 'request cmd-9 is changing shoes',
        blockedBy: ['cmd-9'],
        since: ACCEPTED_AT,
        nextLookAt: '2026-11-22T09:00:00.000Z',
      },
    });
  });

  it('say of a wait without a time or a name in the way no more than that', () => {
    const record = importRecord({ waiting: { for: 'claim', detail: 'next in line', since: ACCEPTED_AT } });

    const { id, data } = waitingEvent(record, PROJECT, ACCEPTED_AT);

    expect(id).toBe('imp-1.waiting.1');
    expect(Object.keys(data).sort()).toEqual(['detail', 'location', 'request', 'requestId', 'since', 'waitingFor']);
  });

  it('name the operation that is stalled, once for each request', () => {
    const record = importRecord({ operations: [{ name: 'operations/1', state: 'PROCESSING' }] });

    expect(stalledEvent(record, PROJECT, ENDED_AT)).toMatchObject({
      id: 'imp-1.stalled',
      type: 'product-search.operation.stalled.v1',
      data: { requestId: 'imp-1', operation: { name: 'operations/1', state: 'PROCESSING' } },
    });
    expect(stalledEvent(importRecord(), PROJECT, ENDED_AT).data.operation).toBeNull();
  });

  it('tell of a newer index in the place of the request that waited for it', () => {
    const watch = {
      requestId: 'imp-1',
      request: 'importProductSets',
      acceptedAt: ACCEPTED_AT,
      changedAt: ENDED_AT,
      pending: [],
      indexed: [{ productSetId: 'shoes', indexTime: '2026-11-23T00:00:00.000Z' }],
      problems: [],
    };

    expect(indexUpdatedEvent(watch, { location: 'asia-east1', projectId: PROJECT, time: ENDED_AT })).toMatchObject({
      id: 'imp-1.index-updated',
      type: 'product-search.index.updated.v1',
      source: '//product-search-cleanup/projects/my-project/locations/asia-east1',
      subject: 'requests/imp-1',
      data: { requestId: 'imp-1', changedAt: ENDED_AT, productSets: watch.indexed, problems: [] },
    });
  });
});

describe('the event for a message that is no command', () => {
  const message = { publishTime: ACCEPTED_AT, projectId: PROJECT, location: 'us-west1' };

  it('is the same for every delivery, at the time of the message, with at most twenty problems', () => {
    const problems = Array.from({ length: 30 }, (_, index) => problem(index));

    expect(rejectedEvent({ ...message, messageId: '1234567890', problems })).toMatchObject({
      id: '1234567890.rejected',
      type: 'product-search.message.rejected.v1',
      subject: 'messages/1234567890',
      time: ACCEPTED_AT,
      data: { messageId: '1234567890', problems: problems.slice(0, 20) },
    });
  });

  it.each(['../../requests/closed/x', 'a/b', '', 'x'.repeat(129), 'a\nb', 'é'])(
    'never lets a message id like %j choose the name of an object',
    (messageId) => {
      const event = rejectedEvent({ ...message, messageId, problems: [] });

      expect(journalName(event, ACCEPTED_AT)).toMatch(/^events\/2026-11-22\/[0-9a-f]{64}\.rejected\.json$/);
      expect(event.data.messageId).toBe(messageId);
    },
  );
});

describe('on the wire and in the journal', () => {
  it('an event lies under the day on which its request was accepted, not that of its own time', () => {
    const event = terminalEvent(importRecord(), PROJECT, '2026-11-23T00:00:01.000Z');

    expect(journalName(event, '2026-11-22T23:59:59.999Z')).toBe('events/2026-11-22/imp-1.completed.json');
  });

  it('an event is a Pub/Sub message in binary mode: attributes say what it is, data what happened', () => {
    const event = terminalEvent(importRecord(), PROJECT, ENDED_AT);

    const { data, attributes } = eventMessage(event);

    expect(JSON.parse(data.toString('utf8'))).toEqual(event.data);
    expect(attributes).toEqual({
      'ce-specversion': '1.0',
      'ce-id': 'imp-1.completed',
      'ce-type': 'product-search.import.completed.v1',
      'ce-source': '//product-search-cleanup/projects/my-project/locations/us-west1',
      'ce-subject': 'requests/imp-1',
      'ce-time': ENDED_AT,
      'content-type': 'application/json',
    });
  });
});
