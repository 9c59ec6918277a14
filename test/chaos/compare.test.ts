import type { SystemEvent } from '../system/collectedEvents';
import { duplicateImages } from './catalogue';
import { differences } from './compare';
import { type FinalState, settledCounts } from './finalState';
import { eventFaults } from './promises';
import { verdict } from './verdict';

const terminal = (id: string, requestId: string, outcome = 'succeeded') =>
  ({ id, type: 'product-search.import.completed.v1', data: { requestId, outcome } }) as SystemEvent;

describe('the comparison of two final states', () => {
  const compare = (a: unknown, b: unknown) => differences({ name: 'a', state: a }, { name: 'b', state: b });

  it('finds nothing between equals, whatever the order of their fields', () => {
    expect(compare({ x: [1, { y: 2 }], z: {} }, { z: {}, x: [1, { y: 2 }] })).toEqual([]);
  });

  it.each([
    ['another value', { x: { y: 1 } }, { x: { y: 2 } }, ['x › y: a 1, b 2']],
    ['one more', { x: ['p'] }, { x: ['p', 'q'] }, ['x › 1: a nothing, b "q"']],
    ['one less', { x: { p: 1, q: 1 } }, { x: { p: 1 } }, ['x › q: a 1, b nothing']],
    ['an empty list for none', { x: [], y: 1 }, { y: 1 }, ['x: a [], b nothing']],
  ])('tells of %s, with its path', (_case, a, b, expected) => {
    expect(compare(a, b)).toEqual(expected);
  });
});

describe('what must hold after any run', () => {
  it('lets an event come twice, and finds two contents of one id', () => {
    expect(eventFaults([terminal('1', 'imp-a'), terminal('1', 'imp-a')])).toEqual([]);
    expect(eventFaults([terminal('1', 'imp-a'), terminal('1', 'imp-a', 'failed')])).toEqual([
      'event 1 was published with two contents',
    ]);
  });

  it('finds a request with two terminal events', () => {
    expect(eventFaults([terminal('1', 'imp-a'), terminal('2', 'imp-b'), terminal('3', 'imp-a')])).toEqual([
      'imp-a has two terminal events',
    ]);
  });

  it('finds an image that is there twice, under two ids', () => {
    const images = { i1: { uri: 'gs://b/one' }, i2: { uri: 'gs://b/two' }, i3: { uri: 'gs://b/one' } };

    expect(duplicateImages({ productSets: {}, products: { p: { fields: {}, images } } })).toEqual(['p/i3']);
  });

  it('counts alike what was done at once and what was found done after a crash, and nothing else', () => {
    const lines = { lines: 3, failed: 0, skipped: 1 };
    const atOnce = settledCounts('import', { ...lines, imported: 2, alreadyPresent: 0 });
    const found = settledCounts('import', { ...lines, imported: 1, alreadyPresent: 1 });
    const lost = settledCounts('import', { ...lines, imported: 1, alreadyPresent: 0 });

    expect(found).toEqual(atOnce);
    expect(lost).not.toEqual(atOnce);
    expect(settledCounts('delete', { products: 1, referenceImages: 2, alreadyAbsent: 0, failed: 0 })).toEqual(
      settledCounts('delete', { products: 0, referenceImages: 0, alreadyAbsent: 1, failed: 0 }),
    );
    expect(settledCounts('delete', { products: 2, alreadyAbsent: 0, failed: 0 })).not.toEqual(
      settledCounts('delete', { products: 1, alreadyAbsent: 0, failed: 1 }),
    );
    expect(settledCounts('purge', { products: 2 })).not.toEqual(settledCounts('purge', { products: 1 }));
  });
});

describe('the verdict on a run under kills', () => {
  const state = { rejected: { a: ['b'] } } as unknown as FinalState;
  const undisturbed = { state, broken: [], kills: {}, takenOver: 0 };

  it.each([
    ['whose kills hit somebody at work', { kills: { runCommand: 15, pollOperations: 15 }, takenOver: 1 }, []],
    ['of a few kills, which may all miss', { kills: { runCommand: 19 }, takenOver: 0 }, []],
    [
      'whose many kills all missed',
      { kills: { runCommand: 10, pollOperations: 10 }, takenOver: 0 },
      ['under kills: 20 kills, and no lease was taken over: nobody was hit at work, which proves nothing'],
    ],
    ['that broke a promise', { broken: ['x'] }, ['under kills: x']],
  ])('%s', (_case, changed, faults) => {
    expect(verdict(undisturbed, { ...undisturbed, ...changed })).toEqual(faults);
  });

  it('tells of what is different, and of what broke undisturbed', () => {
    const other = { ...state, rejected: { a: ['c'] } } as unknown as FinalState;

    expect(verdict({ ...undisturbed, broken: ['y'] }, { ...undisturbed, state: other })).toEqual([
      'undisturbed: y',
      'rejected › a › 0: undisturbed "b", under kills "c"',
    ]);
  });
});
