import { createJournalDays } from '../../shared/console/journalDays';
import type { StoredObject } from '../../shared/ports';
import { createWorld, STATE, type World } from './records';

const DAY_MS = 24 * 3_600_000;

function reader({ ports }: World) {
  const listed: string[] = [];
  const list: typeof ports.objects.list = (query) => {
    listed.push(query.prefix);
    return ports.objects.list(query);
  };
  return { days: createJournalDays({ ...ports, objects: { ...ports.objects, list } }, STATE), listed };
}

it('gives the events of the last days, the last written first, whatever their names', async () => {
  const world = createWorld();
  await world.put('events/2026-11-20/old.json', {});
  await world.put('events/2026-11-22/z.json', {});
  world.pass(1_000);
  await world.put('events/2026-11-21/m.json', {});
  world.pass(1_000);
  await world.put('events/2026-11-22/a.json', {});

  const { entries, cutDays } = await reader(world).days.read(2);

  expect(entries.map(({ id }) => id)).toEqual(['a', 'm', 'z']);
  expect(cutDays).toEqual([]);
});

it('leaves out what is no event of the day itself', async () => {
  const world = createWorld();
  await world.put('events/2026-11-22/note.txt', 'x');
  await world.put('events/2026-11-22/deeper/e.json', {});

  expect((await reader(world).days.read(1)).entries).toEqual([]);
});

it('lists days before yesterday once a minute', async () => {
  const world = createWorld();
  const { days, listed } = reader(world);
  await days.read(3);
  listed.length = 0;

  await days.read(3);
  expect(listed).toEqual(['events/2026-11-22/', 'events/2026-11-21/']);

  world.pass(60_000);
  await days.read(3);
  expect(listed).toContain('events/2026-11-20/');
});

it('goes over midnight', async () => {
  const world = createWorld();
  const { days } = reader(world);
  await world.put('events/2026-11-22/a.json', {});
  await days.read(2);
  world.pass(DAY_MS);
  await world.put('events/2026-11-23/b.json', {});

  expect((await days.read(2)).entries.map(({ id }) => id)).toEqual(['b', 'a']);
});

it('says of which day it could not list everything', async () => {
  const { ports } = createWorld();
  const object = { name: 'events/2026-11-22/a.json', timeCreated: '2026-11-22T12:00:00Z' } as StoredObject;
  const list = async () => ({ objects: [object], nextPageToken: 'more' });
  const { entries, cutDays } = await createJournalDays({ ...ports, objects: { ...ports.objects, list } }, STATE).read(
    1,
  );

  expect(entries).toHaveLength(5);
  expect(cutDays).toEqual(['2026-11-22']);
});
