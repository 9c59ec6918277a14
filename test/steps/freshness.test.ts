import { isFresh, isUnbroken, listingOf } from '../../shared/steps/freshness';
import { commandRecord } from '../core/requests';
import { createWorld } from '../engine/world';
import { stepTrial } from './stepContext';

const MINUTE = 60_000;

/** A listing that is so old now, and looked at under that lease; the one that made it had `mine`. */
function looked(ageMs: number, lease: string) {
  const world = createWorld();
  const { context } = stepTrial(world, commandRecord('purgeProductsInProductSet', { productSetId: 'shoes' }));
  const until = new Date(world.clock.now() + MINUTE).toISOString();
  context.record.lease = { nonce: 'mine', until };
  const listed = listingOf(context, {});
  world.pass(ageMs);
  context.record.lease = { nonce: lease, until };
  return { context, ...listed };
}

describe('a listing before a purge', () => {
  it.each<[string, number, string, boolean]>([
    ['of this invocation, after minutes of slow calls, holds', 9 * MINUTE, 'mine', true],
    ['of this invocation that has stood still does not hold', 11 * MINUTE, 'mine', false],
    ['of another invocation holds for a minute', MINUTE, 'other', true],
    ['of another invocation holds no longer', MINUTE + 1, 'other', false],
  ])('%s', (_case, ageMs, lease, holds) => {
    const { context, listedAt, listedBy } = looked(ageMs, lease);

    expect(isFresh(context, listedAt, listedBy)).toBe(holds);
  });

  it('of which another invocation has asked for the last page is theirs', () => {
    const { context, listedAt } = looked(0, 'other');

    expect(listingOf(context, { askedAt: listedAt, askedBy: 'mine' })).toEqual({ listedAt, listedBy: 'mine' });
  });

  it('of which nobody knows when it was made does not hold', () => {
    const { context } = looked(0, 'mine');

    expect([isFresh(context, undefined, 'mine'), isUnbroken(context, undefined)]).toEqual([false, false]);
  });

  it('whose time is all that is known holds for a minute', () => {
    const { context, listedAt } = looked(MINUTE + 1, 'mine');

    expect(isFresh(context, listedAt)).toBe(false);
  });
});
