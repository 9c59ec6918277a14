/** The five ways of the official library to lose data (docs/decisions/0010): none of them can be sent. */
import * as fc from 'fast-check';
import { type DerivedDeletion, deletionCall, type WireCall } from '../../shared/core/derivedDeletion';

const SAFE: DerivedDeletion = {
  resourceType: 'image',
  type: 'upload',
  select: { publicIds: ['a'] },
  keepOriginal: true,
  invalidate: false,
};

/** What a caller could pass, with no help of the compiler. */
function unsafe(change: Record<string, unknown>): DerivedDeletion {
  return { ...SAFE, ...change } as DerivedDeletion;
}

describe('a deletion that could take more than it says', () => {
  it.each<[string, Record<string, unknown>, RegExp]>([
    ['1: transformations as objects', { transformations: [{ width: 100 }] }, /transformation is empty/],
    ['1: an empty transformation', { transformations: [''] }, /transformation is empty/],
    ['1: an empty transformation among others', { transformations: ['w_1', ' '] }, /transformation is empty/],
    ['1: an empty transformation within one', { transformations: ['w_1||w_2'] }, /transformation is empty/],
    ['1: no transformation at all', { transformations: [] }, /list of transformations is empty/],
    ['1: transformations without the originals kept', { transformations: ['w_1'], keepOriginal: false }, /contradict/],
    ['2: no id', { select: { publicIds: [] } }, /list of public ids is empty/],
    ['2: an empty id', { select: { publicIds: ['a', ''] } }, /a public id is empty/],
    ['2: an empty prefix', { select: { prefix: '' } }, /the prefix is empty/],
    ['2: a prefix of blanks', { select: { prefix: '  ' } }, /the prefix is empty/],
    ['2: an empty tag', { select: { tag: '' } }, /the tag is empty/],
    ['2: nothing selected', { select: {} }, /exactly one selector/],
    ['2: two selectors', { select: { prefix: 'a', all: true } }, /exactly one selector/],
    ['2: all, but not true', { select: { all: false } }, /all must be true/],
    ['3: the flag left out', { keepOriginal: undefined }, /keepOriginal must be true or false/],
    ['3: the flag as text', { keepOriginal: 'true' }, /keepOriginal must be true or false/],
    ['an empty delivery type', { type: '' }, /delivery type is empty/],
    ['more ids than a call takes', { select: { publicIds: Array(101).fill('a') } }, /101 public ids/],
    ['a type that leads elsewhere', { type: '..' }, /part of the path/],
    ['a tag that leads elsewhere', { select: { tag: '..' } }, /part of the path/],
    ['an empty resource type', { resourceType: '' }, /resource type is empty/],
    ['an empty cursor', { cursor: '' }, /the cursor is empty/],
  ])('is never sent: %s', (_case, change, why) => {
    expect(() => deletionCall(unsafe(change))).toThrow(why);
  });

  it('4: invalidation is never dropped', () => {
    expect(deletionCall({ ...SAFE, invalidate: true }).fields).toContainEqual(['invalidate', 'true']);
    expect(deletionCall(SAFE).fields.map(([name]) => name)).not.toContain('invalidate');
  });

  it('5: a deletion leaves nothing behind that changes the next one', () => {
    const deletion = Object.freeze({ ...SAFE, transformations: Object.freeze(['w_1']) });

    expect(deletionCall(deletion)).toEqual(deletionCall(deletion));
  });

  it('whatever is passed: what is sent names something, and spares originals unless they were given up', () => {
    const text = fc.oneof(fc.string(), fc.constantFrom('', ' ', '|', '..'), {
      arbitrary: fc.constant('w_1'),
      weight: 4,
    });
    const select = fc.oneof(
      fc.record({ publicIds: fc.array(text, { maxLength: 3 }) }),
      fc.record({ prefix: text }),
      fc.record({ tag: text }),
      fc.record({ all: fc.constantFrom(true, false, undefined) }),
      fc.record({ prefix: text, tag: text }),
    );
    const deletion = fc.record(
      {
        select,
        keepOriginal: fc.constantFrom(true, true, true, false, undefined, null, 'true', 0),
        invalidate: fc.boolean(),
        transformations: fc.option(fc.array(text, { maxLength: 3 }), { nil: undefined }),
        cursor: fc.option(text, { nil: undefined }),
        type: text,
      },
      { requiredKeys: ['select', 'invalidate', 'type'] },
    );
    let sent = 0;
    fc.assert(
      fc.property(deletion, (change) => {
        let call: WireCall;
        try {
          call = deletionCall({ ...unsafe(change), keepOriginal: change.keepOriginal as boolean });
        } catch {
          return;
        }
        sent += 1;
        const given = new Map(call.fields);
        expect([...given.values()].every((value) => value.trim() !== '')).toBe(true);
        expect(given.has('keep_original')).toBe(change.keepOriginal === true);
        expect(change.keepOriginal === true || change.keepOriginal === false).toBe(true);
        if (given.has('transformations')) expect(given.get('keep_original')).toBe('true');
        expect(
          given
            .get('transformations')
            ?.split('|')
            .every((part) => part.trim() !== '') ?? true,
        ).toBe(true);
        expect(call.path.some((part) => ['', '.', '..'].includes(part))).toBe(false);
        expect(given.get('invalidate')).toBe(change.invalidate ? 'true' : undefined);
      }),
      { numRuns: 2_000, seed: 6 },
    );
    expect(sent).toBeGreaterThan(100);
  });
});
