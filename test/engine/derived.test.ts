import type { DerivedPage } from '../../shared/core/cloudinaryAnswer';
import { ServiceError } from '../../shared/core/errors';
import type { DerivedAnswer, DerivedImages } from '../../shared/ports';
import { DERIVED, deleteDerived, ids, left, WAITING, worldOf } from './derivedWorld';
import { createWorld } from './world';

/** The port calls of `dies at port call` at which a deletion is begun: whether it was made cannot be known. */
const UNANSWERED = [4, 7, 10];
const ALL = { select: { all: true }, keepOriginal: true };

describe('deleteDerivedResources over a million calls, days and deaths', () => {
  it('25,000 originals with 10 calls an hour, killed twice: by itself, within the limit, all derived gone', async () => {
    const world = worldOf(25_000, { callsPerHour: 10 }, { DERIVED_CALLS_RESERVE: '0' });
    const took = jest.spyOn(world.cloudinary.quota, 'take');
    const began = world.clock.now();

    world.crashAtCall(11);
    await world.publish({ command: 'deleteDerivedResources', requestId: 'night', ...ALL });
    expect(world.hasCrashed()).toBe(true);
    for (let minute = 0; minute < 60; minute += 1) {
      world.pass(60_000);
      await world.fire();
      await world.deliverContinuations();
    }
    world.crashAtCall(9);
    await world.settle();
    expect(world.crashCount()).toBe(2);

    const event = world.events(DERIVED)[0]?.data;
    expect(new Set(world.events(DERIVED).map(({ id }) => id)).size).toBe(1);
    expect(event).toMatchObject({ outcome: 'succeeded', counts: { originals: 0, notFound: 0, failed: 0 } });
    expect(left(world)).toEqual([25_000, 0]);
    expect(took.mock.results.filter(({ type }) => type === 'throw')).toEqual([]);
    expect(took.mock.calls.length).toBeLessThanOrEqual(25 + 2);
    expect(world.clock.now() - began).toBeLessThan(4 * 3_600_000);
    expect(world.events(WAITING)[0]?.data).toMatchObject({
      requestId: 'cmd-night',
      waitingFor: 'quota',
      detail: expect.stringMatching(/^0 of 10 calls of the hour to Cloudinary are left/),
      startsAt: '2026-11-22T09:00:00.000Z',
    });
    // The first death came between a call and its answer: 1,000 originals' derived ones went uncounted, and it says so.
    expect(event?.counts.derived).toBe(50_000 - 2_000);
    expect(event?.problems).toMatchObject([
      { code: 'count-incomplete', message: expect.stringMatching(/^1 call got/) },
    ]);
  });

  it.each(Array.from({ length: 24 }, (_, index) => index + 1))(
    'dies at port call %d: each count is right, or said not to be',
    async (call) => {
      const world = worldOf(25, { originalsPerCall: 10 });

      world.crashAtCall(call);
      const data = Buffer.from(JSON.stringify({ command: 'deleteDerivedResources', ...ALL }));
      await world.deliverCommand(data, '7');
      await world.deliverCommand(data, '7');
      await world.settle();

      const event = world.events(DERIVED)[0]?.data;
      expect(new Set(world.events(DERIVED).map(({ id }) => id)).size).toBe(1);
      expect(left(world)).toEqual([25, 0]);
      const isSaid = event?.problems.some(({ code }) => code === 'count-incomplete') === true;
      expect({ isRight: event?.counts.derived === 50 || isSaid, isSaid }).toEqual({
        isRight: true,
        isSaid: UNANSWERED.includes(call) || event?.counts.derived !== 50,
      });
    },
  );

  it.each([
    ['before its effect', false],
    ['after its effect', true],
  ])('any port call that fails %s is survived: one event, all derived gone, no original', async (_case, after) => {
    let n = 0;
    let calls = 1;
    while (calls >= n && n < 100) {
      n += 1;
      calls = 0;
      const world = worldOf(25, { originalsPerCall: 10 });
      const when = () => {
        calls += 1;
        return calls === n;
      };
      world.failCall('*', new ServiceError('Any.Call', 'UNAVAILABLE', 'no answer'), { after, when });

      const data = Buffer.from(JSON.stringify({ command: 'deleteDerivedResources', ...ALL }));
      await world.deliverCommand(data, '7').catch(() => world.deliverCommand(data, '7'));
      await world.settle().catch(() => world.settle());

      const [event] = world.events(DERIVED);
      expect({ n, ids: new Set(world.events(DERIVED).map(({ id }) => id)).size }).toEqual({ n, ids: 1 });
      expect(left(world)).toEqual([25, 0]);
      const isSaid = event?.data.problems.some(({ code }) => code === 'count-incomplete') === true;
      expect(event?.data).toMatchObject({ outcome: 'succeeded', counts: { originals: 0, failed: 0 } });
      expect({ n, told: event?.data.counts.derived === 50 || isSaid }).toEqual({ n, told: true });
    }
    expect(n).toBeGreaterThan(15);
  });

  it('an answer that is lost after its effect is said: what it deleted is not counted', async () => {
    const world = worldOf(3);
    world.failCall('deletePage', new ServiceError('Cloudinary.DeleteResources', 'UNAVAILABLE', 'lost'), {
      after: true,
    });

    const event = await deleteDerived(world, ALL);

    expect(event).toMatchObject({
      outcome: 'succeeded',
      counts: { derived: 0 },
      problems: [{ code: 'count-incomplete' }],
    });
    expect(left(world)).toEqual([3, 0]);
  });

  it('the same is said where, after the repeat, the answer of the next write is lost, too', async () => {
    const world = worldOf(3);
    const lost = new ServiceError('Any.Call', 'UNAVAILABLE', 'lost');
    world.failCall('deletePage', lost, { after: true });
    const isPage = (...[object]: unknown[]) => (object as { name: string }).name.includes('/derived-');
    world.failCall('write', lost, { after: true, when: isPage });

    const event = await deleteDerived(world, ALL);

    expect(event).toMatchObject({ counts: { derived: 0 }, problems: [{ code: 'count-incomplete' }] });
    expect(world.calls('deletePage')).toBe(2);
    expect(left(world)).toEqual([3, 0]);
  });

  it('the same is said where the request is cancelled before the call goes again', async () => {
    const world = worldOf(3);
    const lost = new ServiceError('Cloudinary.DeleteResources', 'UNAVAILABLE', 'lost');
    world.failCall('deletePage', lost, { after: true });
    await world.publish({ command: 'deleteDerivedResources', requestId: 'night', ...ALL });

    await world.publish({ command: 'cancelRequest', cancels: 'cmd-night' });
    await world.settle();

    expect(world.events(DERIVED)[0]?.data).toMatchObject({
      outcome: 'cancelled',
      counts: { derived: 0 },
      problems: [{ code: 'cancelled' }, { code: 'count-incomplete' }],
    });
    expect(left(world)).toEqual([3, 0]);
  });

  it('saves the cursor after every page', async () => {
    const world = worldOf(2_001);
    const cursors: unknown[] = [];
    const when = (...[deletion]: unknown[]) => cursors.push((deletion as { cursor?: string }).cursor) === 0;
    world.failCall('deletePage', new Error('never'), { when });
    const saved: unknown[] = [];
    world.storage.onFinalize((object) => {
      if (!object.name.startsWith('requests/open/')) return;
      const { value } = JSON.parse(Buffer.concat(object.content.chunks).toString('utf8'));
      saved.push((value ?? JSON.parse(Buffer.concat(object.content.chunks).toString('utf8'))).cursor?.next);
    });

    await deleteDerived(world, ALL);

    expect(cursors).toEqual([undefined, expect.any(String), expect.any(String)]);
    expect(saved).toEqual(expect.arrayContaining(cursors.slice(1)));
  });
});

describe('the hourly limit', () => {
  it('leaves a tenth of the calls to others, or what DERIVED_CALLS_RESERVE says', async () => {
    for (const [reserve, startedPerHour] of [
      ['', 9],
      ['4', 6],
    ] as const) {
      const world = worldOf(115, { callsPerHour: 10, originalsPerCall: 10 }, { DERIVED_CALLS_RESERVE: reserve });
      await world.publish({ command: 'deleteDerivedResources', ...ALL });

      expect(world.calls('deletePage')).toBe(startedPerHour);
      await world.settle();
      expect(left(world)).toEqual([115, 0]);
    }
  });

  it('that others have used up is waited for until the time that the answer names', async () => {
    const world = worldOf(3, { callsPerHour: 4 });
    for (let call = 0; call < 4; call += 1) world.cloudinary.quota.take();

    await world.publish({ command: 'deleteDerivedResources', ...ALL });

    const [open] = await world.open();
    expect(open).toMatchObject({ state: 'waiting', dueAt: '2026-11-22T09:00:00.000Z', waiting: { for: 'quota' } });
    expect(left(world)).toEqual([3, 6]);
    await world.settle();
    expect(left(world)).toEqual([3, 0]);
  });

  it.each<[string, number | undefined, string]>([
    ['no time: the next full hour', undefined, '2026-11-22T09:00:00.000Z'],
    ['a time that is over: soon', Date.parse('2026-11-22T07:00:00Z'), '2026-11-22T08:00:05.000Z'],
    ['a time years away: a day', Date.parse('2099-01-01T00:00:00Z'), '2026-11-23T09:00:00.000Z'],
  ])('with %s', async (_case, resetAt, dueAt) => {
    const world = createWorld(
      {},
      { derivedImages: () => ({ ...NEVER, deletePage: async () => ({ kind: 'limit', resetAt }) }) },
    );

    await world.publish({ command: 'deleteDerivedResources', ...ALL });

    expect((await world.open())[0]).toMatchObject({ dueAt });
  });
});

const unused = async () => {
  throw new Error('not called');
};
const NEVER = { deletePage: unused, listOriginals: unused, derivedOf: unused, usage: unused };

describe('a service that leads nowhere', () => {
  it('a refused cursor: starts over safely, and counts nothing twice', async () => {
    const world = worldOf(2_500, { callsPerHour: 2 }, { DERIVED_CALLS_RESERVE: '0' });
    await world.publish({ command: 'deleteDerivedResources', ...ALL });
    world.cloudinary.forgetCursors();
    await world.settle();

    expect(world.events(DERIVED)[0]?.data).toMatchObject({ outcome: 'succeeded', counts: { derived: 5_000 } });
    expect(left(world)).toEqual([2_500, 0]);
  });

  it.each<[string, DerivedImages['deletePage'], string]>([
    ['a cursor that is always refused', async () => ({ kind: 'cursorRefused' as const }), 'cursor-refused'],
    [
      'the same cursor again and again',
      async () => answer({ resources: [], partial: true, cursor: 'same' }),
      'no-progress',
    ],
    ['more to do, and not where', async () => answer({ resources: [], partial: true }), 'no-progress'],
    [
      'originals that went although they were to be kept',
      async () =>
        answer({
          resources: [{ publicId: 'a', status: 'deleted', originals: 1, derived: 0 }],
          partial: true,
          cursor: 'x',
        }),
      'originals-deleted',
    ],
  ])('%s: it stops and says so', async (_case, deletePage, code) => {
    const world = createWorld({}, { derivedImages: () => ({ ...NEVER, deletePage }) });

    expect(await deleteDerived(world, ALL)).toMatchObject({ outcome: 'partial', problems: [{ code }] });
  });

  it('ids that the answer does not name have failed', async () => {
    const deletePage = async () =>
      answer({ resources: [{ publicId: 'a', status: 'deleted', originals: 0, derived: 3 }], partial: false });
    const world = createWorld({}, { derivedImages: () => ({ ...NEVER, deletePage }) });

    const event = await deleteDerived(world, { select: { publicIds: ['a', 'b', 'b'] }, keepOriginal: true });

    expect(event).toMatchObject({ outcome: 'partial', counts: { derived: 3, failed: 1 } });
    expect(JSON.parse(world.text(event.files.report)).resources).toMatchObject([{ publicId: 'a' }, { publicId: 'b' }]);
  });

  it('one batch that is refused for good leaves the others alone', async () => {
    const world = worldOf(150);
    const error = new ServiceError('Cloudinary.DeleteResources', 'INVALID_ARGUMENT', 'no');
    world.failCall('deletePage', error);

    const event = await deleteDerived(world, { select: { publicIds: [...ids(150)] }, keepOriginal: true });

    expect(event).toMatchObject({ outcome: 'partial', counts: { derived: 100, failed: 100 } });
  });
});

function answer(value: DerivedPage): DerivedAnswer<DerivedPage> {
  return { kind: 'answer', value };
}

it('says where the service does not count what it deleted', async () => {
  const deletePage = async () =>
    answer({
      resources: [{ publicId: 'a', status: 'deleted', originals: 0, derived: 0, uncounted: true }],
      partial: false,
    });
  const world = createWorld({}, { derivedImages: () => ({ ...NEVER, deletePage }) });

  expect(await deleteDerived(world, ALL)).toMatchObject({
    outcome: 'succeeded',
    problems: [{ code: 'count-incomplete', message: expect.stringContaining('of 1 originals') }],
  });
});
