import { terminalEvent } from '../../shared/core/event';
import { announce, journaled } from '../../shared/ledger/journal';
import { ACCEPTED_AT, importRecord } from '../core/requests';
import { createState, losingAnswers } from './state';

const eventAt = (time: string) => terminalEvent(importRecord(), 'local-project', time);

describe('the journal', () => {
  it('keeps the event and then publishes it', async () => {
    const { ports, config, published, names } = createState();
    const event = eventAt('2026-11-22T08:05:00.000Z');

    const before = await journaled(ports, config, event, ACCEPTED_AT);
    const held = await announce(ports, config, event, ACCEPTED_AT);

    expect(before).toBeNull();
    expect(held).toEqual(event);
    expect(names('events/')).toEqual(['events/2026-11-22/imp-1.completed.json']);
    expect(await journaled(ports, config, event, ACCEPTED_AT)).toEqual(event);
    expect(published.map(({ topic, message }) => [topic, message.attributes['ce-id']])).toEqual([
      [config.eventsTopic, 'imp-1.completed'],
    ]);
  });

  it('publishes what lies there, not what is told later under the same id', async () => {
    const { ports, config, published } = createState();
    const first = await announce(ports, config, eventAt('2026-11-22T08:05:00.000Z'), ACCEPTED_AT);

    const second = await announce(ports, config, eventAt('2026-11-22T09:00:00.000Z'), ACCEPTED_AT);

    expect(second).toEqual(first);
    expect(published.map(({ message }) => message.attributes['ce-time'])).toEqual([
      '2026-11-22T08:05:00.000Z',
      '2026-11-22T08:05:00.000Z',
    ]);
  });

  it('holds the event although the answer to its write was lost', async () => {
    const { ports, config, published } = createState();
    const event = eventAt('2026-11-22T08:05:00.000Z');

    const held = await announce({ ...ports, objects: losingAnswers(ports.objects) }, config, event, ACCEPTED_AT);

    expect(held).toEqual(event);
    expect(published).toHaveLength(1);
  });

  it('has the event although publishing failed, so that a repeat gives the same', async () => {
    const { ports, config } = createState();
    const event = eventAt('2026-11-22T08:05:00.000Z');
    const publisher = { publish: () => Promise.reject(new Error('no topic')) };

    await expect(announce({ ...ports, publisher }, config, event, ACCEPTED_AT)).rejects.toThrow('no topic');

    expect(await journaled(ports, config, event, ACCEPTED_AT)).toEqual(event);
  });
});
