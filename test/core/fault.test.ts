import { ServiceError, type Status } from '../../shared/core/errors';
import { decideOnFault, pauseFailures, resumeFailures } from '../../shared/core/fault';

const NOW = Date.parse('2026-11-22T08:00:00Z');
const HOUR = 3_600_000;
const GIVE_UP = 24 * HOUR;

function fault(status: Status, message = 'no') {
  return new ServiceError('ProductSearch.DeleteProduct', status, message);
}

function failedSince(hoursAgo: number, count = 3) {
  return { count, firstAt: new Date(NOW - hoursAgo * HOUR).toISOString(), last: 'before' };
}

describe('a fault that may pass', () => {
  it('is tried again soon, and is remembered', () => {
    expect(decideOnFault(fault('UNAVAILABLE'), undefined, NOW, GIVE_UP)).toEqual({
      kind: 'wait',
      for: 'retry',
      detail: expect.stringContaining('ProductSearch.DeleteProduct: UNAVAILABLE: no'),
      dueAt: NOW + 5_000,
      failures: {
        count: 1,
        firstAt: '2026-11-22T08:00:00.000Z',
        last: 'ProductSearch.DeleteProduct: UNAVAILABLE: no',
      },
    });
  });

  it('is tried again after pauses that grow, up to ten minutes', () => {
    const pauses = [0, 1, 2, 3, 6, 7, 8, 500].map((count) => {
      const decision = decideOnFault(fault('INTERNAL'), failedSince(1, count), NOW, GIVE_UP);
      return decision.kind === 'wait' ? (decision.dueAt - NOW) / 1_000 : 'failed';
    });

    expect(pauses).toEqual([5, 10, 20, 40, 320, 600, 600, 600]);
  });

  it('is given up when it has lasted for long enough, and says since when', () => {
    const before = decideOnFault(fault('UNAVAILABLE'), failedSince(23.99), NOW, GIVE_UP);
    const after = decideOnFault(fault('UNAVAILABLE'), failedSince(24), NOW, GIVE_UP);

    expect(before).toMatchObject({ kind: 'wait', failures: { count: 4, firstAt: failedSince(23.99).firstAt } });
    expect(after).toEqual({
      kind: 'fail',
      problem: {
        code: 'unavailable',
        message: 'Given up after 4 tries since 2026-11-21T08:00:00.000Z: ProductSearch.DeleteProduct: UNAVAILABLE: no',
      },
    });
  });

  it.each(['PERMISSION_DENIED', 'UNAUTHENTICATED'] as const)(
    'includes %s: an operator may mend it meanwhile',
    (status) => {
      expect(decideOnFault(fault(status), undefined, NOW, GIVE_UP)).toMatchObject({ kind: 'wait', for: 'retry' });
    },
  );

  it.each([[new TypeError('x is not a function')], ['thrown text']])('includes a bug of ours: %p', (error) => {
    const wait = decideOnFault(error, undefined, NOW, GIVE_UP);
    const end = decideOnFault(error, failedSince(25), NOW, GIVE_UP);

    expect(wait).toMatchObject({ kind: 'wait', for: 'retry' });
    expect(end).toMatchObject({ kind: 'fail', problem: { code: 'internal-error' } });
  });
});

describe('what is waited for without end', () => {
  it.each<[Status, string, number]>([
    ['RESOURCE_EXHAUSTED', 'quota', 20_000],
    ['ABORTED', 'purge', 15_000],
    ['FAILED_PRECONDITION', 'purge', 15_000],
  ])('%s: %s, however long ago the first fault was', (status, reason, pause) => {
    expect(decideOnFault(fault(status), failedSince(1_000), NOW, GIVE_UP)).toEqual({
      kind: 'wait',
      for: reason,
      detail: expect.stringContaining('no'),
      dueAt: NOW + pause,
      failures: failedSince(1_000),
    });
  });

  it('does not count towards giving up', () => {
    const paused = pauseFailures(failedSince(3), NOW);
    const twice = pauseFailures(resumeFailures(paused, NOW + 30 * HOUR), NOW + 31 * HOUR);
    const failures = resumeFailures(twice, NOW + 70 * HOUR);

    // Three hours before the first pause and one between the two: four of 73.
    expect(failures).toMatchObject({ count: 3, firstAt: failedSince(3).firstAt, pausedMs: 69 * HOUR });
    expect(decideOnFault(fault('UNAVAILABLE'), failures, NOW + 89.9 * HOUR, GIVE_UP).kind).toBe('wait');
    expect(decideOnFault(fault('UNAVAILABLE'), failures, NOW + 90 * HOUR, GIVE_UP).kind).toBe('fail');
  });

  it('leaves what never failed, and what was never paused, as it is', () => {
    expect(resumeFailures(pauseFailures(undefined, NOW), NOW + HOUR)).toBeUndefined();
    expect(resumeFailures(failedSince(3), NOW)).toEqual(failedSince(3));
  });

  it('is remembered over the faults that follow', () => {
    const failures = { ...failedSince(3), pausedMs: HOUR };

    expect(decideOnFault(fault('UNAVAILABLE'), failures, NOW, GIVE_UP)).toMatchObject({
      failures: { count: 4, pausedMs: HOUR },
    });
  });
});

describe('a refusal for good', () => {
  it.each<[Status, string]>([
    ['INVALID_ARGUMENT', 'invalid-argument'],
    ['NOT_FOUND', 'not-found'],
    ['UNIMPLEMENTED', 'unimplemented'],
    ['OUT_OF_RANGE', 'out-of-range'],
    ['DATA_LOSS', 'data-loss'],
  ])('%s ends the request at once with the code %s', (status, code) => {
    expect(decideOnFault(fault(status), undefined, NOW, GIVE_UP)).toEqual({
      kind: 'fail',
      problem: { code, message: `ProductSearch.DeleteProduct: ${status}: no` },
    });
  });
});
