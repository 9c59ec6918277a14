/** Each capability once, from the command over the wire of the official API to what is left at the server. */
import { startCloudinaryServer } from '../../local/cloudinary/server';
import { createDerivedImages } from '../../shared/clients/derivedImages';
import type { DerivedImages } from '../../shared/ports';
import { accountAt, CREDENTIALS } from '../local/cloudinary/account';
import { deleteDerived, ids, seedOriginals } from './derivedWorld';
import { createWorld, type World } from './world';

interface Wired {
  world: World;
  calls: string[];
  close(): Promise<void>;
}

/** The world, whose Cloudinary is reached over HTTP by the client of the functions. */
async function wired(): Promise<Wired> {
  let client: DerivedImages | undefined;
  const world = createWorld(
    {},
    {
      derivedImages: () => ({
        deletePage: (...parameters) => connected().deletePage(...parameters),
        listOriginals: (...parameters) => connected().listOriginals(...parameters),
        derivedOf: (...parameters) => connected().derivedOf(...parameters),
        usage: () => connected().usage(),
      }),
    },
  );
  function connected(): DerivedImages {
    if (client === undefined) throw new Error('not connected yet');
    return client;
  }
  const calls: string[] = [];
  const { cloudinary: model, clock } = world;
  const server = await startCloudinaryServer({
    ...{ model, clock, port: 0, host: '127.0.0.1', credentials: CREDENTIALS },
    onCall: ({ verb, path, body }) => calls.push(`${verb} ${path} ${decodeURIComponent(body)}`),
  });
  client = createDerivedImages(accountAt(server.url));
  return { world, calls, close: () => server.close() };
}

/** `type:publicId:transformations` of what is left. */
function leftAt(world: World): string[] {
  return ['upload', 'facebook', 'private'].flatMap((type) =>
    world.cloudinary.list({ resourceType: 'image', type, maxResults: 500 }).resources.map(({ public_id: publicId }) => {
      const { derived } = world.cloudinary.details({ resourceType: 'image', type, publicId }, {});
      return `${type}:${publicId}:${derived.map(({ transformation }) => transformation).join(',')}`;
    }),
  );
}

let made: Wired;

beforeEach(async () => {
  made = await wired();
  seedOriginals(made.world, ['a/1', 'a/2'], { tags: ['sale'] });
  seedOriginals(made.world, ['b']);
  seedOriginals(made.world, ['zuck'], { type: 'facebook' });
});

afterEach(() => made.close());

const FULL = 'w_100,w_200';
const KEEP = 'keep_original=true';

interface Row {
  does: string;
  command: Record<string, unknown>;
  calls: string[];
  counts: Record<string, number>;
  left: string[];
}

const ROWS: Row[] = [
  {
    does: 'derived ones by public ids',
    command: { select: { publicIds: ['a/1', 'b', 'nobody'] }, keepOriginal: true },
    calls: [`DELETE resources/image/upload public_ids=a/1,b,nobody&${KEEP}`],
    counts: { originals: 0, derived: 4, notFound: 1, failed: 0 },
    left: ['upload:a/1:', `upload:a/2:${FULL}`, 'upload:b:', `facebook:zuck:${FULL}`],
  },
  {
    does: 'derived ones by prefix',
    command: { select: { prefix: 'a/' }, keepOriginal: true },
    calls: [`DELETE resources/image/upload prefix=a/&${KEEP}`],
    counts: { originals: 0, derived: 4, notFound: 0, failed: 0 },
    left: ['upload:a/1:', 'upload:a/2:', `upload:b:${FULL}`, `facebook:zuck:${FULL}`],
  },
  {
    does: 'derived ones by tag',
    command: { select: { tag: 'sale' }, keepOriginal: true },
    calls: [`DELETE resources/image/tags/sale ${KEEP}`],
    counts: { originals: 0, derived: 4, notFound: 0, failed: 0 },
    left: ['upload:a/1:', 'upload:a/2:', `upload:b:${FULL}`, `facebook:zuck:${FULL}`],
  },
  {
    does: 'all derived ones',
    command: { select: { all: true }, keepOriginal: true },
    calls: [`DELETE resources/image/upload all=true&${KEEP}`],
    counts: { originals: 0, derived: 6, notFound: 0, failed: 0 },
    left: ['upload:a/1:', 'upload:a/2:', 'upload:b:', `facebook:zuck:${FULL}`],
  },
  {
    does: 'only one delivery type',
    command: { select: { all: true }, keepOriginal: true, type: 'facebook' },
    calls: [`DELETE resources/image/facebook all=true&${KEEP}`],
    counts: { originals: 0, derived: 2, notFound: 0, failed: 0 },
    left: [`upload:a/1:${FULL}`, `upload:a/2:${FULL}`, `upload:b:${FULL}`, 'facebook:zuck:'],
  },
  {
    does: 'only one resource type',
    command: { select: { all: true }, keepOriginal: true, resourceType: 'video' },
    calls: [`DELETE resources/video/upload all=true&${KEEP}`],
    counts: { originals: 0, derived: 0, notFound: 0, failed: 0 },
    left: [`upload:a/1:${FULL}`, `upload:a/2:${FULL}`, `upload:b:${FULL}`, `facebook:zuck:${FULL}`],
  },
  {
    does: 'only some transformations, with invalidation',
    command: { select: { prefix: 'a/' }, keepOriginal: true, transformations: ['w_100', 'w_9'], invalidate: true },
    calls: [`DELETE resources/image/upload prefix=a/&${KEEP}&transformations=w_100|w_9&invalidate=true`],
    counts: { originals: 0, derived: 2, notFound: 0, failed: 0 },
    left: ['upload:a/1:w_200', 'upload:a/2:w_200', `upload:b:${FULL}`, `facebook:zuck:${FULL}`],
  },
  {
    does: 'originals, too, by public ids',
    command: { select: { publicIds: ['b'] }, keepOriginal: false, force: true },
    calls: ['DELETE resources/image/upload public_ids=b'],
    counts: { originals: 1, derived: 2, notFound: 0, failed: 0 },
    left: [`upload:a/1:${FULL}`, `upload:a/2:${FULL}`, `facebook:zuck:${FULL}`],
  },
  {
    does: 'originals, too, by tag: counted first, with their types',
    command: { select: { tag: 'sale' }, keepOriginal: false, force: true },
    calls: ['GET resources/image/tags/sale max_results=500', 'DELETE resources/image/tags/sale '],
    counts: { originals: 2, derived: 4, notFound: 0, failed: 0 },
    left: [`upload:b:${FULL}`, `facebook:zuck:${FULL}`],
  },
  {
    does: 'all originals of a type: counted first',
    command: { select: { all: true }, keepOriginal: false, force: true },
    calls: ['GET resources/image/upload max_results=500', 'DELETE resources/image/upload all=true'],
    counts: { originals: 3, derived: 6, notFound: 0, failed: 0 },
    left: [`facebook:zuck:${FULL}`],
  },
  {
    does: 'a dry run of few: exactly, one by one',
    command: { select: { prefix: 'a/' }, keepOriginal: true, dryRun: true },
    calls: [
      'GET resources/image/upload prefix=a/&max_results=500',
      'GET resources/image/upload/a/1 max_results=500',
      'GET resources/image/upload/a/2 max_results=500',
    ],
    counts: { originals: 0, derived: 4, notFound: 0, failed: 0 },
    left: [`upload:a/1:${FULL}`, `upload:a/2:${FULL}`, `upload:b:${FULL}`, `facebook:zuck:${FULL}`],
  },
];

it.each(ROWS)('deletes $does', async ({ command, calls, counts, left }) => {
  const event = await deleteDerived(made.world, command);

  expect(event).toMatchObject({ outcome: command.dryRun === true ? 'dryRun' : 'succeeded', counts });
  expect(made.calls).toEqual(calls);
  expect(leftAt(made.world)).toEqual(left);
});

it('by ids, a hundred a call; by prefix, a thousand originals a call, and on by cursor', async () => {
  seedOriginals(made.world, ids(2_250, 'many/'));

  const byIds = await deleteDerived(made.world, { select: { publicIds: [...ids(250, 'many/')] }, keepOriginal: true });
  const byPrefix = await deleteDerived(made.world, { select: { prefix: 'many/' }, keepOriginal: true });

  expect(made.calls.map((call) => /next_cursor=([0-9a-f]{32})$/.test(call))).toEqual([
    ...[false, false, false],
    ...[false, true, true],
  ]);
  expect([byIds.counts.derived, byPrefix.counts.derived]).toEqual([500, 4_000]);
});

it('never sends a deletion without keep_original where the originals are to be kept', async () => {
  for (const { command } of ROWS.filter((row) => row.command.keepOriginal === true)) {
    await deleteDerived(made.world, command);
  }

  const deletions = made.calls.filter((call) => call.startsWith('DELETE'));
  expect(deletions.length).toBeGreaterThan(5);
  expect(deletions.every((call) => call.includes(KEEP))).toBe(true);
  expect(leftAt(made.world)).toHaveLength(4);
});
