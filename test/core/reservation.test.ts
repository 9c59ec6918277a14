import fc from 'fast-check';
import {
  ask,
  changeClaim,
  conflicts,
  dropEnded,
  EMPTY_RESERVATION,
  grantQueue,
  type Reservation,
  scopeOf,
  type WantedClaim,
} from '../../shared/core/reservation';

const NOW = '2026-11-22T12:00:00.000Z';

function wanted(requestId: string, mode: WantedClaim['mode'], sets: string[] | 'all', minute = 0): WantedClaim {
  const acceptedAt = new Date(Date.UTC(2026, 10, 22, 8, minute)).toISOString();
  return { requestId, mode, scope: sets === 'all' ? { all: true } : { productSetIds: sets }, acceptedAt };
}

function askAll(...all: WantedClaim[]): Reservation {
  return all.reduce((reservation, one) => ask(reservation, one, NOW).reservation, EMPTY_RESERVATION);
}

const held = (reservation: Reservation) => reservation.claims.map((claim) => claim.requestId);

describe('two claims', () => {
  it.each([
    ['two imports into one set', wanted('a', 'shared', ['s']), wanted('b', 'shared', ['s']), false],
    ['an import and a purge of one set', wanted('a', 'shared', ['s']), wanted('b', 'exclusive', ['s']), true],
    ['two set deletes of one set', wanted('a', 'exclusive', ['s']), wanted('b', 'exclusive', ['s']), true],
    ['two set deletes of two sets', wanted('a', 'exclusive', ['s']), wanted('b', 'exclusive', ['t']), false],
    [
      'an import of many sets and one of them',
      wanted('a', 'shared', ['r', 's']),
      wanted('b', 'exclusive', ['s']),
      true,
    ],
    ['an import and the whole location', wanted('a', 'shared', ['s']), wanted('b', 'exclusive', 'all'), true],
    ['a large import and a small one', wanted('a', 'shared', 'all'), wanted('b', 'shared', ['s']), false],
    ['a large import and a set delete', wanted('a', 'shared', 'all'), wanted('b', 'exclusive', ['s']), true],
    ['a request and itself', wanted('a', 'exclusive', 'all'), wanted('a', 'exclusive', 'all'), false],
    ['nothing and a set', wanted('a', 'exclusive', []), wanted('b', 'exclusive', ['s']), false],
  ])('%s: conflict as the rule says, from both sides', (_case, a, b, conflict) => {
    expect([conflicts(a, b), conflicts(b, a)]).toEqual([conflict, conflict]);
  });

  it('of more than 1,000 sets become one of the whole location', () => {
    const ids = Array.from({ length: 1_001 }, (_, index) => `s${index}`);

    expect(scopeOf(ids)).toEqual({ all: true });
    expect(scopeOf(ids.slice(1))).toEqual({ productSetIds: ids.slice(1) });
  });
});

describe('asking', () => {
  it('holds at once where nothing is in the way', () => {
    const answer = ask(EMPTY_RESERVATION, wanted('a', 'exclusive', ['s']), NOW);

    expect(answer).toMatchObject({ held: true, blockedBy: [] });
    expect(answer.reservation.claims).toEqual([{ ...wanted('a', 'exclusive', ['s']), grantedAt: NOW }]);
  });

  it('again changes nothing, neither for who holds nor for who waits', () => {
    const before = askAll(wanted('a', 'exclusive', ['s']), wanted('b', 'shared', ['s'], 1));

    expect(ask(before, wanted('a', 'exclusive', ['s']), NOW)).toEqual({
      reservation: before,
      held: true,
      blockedBy: [],
    });
    expect(ask(before, wanted('b', 'shared', ['s'], 1), NOW)).toEqual({
      reservation: before,
      held: false,
      blockedBy: ['a'],
    });
  });

  it('does not overtake an earlier waiter that is in conflict, and names it', () => {
    const before = askAll(wanted('import', 'shared', ['s']), wanted('purge', 'exclusive', 'all', 1));

    const answer = ask(before, wanted('late', 'shared', ['s'], 2), NOW);

    expect(answer).toMatchObject({ held: false, blockedBy: ['purge'] });
  });

  it('overtakes a later waiter, as the queue is in the order of acceptance and not of asking', () => {
    const before = askAll(wanted('import', 'shared', ['s']), wanted('purge', 'exclusive', 'all', 5));

    expect(ask(before, wanted('early', 'shared', ['s'], 2), NOW).held).toBe(true);
  });

  it('goes past waiters that it has nothing to do with', () => {
    const before = askAll(wanted('a', 'exclusive', ['s']), wanted('b', 'exclusive', ['s'], 1));

    expect(ask(before, wanted('c', 'exclusive', ['t'], 2), NOW).held).toBe(true);
  });
});

describe('the end of a request', () => {
  it('grants to the next in line, and to everyone who may go with it', () => {
    const before = askAll(
      wanted('purge', 'exclusive', 'all'),
      wanted('one', 'shared', ['s'], 1),
      wanted('two', 'shared', ['s'], 2),
      wanted('delete', 'exclusive', ['s'], 3),
      wanted('three', 'shared', ['s'], 4),
    );

    const { reservation, granted } = grantQueue(
      dropEnded(before, (id) => id !== 'purge', NOW),
      NOW,
    );

    expect(granted).toEqual(['one', 'two']);
    expect(held(reservation)).toEqual(['one', 'two']);
    expect(reservation.queue.map((waiter) => waiter.requestId)).toEqual(['delete', 'three']);
  });

  it('takes a waiter out of the queue, so that nobody waits for it', () => {
    const before = askAll(
      wanted('a', 'shared', ['s']),
      wanted('gone', 'exclusive', ['s'], 1),
      wanted('b', 'shared', ['s'], 2),
    );

    expect(
      grantQueue(
        dropEnded(before, (id) => id !== 'gone', NOW),
        NOW,
      ).granted,
    ).toEqual(['b']);
  });

  it('leaves a claim that is kept until its time is over', () => {
    const before = changeClaim(askAll(wanted('a', 'shared', ['s']), wanted('b', 'shared', ['t'])), 'a', {
      keptUntil: '2026-11-22T12:30:00.000Z',
    });

    expect(held(dropEnded(before, () => false, NOW))).toEqual(['a']);
    expect(held(dropEnded(before, () => false, '2026-11-22T12:30:00.000Z'))).toEqual([]);
  });
});

describe('in any course of events', () => {
  const SETS = ['s', 't', 'u'];
  const claim = fc.record({
    mode: fc.constantFrom('shared' as const, 'exclusive' as const),
    sets: fc.oneof(fc.constant('all' as const), fc.subarray(SETS, { minLength: 1 })),
    minute: fc.integer({ min: 0, max: 5 }),
  });
  const course = fc.record({
    claims: fc.array(claim, { minLength: 1, maxLength: 9 }),
    moves: fc.array(fc.record({ move: fc.constantFrom('ask', 'end', 'sweep'), who: fc.nat(8) }), { maxLength: 60 }),
  });

  /** By the words of the design, not by the code: one of the two excludes, and they name a set together. */
  function exclude(a: WantedClaim, b: WantedClaim): boolean {
    const sets = (one: WantedClaim) => ('all' in one.scope ? SETS : one.scope.productSetIds);
    return (a.mode === 'exclusive' || b.mode === 'exclusive') && sets(a).some((id) => sets(b).includes(id));
  }

  function check(before: Reservation, after: Reservation): void {
    for (const [index, one] of after.claims.entries()) {
      for (const other of after.claims.slice(index + 1)) expect(exclude(one, other)).toBe(false);
      if (held(before).includes(one.requestId)) continue;
      const overtaken = after.queue.filter(
        (waiter) =>
          `${waiter.acceptedAt} ${waiter.requestId}` < `${one.acceptedAt} ${one.requestId}` && exclude(waiter, one),
      );
      expect(overtaken).toEqual([]);
    }
  }

  it('no two claims in conflict are held, nobody is overtaken, and everybody gets a turn', () => {
    fc.assert(
      fc.property(course, ({ claims, moves }) => {
        const all = claims.map(({ mode, sets, minute }, index) => wanted(`r${index}`, mode, sets, minute));
        const asked = new Set<string>();
        const ended = new Set<string>();
        const served = new Set<string>();
        let now = EMPTY_RESERVATION;
        const become = (next: Reservation) => {
          check(now, next);
          now = next;
          for (const id of held(now)) served.add(id);
        };
        const sweep = () =>
          become(
            grantQueue(
              dropEnded(now, (id) => !ended.has(id), NOW),
              NOW,
            ).reservation,
          );

        for (const { move, who } of moves) {
          const one = all[who];
          if (move === 'sweep') sweep();
          else if (one !== undefined && move === 'end' && served.has(one.requestId)) ended.add(one.requestId);
          else if (one !== undefined && !ended.has(one.requestId)) {
            asked.add(one.requestId);
            become(ask(now, one, NOW).reservation);
          }
        }
        for (let rounds = 0; rounds <= all.length; rounds += 1) {
          for (const id of held(now)) ended.add(id);
          sweep();
        }

        expect([...asked].filter((id) => !served.has(id))).toEqual([]);
        expect(now).toEqual(EMPTY_RESERVATION);
      }),
      { seed: 20261122, numRuns: 400 },
    );
  });
});
