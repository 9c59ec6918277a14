import { ServiceError } from '../../shared/core/errors';
import { DERIVED, deleteDerived, ids, left, seedOriginals, WAITING, worldOf } from './derivedWorld';
import { createWorld, STATE } from './world';

const ALL = { select: { all: true }, keepOriginal: true };

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

  it('are never called untouched where a call may have been made', async () => {
    const world = worldOf(2);
    const lost = new ServiceError('Cloudinary.DeleteResources', 'UNAVAILABLE', 'lost');
    world.failCall('deletePage', lost, { after: true });
    await world.publish({
      ...{ command: 'deleteDerivedResources', select: { all: true } },
      ...{ keepOriginal: false, force: true, maxFiles: 2 },
    });
    seedOriginals(world, ids(3, 'late-'));
    await world.settle();

    expect(world.events(DERIVED)[0]?.data).toMatchObject({ outcome: 'partial' });
    expect(left(world)).toEqual([3, 6]);
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
    [{ select: { tag: '..' } }, 'select'],
    [{ select: { all: true }, type: '..' }, 'select'],
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
