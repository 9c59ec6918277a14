import { eventRow } from '../../shared/console/eventRow';
import { rejectedEvent, stalledEvent, terminalEvent, waitingEvent } from '../../shared/core/event';
import { commandRecord, importRecord, NOW } from './records';

const URI = 'gs://state-bucket/events/2026-11-22/e.json';

it('tells the outcome and counts of a request that ended', () => {
  const record = importRecord('a.csv', { outcome: 'partial', counts: { lines: 3, imported: 2, failed: 1 } });

  expect(eventRow(terminalEvent(record, 'p', NOW), URI)).toEqual({
    id: `${record.id}.completed`,
    type: 'product-search.import.completed.v1',
    title: 'Import partial',
    summary: '2 imported · 1 failed',
    tone: 'warn',
    time: NOW,
    requestId: record.id,
    href: 'files?uri=gs%3A%2F%2Fstate-bucket%2Fevents%2F2026-11-22%2Fe.json',
  });
});

it('tells the reason of a request that was rejected', () => {
  const problems = [{ code: 'max-products', message: '20 products would go, the limit is 10' }];
  const record = commandRecord('purgeOrphanProducts', {}, { outcome: 'rejected', problems });

  expect(eventRow(terminalEvent(record, 'p', NOW), URI)).toMatchObject({
    title: 'Purge orphan products rejected',
    summary: '20 products would go, the limit is 10',
    tone: 'bad',
  });
});

it('tells why a message is no command', () => {
  const problems = ['a is required', 'b is unknown'].map((message) => ({ code: 'c', message }));
  const event = rejectedEvent({ messageId: '7', publishTime: NOW, projectId: 'p', location: 'us-west1', problems });
  const row = eventRow(event, URI);

  expect(row).toMatchObject({ title: 'Message rejected', summary: 'a is required (and 1 more)', tone: 'bad' });
  expect(row?.requestId).toBeUndefined();
});

it('tells what a request waits for, and that an operation is stalled', () => {
  const waiting = { for: 'claim', detail: 'request imp-1 is changing shoes', since: NOW } as const;
  const record = commandRecord('deleteProductSet', { productSetId: 's' }, { waiting });

  expect(eventRow(waitingEvent(record, 'p', NOW), URI)).toMatchObject({
    title: 'Delete product set waits',
    summary: 'request imp-1 is changing shoes',
  });
  expect(eventRow(stalledEvent(record, 'p', NOW), URI)).toMatchObject({ title: 'Operation stalled', tone: 'warn' });
});

it('tells in which product sets a change shows in searches', () => {
  const productSets = ['a', 'b', 'c', 'd', 'e', 'f'].map((productSetId) => ({ productSetId, indexTime: NOW }));
  const data = { request: 'importProductSets', productSets, problems: [] };
  const event = { id: 'i', type: 'product-search.index.updated.v1', time: NOW, data };

  expect(eventRow(event, URI)).toMatchObject({
    title: 'Import shows in searches',
    summary: 'a, b, c, d and 2 more',
    tone: 'good',
  });
});

it('names a type that it does not know', () => {
  const event = { id: 'i', type: 'product-search.plan.made.v1', time: NOW, subject: 'requests/../x', data: {} };
  const row = eventRow(event, URI);

  expect(row).toMatchObject({ title: 'plan.made', tone: 'neutral' });
  expect(row?.requestId).toBeUndefined();
});

it.each([[null], ['text'], [{}], [{ id: 1 }], [{ id: 'i', type: 't', time: NOW, data: { problems: 'x' } }]])(
  'gives nothing for %j',
  (content) => {
    expect(eventRow(content, URI)).toBeNull();
  },
);
