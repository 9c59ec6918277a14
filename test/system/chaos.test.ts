import { differences } from '../chaos/compare';
import { run } from '../chaos/run';
import { STORIES } from '../chaos/stories';

jest.setTimeout(400_000);

/** A thin version of `npm run chaos`: those stories that say most in the shortest time. */
const NAMES = ['good', 'duplicated', 'deletes-one', 'mended', 'deletes-many', 'replaced'];
const PLAN = { stories: STORIES.filter(({ name }) => NAMES.includes(name)), seconds: 9 };

describe('a scripted user while function processes are killed', () => {
  it('finds what it would have found undisturbed: nothing lost, nothing doubled', async () => {
    const undisturbed = await run({ ...PLAN, seconds: 1 });
    const kill = { seed: 20_261_124, pauseMs: { least: 400, most: 1_100 }, atLeast: 10 };
    const killed = await run({ ...PLAN, kill });
    const [left, right] = [undisturbed, killed].map(({ state }) => state);

    expect(Object.values(killed.kills).reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(10);
    expect(undisturbed.broken).toEqual([]);
    expect(killed.broken).toEqual([]);
    expect(Object.values(undisturbed.state.requests).map(({ outcome }) => outcome)).toEqual(
      expect.arrayContaining(['succeeded', 'partial', 'dryRun']),
    );
    expect(differences({ name: 'undisturbed', state: left }, { name: 'under kills', state: right })).toEqual([]);
  });
});
