import type { DerivedPage } from '../../shared/core/cloudinaryAnswer';
import { ServiceError } from '../../shared/core/errors';
import type { DerivedAnswer, DerivedImages } from '../../shared/ports';
import { DERIVED, deleteDerived, ids, left, seedOriginals, WAITING, worldOf } from './derivedWorld';
import { createWorld, STATE } from './world';

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
      const world = worldOf(2_500);

      world.crashAtCall(call);
      const data = Buffer.from(JSON.stringify({ command: 'deleteDerivedResources', ...ALL }));
      await world.deliverCommand(data, '7');
      await world.deliverCommand(data, '7');
      await world.settle();

      const event = world.events(DERIVED)[0]?.data;
      expect(new Set(world.events(DERIVED).map(({ id }) => id)).size).toBe(1);
      expect(left(world)).toEqual([2_500, 0]);
      const isSaid = event?.problems.some(({ code }) => code === 'count-incomplete') === true;
      expect({ isRight: event?.counts.derived === 5_000 || isSaid, isSaid }).toEqual({
        isRight: true,
        isSaid: UNANSWERED.includes(call) || event?.counts.derived !== 5_000,
      });
    },
  );

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
      const world = worldOf(11_500, { callsPerHour: 10 }, { DERIVED_CALLS_RESERVE: reserve });
      await world.publish({ command: 'deleteDerivedResources', ...ALL });

      expect(world.calls('deletePage')).toBe(startedPerHour);
      await world.settle();
      expect(left(world)).toEqual([11_500, 0]);
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

describe('originals', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['more than maxFiles', { select: { all: true }, maxFiles: 2 }, 'max-files'],
    ['more ids than maxFiles', { select: { publicIds: ['1', '2', '3'] }, maxFiles: 2 }, 'max-files'],
    ['a tag that others types have, too', { select: { tag: 'sale' } }, 'other-types'],
    ['transformations', { select: { all: true }, transformations: ['w_1'] }, 'invalid-value'],
  ])('do not go: %s', async (_case, command, code) => {
    const world = worldOf(3);
    seedOriginals(world, ['secret'], { type: 'private', tags: ['sale'] });

    const event = await deleteDerived(world, { keepOriginal: false, force: true, ...command });

    expect(event).toMatchObject({ outcome: 'rejected', problems: [{ code }] });
    expect(left(world)).toEqual([4, 8]);
    expect(world.calls('deletePage')).toBe(0);
  });

  it('go page by page while the answers are partial, and no others', async () => {
    const world = worldOf(2_500);
    seedOriginals(world, ['other'], { type: 'private' });

    const event = await deleteDerived(world, { select: { all: true }, keepOriginal: false, force: true });

    expect(event).toMatchObject({ outcome: 'succeeded', counts: { originals: 2_500, derived: 5_000, failed: 0 } });
    expect([world.calls('listOriginals'), world.calls('deletePage')]).toEqual([5, 3]);
    expect(left(world)).toEqual([1, 2]);
  });

  it('that came after the count are counted before they go', async () => {
    const world = worldOf(1_500);
    let listed = 0;
    const when = () => {
      listed += 1;
      if (listed === 4) seedOriginals(world, ids(10, 'late-'));
      return false;
    };
    world.failCall('deletePage', new Error('never'), {
      when: () => {
        seedOriginals(world, ids(10, 'late-'));
        return false;
      },
    });
    world.failCall('listOriginals', new Error('never'), { when });

    const event = await deleteDerived(world, {
      select: { all: true },
      keepOriginal: false,
      force: true,
      maxFiles: 1_500,
    });

    expect(event).toMatchObject({
      outcome: 'partial',
      counts: { originals: 1_000 },
      problems: [{ code: 'max-files' }],
    });
    expect(left(world)[0]).toBe(510);
  });

  it('need force in the command', async () => {
    const world = worldOf(1);
    await world.publish({ command: 'deleteDerivedResources', select: { all: true }, keepOriginal: false });

    expect(world.events()[0]?.data.problems).toMatchObject([{ code: 'required', field: 'force' }]);
    expect(left(world)).toEqual([1, 2]);
  });
});

describe('a dry run', () => {
  it.each<[string, number, Record<string, unknown>, Record<string, number>, RegExp]>([
    [
      'few, exactly',
      3,
      { select: { all: true } },
      { derived: 6, originals: 0 },
      /^6 derived images of 3 originals .* 1 calls$/,
    ],
    [
      'some transformations',
      3,
      { select: { all: true }, transformations: ['w_200'] },
      { derived: 3 },
      /^3 derived images/,
    ],
    [
      'ids, of which one is not there',
      2,
      { select: { publicIds: ['shoe-1', 'shoe-2', 'nobody'] } },
      { derived: 4, notFound: 1 },
      /^4 derived images of 2 originals/,
    ],
    [
      'many, as a bound',
      2_100,
      { select: { all: true } },
      { derived: 4_200 },
      /^at most 4200 .* up to 2100 .* 3 calls$/,
    ],
    [
      'originals, too',
      2,
      { select: { all: true }, keepOriginal: false, force: true },
      { originals: 2, derived: 4 },
      /^4 derived/,
    ],
  ])(
    'of %s says what would go and in how many calls, and deletes nothing',
    async (_case, count, command, counts, said) => {
      const world = worldOf(count);

      const event = await deleteDerived(world, { keepOriginal: true, dryRun: true, ...command });

      expect(event).toMatchObject({ outcome: 'dryRun', counts });
      expect(event.problems[0]).toMatchObject({ code: 'estimate', message: expect.stringMatching(said) });
      expect(JSON.parse(world.text(event.files.report)).wouldGo).toMatchObject({ calls: expect.any(Number) });
      expect(world.calls('deletePage')).toBe(0);
      expect(left(world)).toEqual([count, 2 * count]);
    },
  );

  it('does not wait an hour to be exact', async () => {
    const world = worldOf(15, { callsPerHour: 5 });

    const event = await deleteDerived(world, { ...ALL, dryRun: true });

    expect(event.problems[0]?.message).toMatch(/^at most 30/);
    expect(world.events(WAITING)).toEqual([]);
  });
});

describe('what a command is told', () => {
  it('without credentials: one clear sentence, and nothing is done', async () => {
    for (const command of [
      { command: 'deleteDerivedResources', ...ALL },
      {
        command: 'deleteProduct',
        productId: 'p1',
        imageFiles: 'removeUnlessUsedByProduct',
        derived: { keepOriginal: true },
      },
    ]) {
      const world = createWorld({}, { derivedImages: () => undefined });
      await world.publish(command);
      await world.settle();

      expect(world.events()).toHaveLength(1);
      expect(world.events()[0]?.data).toMatchObject({
        outcome: 'rejected',
        problems: [{ code: 'no-credentials', message: expect.stringMatching(/^There are no Cloudinary credentials/) }],
      });
    }
  });

  it.each<[Record<string, unknown>, string]>([
    [{ select: { publicIds: ['https://res.cloudinary.com/shop/image/upload/a.png'] } }, 'select.publicIds'],
    [{ select: { tag: 'sale' }, type: 'facebook' }, 'type'],
    [{ select: { prefix: ' ' } }, 'select'],
    [{ select: { all: true }, transformations: ['w_1', ' '] }, 'transformations'],
    [{ select: { all: true }, transformations: ['w_1||'] }, 'transformations'],
  ])('%j is refused before any call', async (command, field) => {
    const world = worldOf(1);

    expect(await deleteDerived(world, { keepOriginal: true, ...command })).toMatchObject({
      outcome: 'rejected',
      problems: [{ code: 'invalid-value', field }],
    });
    expect(world.cloudinary.quota.view().remaining).toBe(500);
  });

  it('ids that are not there are counted, and named', async () => {
    const world = worldOf(1);

    const event = await deleteDerived(world, { select: { publicIds: ['shoe-1', 'shoe-1.png'] }, keepOriginal: true });

    expect(event).toMatchObject({
      outcome: 'succeeded',
      counts: { derived: 2, notFound: 1, failed: 0 },
      problems: [{ code: 'not-found', message: expect.stringContaining('"shoe-1.png"'), severity: 'warning' }],
    });
  });

  it('of invalidation: that it is not confirmed', async () => {
    const world = worldOf(1);

    const event = await deleteDerived(world, { ...ALL, invalidate: true });

    expect(event.problems).toMatchObject([{ code: 'invalidation-unconfirmed', severity: 'warning' }]);
    expect(world.cloudinary.invalidations).toHaveLength(1);
  });

  it('the report lists what went, resource by resource', async () => {
    const world = worldOf(1_002);
    seedOriginals(world, ['bare'], { eager: [] });

    const event = await deleteDerived(world, { ...ALL, reason: 'new pictures' });

    const report = JSON.parse(world.text(event.files.report));
    expect(report).toMatchObject({ reason: 'new pictures', outcome: 'succeeded', counts: { derived: 2_004 } });
    expect(report.resources).toHaveLength(1_002);
    expect(report.resources[1_001]).toEqual({ publicId: 'shoe-1002', status: 'deleted', originals: 0, derived: 2 });
    expect(world.names(STATE, 'reports/')).toHaveLength(1);
  });
});
