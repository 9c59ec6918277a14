import { contentOf } from '../../local/storage/content';
import { ServiceError } from '../../shared/core/errors';
import type { RequestRecord } from '../../shared/core/request';
import { createWorld, STATE, type World } from './world';

const HOUR = 3_600_000;

function recordsIn(world: World, folder: string): RequestRecord[] {
  return world.names(STATE, folder).map((name) => JSON.parse(world.text(`gs://${STATE}/${name}`)) as RequestRecord);
}

/** Two small files that are to go together, at the moment when their merged import is about to start. */
async function aboutToMerge(env: Record<string, string> = {}) {
  const world = createWorld({ IMPORTS_PER_DAY: '2', IMPORT_RESERVE: '0', ...env });
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
    const [batch] = recordsIn(world, 'batches/closed/');

    expect(JSON.stringify(batch?.history)).toContain('waits for quota');
    expect(world.events().map((event) => event.data.requestId)).not.toContain(batch?.id);
    expect(world.events('product-search.import.completed.v1').map(({ data }) => data.outcome)).toEqual(
      Array(3).fill('succeeded'),
    );
  });
});

describe('a file in a merged import', () => {
  it('ends, and has all its lines back, where the merged import gives up before it knows all of its files', async () => {
    const world = await aboutToMerge({ REQUEST_GIVE_UP_HOURS: '1' });
    const when = (object: unknown) => /\/bat-.*\/import-00001\.csv$/.test((object as { name: string }).name);
    const error = new ServiceError('objects.write', 'UNAVAILABLE', 'said the service');
    world.failCall('write', error, { times: Number.POSITIVE_INFINITY, when });

    await world.settle();

    const events = world.events('product-search.import.completed.v1');
    expect(events.map(({ data }) => data.outcome)).toEqual(['succeeded', 'failed', 'failed']);
    for (const { data } of events.slice(1)) {
      expect(data).toMatchObject({ counts: { lines: 1, failed: 1 }, problems: [{ code: 'unavailable' }] });
      expect(world.text(data.files.retryCsv)).toMatch(/^gs:.*-set,.*\n$/);
    }
  });

  it('never gives up, however long its share cannot be read: it is imported all the same', async () => {
    const world = await aboutToMerge({ REQUEST_GIVE_UP_HOURS: '2' });
    await world.deliverContinuations();
    const [batch] = recordsIn(world, 'batches/open/');
    const operation = batch?.waiting?.operation ?? '';
    world.productSearch.stallOperation(operation);
    const begun = world.clock.now();
    const when = (object: unknown) =>
      /\/imp-.*\/import-\d+\.result\.json$/.test((object as { name: string }).name) &&
      world.clock.now() - begun < 3 * HOUR;
    const error = new ServiceError('objects.read', 'UNAVAILABLE', 'said the service');
    world.failCall('read', error, { times: Number.POSITIVE_INFINITY, when });
    while (world.clock.now() - begun < 4 * HOUR) {
      world.pass(HOUR / 6);
      await world.fire();
      while (await world.deliverContinuations());
    }
    world.productSearch.resumeOperation(operation);
    await world.settle();

    const events = world.events('product-search.import.completed.v1');
    expect(events.map(({ data }) => [data.outcome, data.counts.imported])).toEqual(Array(3).fill(['succeeded', 1]));
  });

  it('whose cancel is refused, since a part of it is imported, goes together with the others again', async () => {
    const world = await aboutToMerge();
    world.productSearch.failNextLines([0, 1], { code: 14, message: 'said the service' });
    await world.deliverContinuations();
    for (let minute = 0; minute < 5; minute += 1) {
      world.pass(60_000);
      await world.fire();
      while (await world.deliverContinuations());
    }
    const waiting = await world.open();
    for (const { id } of waiting) await world.publish({ command: 'cancelRequest', cancels: id });

    await world.settle();

    expect(waiting.map((record) => [record.waiting?.for, record.facts.file?.nextPart])).toEqual([
      ['quota', 1],
      ['quota', 1],
    ]);
    const answers = (await world.closed()).filter(({ request }) => request === 'cancelRequest');
    expect(answers.map(({ outcome }) => outcome)).toEqual(['rejected', 'rejected']);
    expect(world.events('product-search.import.completed.v1').map(({ data }) => data.outcome)).toEqual(
      Array(3).fill('succeeded'),
    );
    expect(world.names(STATE, 'batches/closed/')).toHaveLength(2);
  });
});
