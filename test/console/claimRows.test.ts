import { claimRows } from '../../shared/console/claimRows';
import type { Claim } from '../../shared/core/reservation';
import { NOW } from './records';

const LATER = '2026-11-22T12:00:05.000Z';

function claim(requestId: string, change: Partial<Claim> = {}): Claim {
  const scope = { productSetIds: ['shoes'] };
  return { requestId, mode: 'shared', scope, acceptedAt: NOW, grantedAt: LATER, ...change };
}

it('lists what is held, then who waits in the order of the queue', () => {
  const reservation = {
    claims: [claim('b'), claim('a', { grantedAt: NOW })],
    queue: [claim('d', { mode: 'exclusive' }), claim('c')],
  };
  const rows = claimRows('us-west1', reservation, () => true);

  expect(rows.map((row) => `${row.requestId} ${row.state} ${row.mode}`)).toEqual([
    'a held shared',
    'b held shared',
    'd queued exclusive',
    'c queued shared',
  ]);
  expect(rows.map((row) => row.since)).toEqual([NOW, LATER, NOW, NOW]);
});

it.each([
  [{ all: true } as const, 'the whole location'],
  [{ productSetIds: ['a', 'b'] }, 'a, b'],
  [{ productSetIds: ['a', 'b', 'c', 'd', 'e'] }, 'a, b, c, d and 1 more set'],
])('tells the scope %j as "%s"', (scope, text) => {
  expect(claimRows('us-west1', { claims: [claim('a', { scope })], queue: [] }, () => true)[0]?.scope).toBe(text);
});

it('explains a claim whose request has ended', () => {
  const reservation = { claims: [claim('a'), claim('b', { keptUntil: LATER }), claim('c')], queue: [] };
  const notes = claimRows('us-west1', reservation, (id) => id === 'c').map((row) => row.note);

  expect(notes).toEqual([
    'ended; given back by the next tick',
    `ended; kept until ${LATER}, since its operation may still be running`,
    undefined,
  ]);
});
