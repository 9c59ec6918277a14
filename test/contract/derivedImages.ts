/** The contract of `DerivedImages`: it runs on the model and on the client over HTTP. */
import type { CloudinaryModel } from '../../local/cloudinary/model';
import type { DerivedDeletion, DerivedSelector } from '../../shared/core/derivedDeletion';
import type { DerivedAnswer, DerivedImages } from '../../shared/ports';

export interface Subject {
  images: DerivedImages;
  /** An account with 10 calls an hour, of which one deletion takes 3 originals. */
  model: CloudinaryModel;
}

export const CONTRACT_LIMITS = { callsPerWindow: 10, originalsPerCall: 3 };

const IMAGE = { resourceType: 'image', type: 'upload' };

function deletion(select: DerivedSelector, change: Partial<DerivedDeletion> = {}): DerivedDeletion {
  return { ...IMAGE, select, keepOriginal: true, invalidate: false, ...change };
}

function valueFrom<T>(answer: DerivedAnswer<T>): T {
  if (answer.kind !== 'answer') throw new Error(`expected an answer, not ${answer.kind}`);
  return answer.value;
}

export function testDerivedImages(subject: () => Promise<Subject>): void {
  let images: DerivedImages;
  let model: CloudinaryModel;

  beforeEach(async () => {
    ({ images, model } = await subject());
  });

  function seed(publicIds: string[], change: { type?: string; tags?: string[] } = {}): void {
    for (const publicId of publicIds) model.upload({ ...IMAGE, publicId, eager: ['w_100', 'w_200'], ...change });
  }

  const left = () => model.usage();

  describe('DerivedImages', () => {
    it('deletes what is derived of the named ids and says what was not there', async () => {
      seed(['a', 'folder/b é&c']);

      const { resources, partial } = valueFrom(
        await images.deletePage(deletion({ publicIds: ['a', 'folder/b é&c', 'nobody'] })),
      );

      expect(partial).toBe(false);
      expect(resources).toEqual([
        { publicId: 'a', status: 'deleted', originals: 0, derived: 2 },
        { publicId: 'folder/b é&c', status: 'deleted', originals: 0, derived: 2 },
        { publicId: 'nobody', status: 'notFound', originals: 0, derived: 0 },
      ]);
      expect(left()).toMatchObject({ resources: 2, derived_resources: 0 });
    });

    it('pages by cursor through a prefix and keeps the originals', async () => {
      seed(['s/1', 's/2', 's/3', 's/4', 'other']);

      const first = valueFrom(await images.deletePage(deletion({ prefix: 's/' })));
      const second = valueFrom(await images.deletePage(deletion({ prefix: 's/' }, { cursor: first.cursor })));

      expect([first.resources.length, first.partial, second.resources.length, second.partial]).toEqual([
        3,
        true,
        1,
        false,
      ]);
      expect(second.cursor).toBeUndefined();
      expect(left()).toMatchObject({ resources: 5, derived_resources: 2 });
    });

    it('deletes by tag', async () => {
      seed(['a', 'b'], { tags: ['sale & more'] });
      seed(['c']);

      const { resources } = valueFrom(await images.deletePage(deletion({ tag: 'sale & more' })));

      expect(resources.map(({ publicId }) => publicId)).toEqual(['a', 'b']);
      expect(left()).toMatchObject({ resources: 3, derived_resources: 2 });
    });

    it('deletes all of one delivery type only', async () => {
      seed(['a']);
      seed(['b'], { type: 'facebook' });

      await images.deletePage(deletion({ all: true }, { type: 'facebook' }));

      expect(model.details({ ...IMAGE, publicId: 'a' }, {}).derived).toHaveLength(2);
      expect(model.details({ ...IMAGE, type: 'facebook', publicId: 'b' }, {}).derived).toEqual([]);
    });

    it('deletes only some transformations', async () => {
      seed(['a']);

      await images.deletePage(deletion({ publicIds: ['a'] }, { transformations: ['w_200', 'w_300'] }));

      expect(
        model.details({ ...IMAGE, publicId: 'a' }, {}).derived.map(({ transformation }) => transformation),
      ).toEqual(['w_100']);
    });

    it('deletes originals where that is asked, and asks for invalidation', async () => {
      seed(['a', 'b']);

      const { resources } = valueFrom(
        await images.deletePage(deletion({ publicIds: ['a'] }, { keepOriginal: false, invalidate: true })),
      );

      expect(resources).toEqual([{ publicId: 'a', status: 'deleted', originals: 1, derived: 2 }]);
      expect(left()).toMatchObject({ resources: 1, derived_resources: 2 });
      expect(model.invalidations.map(({ publicId }) => publicId)).toEqual(['a']);
    });

    it('gives what is left of the hour, and the limit as a value', async () => {
      const answers = [];
      for (let call = 0; call < 11; call += 1) answers.push(await images.usage());

      expect(answers[0]).toMatchObject({ kind: 'answer', limit: { limit: 10, remaining: 9 } });
      expect(answers[9]).toMatchObject({ kind: 'answer', limit: { remaining: 0 } });
      expect(answers[10]).toEqual({ kind: 'limit', resetAt: model.quota.view().resetAt });
    });

    it('has no effect where the limit is reached', async () => {
      seed(['a']);
      for (let call = 0; call < 10; call += 1) await images.usage();

      expect(await images.deletePage(deletion({ all: true }))).toMatchObject({ kind: 'limit' });
      expect(left()).toMatchObject({ resources: 1, derived_resources: 2 });
    });

    it('tells of a cursor that the service does not take', async () => {
      seed(['a']);

      const refused = { kind: 'cursorRefused' };
      expect(await images.deletePage(deletion({ all: true }, { cursor: 'f00d' }))).toEqual(refused);
      expect(
        await images.listOriginals({ ...IMAGE, select: { all: true } }, { cursor: 'f00d', maxResults: 1 }),
      ).toEqual(refused);
    });

    it('lists originals by each selector', async () => {
      seed(['a/1', 'a/2'], { tags: ['t'] });
      seed(['b'], { type: 'private', tags: ['t'] });
      const idsOf = async (select: DerivedSelector, cursor?: string) => {
        const page = valueFrom(await images.listOriginals({ ...IMAGE, select }, { cursor, maxResults: 2 }));
        return [page.originals.map(({ publicId, type }) => `${type}:${publicId}`), page.cursor] as const;
      };

      expect((await idsOf({ prefix: 'a/' }))[0]).toEqual(['upload:a/1', 'upload:a/2']);
      expect((await idsOf({ publicIds: ['a/2', 'x'] }))[0]).toEqual(['upload:a/2']);
      expect((await idsOf({ all: true }))[0]).toEqual(['upload:a/1', 'upload:a/2']);
      const [first, cursor] = await idsOf({ tag: 't' });
      expect([first, (await idsOf({ tag: 't' }, cursor))[0]]).toEqual([['upload:a/1', 'upload:a/2'], ['private:b']]);
    });

    it('lists what is derived of one original', async () => {
      seed(['folder/a']);

      expect(valueFrom(await images.derivedOf({ ...IMAGE, publicId: 'folder/a' }))).toEqual({
        transformations: ['w_100', 'w_200'],
      });
      expect(valueFrom(await images.derivedOf({ ...IMAGE, publicId: 'nobody' }))).toBeNull();
    });

    it.each<[string, Partial<DerivedDeletion>]>([
      ['an empty list of ids', { select: { publicIds: [] } }],
      ['an empty prefix', { select: { prefix: '' } }],
      ['an empty transformation', { transformations: [''] }],
    ])('refuses %s before anything is sent', async (_case, change) => {
      seed(['a']);

      await expect(images.deletePage(deletion({ all: true }, change))).rejects.toThrow(/unsafe deletion/);
      expect(model.quota.view().remaining).toBe(10);
      expect(left()).toMatchObject({ resources: 1, derived_resources: 2 });
    });
  });
}
