import { note } from '../../shared/core/request';
import { importRecord } from './requests';

describe('the story of a request', () => {
  it('is told in the order in which it happened', () => {
    const record = importRecord();

    note(record, '2026-11-22T08:00:01.000Z', 'staged');
    note(record, '2026-11-22T08:00:02.000Z', 'checked');

    expect(record.history.map(({ what }) => what)).toEqual(['accepted', 'staged', 'checked']);
  });

  it('of 1,000 lines keeps its first and its last hundred', () => {
    const record = importRecord();

    for (let line = 1; line < 1_000; line += 1) note(record, '2026-11-22T08:00:01.000Z', `line ${line}`);

    const told = record.history.map(({ what }) => what);
    expect(told).toHaveLength(200);
    expect(told[0]).toBe('accepted');
    expect(told[99]).toBe('line 99');
    expect(told[100]).toBe('line 900');
    expect(told.at(-1)).toBe('line 999');
  });
});
