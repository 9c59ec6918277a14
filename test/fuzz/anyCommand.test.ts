import fc from 'fast-check';
import { seeded } from '../engine/shoes';
import { withOneChange } from './arbitraries';
import { CEILING, good } from './goodCommands';
import { LIMIT_MS, runs } from './runs';

jest.setTimeout(LIMIT_MS);

const TERMINAL = /^product-search\.(?:import|delete|purge|restore|sweep|derived|cancel)\.completed\.v1$/;
const REJECTED = 'product-search.message.rejected.v1';

/** Of those that would wait for hours nothing new is learnt. */
const now = good.map(({ notBefore: _, ...command }) => command);

describe('any message', () => {
  it('ends in one terminal event or one refusal, with nothing left open, and again the same if it comes again', async () => {
    const message = fc.oneof(
      now.map((command) => ({ ...command, maxProducts: undefined })),
      withOneChange(now).map(({ changed }) => changed),
    );
    await fc.assert(
      fc.asyncProperty(message, async (command) => {
        const world = await seeded({ MAX_PRODUCTS_CEILING: String(CEILING), PURGE_MAX_PRODUCTS: String(CEILING) });
        const before = world.events().length;
        await world.publish(command, 'message');
        await world.settle();
        const ended = world
          .events()
          .slice(before)
          .filter(({ type }) => type === REJECTED || TERMINAL.test(type));

        expect(ended).toHaveLength(1);
        expect(await world.open()).toEqual([]);
        await world.publish(command, 'message');
        await world.settle();
        const again = world
          .events()
          .slice(before)
          .filter(({ type }) => type === REJECTED || TERMINAL.test(type));
        expect([...new Set(again.map(({ id }) => id))]).toEqual(ended.map(({ id }) => id));
        for (const event of again) expect(event).toEqual(ended[0]);
      }),
      runs(60),
    );
  });
});
