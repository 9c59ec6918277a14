import { contentOf } from '../../local/storage/content';
import { createStorageModel } from '../../local/storage/model';
import { storyLine, tellStory } from '../../local/story';
import { rejectedEvent, stalledEvent, terminalEvent, waitingEvent } from '../../shared/core/event';
import type { OutgoingEvent } from '../../shared/core/outgoingEvent';
import { ACCEPTED_AT, commandRecord, importRecord } from '../core/requests';

const PROJECT = 'local-project';
const ended = (record: Parameters<typeof terminalEvent>[0]) => terminalEvent(record, PROJECT, ACCEPTED_AT);

describe('the line of an event', () => {
  it.each<[string, OutgoingEvent, string]>([
    [
      'a success with its counts, without those that are nothing',
      ended(
        importRecord({
          outcome: 'succeeded',
          counts: { lines: 99, imported: 97, alreadyPresent: 2, failed: 0, skipped: 0 },
        }),
      ),
      'succeeded  importProductSets imp-1: 97 imported, 2 already present',
    ],
    [
      'a failure with its first reason',
      ended(
        importRecord({
          outcome: 'rejected',
          problems: [
            { code: 'empty-file', message: 'The file is empty' },
            { code: 'labels', message: 'more' },
          ],
        }),
      ),
      'rejected   importProductSets imp-1 (The file is empty)',
    ],
    [
      'a success that has nothing to count',
      ended(commandRecord('deleteProduct', {}, { outcome: 'succeeded' })),
      'succeeded  deleteProduct cmd-1',
    ],
    [
      'a wait with what it waits for',
      waitingEvent(
        importRecord({ waiting: { for: 'claim', detail: 'cmd-9 is changing shoes', since: ACCEPTED_AT } }),
        PROJECT,
        ACCEPTED_AT,
      ),
      'waiting    importProductSets imp-1: cmd-9 is changing shoes',
    ],
    [
      'a stalled operation',
      stalledEvent(importRecord(), PROJECT, ACCEPTED_AT),
      'waiting    importProductSets imp-1: product-search.operation.stalled.v1',
    ],
    [
      'a message that is no command',
      rejectedEvent({
        messageId: '42',
        publishTime: ACCEPTED_AT,
        projectId: PROJECT,
        location: 'us-west1',
        problems: [{ code: 'not-json', message: 'The message is no JSON' }],
      }),
      'rejected   message 42: The message is no JSON',
    ],
  ])('tells %s', (_case, event, line) => {
    expect(storyLine(event)).toBe(line);
  });
});

describe('the story', () => {
  it('tells each event as it is journaled, and nothing of other objects', () => {
    const storage = createStorageModel({ clock: { now: () => 0, sleep: async () => undefined } });
    for (const bucket of ['state', 'intake']) storage.insertBucket(bucket);
    const told: string[] = [];
    tellStory(storage, 'state', (line) => told.push(line));
    const put = (bucket: string, name: string, body: string) =>
      storage.insertObject({ bucket, name }, contentOf(Buffer.from(body)), {});
    const event = JSON.stringify(ended(importRecord({ outcome: 'succeeded' })));

    put('state', 'requests/open/imp-1.json', event);
    put('intake', 'events/mine.json', event);
    put('state', 'events/2026-11-22/imp-1.completed.json', event);
    put('state', 'events/notes.txt', 'no event of ours');

    expect(told).toEqual(['succeeded  importProductSets imp-1']);
  });
});
