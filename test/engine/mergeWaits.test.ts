import { contentOf } from '../../local/storage/content';
import { createWorld, STATE } from './world';

/** Two small files that are to go together, at the moment when their merged import is about to start. */
async function aboutToMerge() {
  const world = createWorld({ IMPORTS_PER_DAY: '2', IMPORT_RESERVE: '0' });
  const rows = (name: string) => `${world.image(`${name}.png`)},i1,${name}-set,${name}-1,apparel-v2,,,\n`;
  for (const name of ['first', 'a', 'b']) await world.drop(`${name}.csv`, rows(name));
  for (let minutes = 0; minutes < 1_440; minutes += 1) {
    world.pass(60_000);
    await world.fire();
    if (world.names(STATE, 'batches/open/').length > 0) return world;
    await world.deliverContinuations();
  }
  throw new Error('no merged import was made');
}

describe('a merged import that has to wait', () => {
  it('is no request of a user: nobody is told of its wait, and its files end as ever', async () => {
    const world = await aboutToMerge();
    const minute = new Date(world.clock.now()).toISOString().slice(0, 16);
    const slots = contentOf(Buffer.from(JSON.stringify({ nonce: '', value: { taken: { [minute]: 2 } } })));
    world.storage.insertObject({ bucket: STATE, name: 'quota/imports.json' }, slots);
    await world.settle();
    const [batch] = world
      .names(STATE, 'batches/closed/')
      .map((name) => JSON.parse(world.text(`gs://${STATE}/${name}`)));

    expect(JSON.stringify(batch.history)).toContain('waits for quota');
    expect(world.events().map((event) => event.data.requestId)).not.toContain(batch.id);
    expect(world.events('product-search.import.completed.v1').map(({ data }) => data.outcome)).toEqual(
      Array(3).fill('succeeded'),
    );
  });
});
