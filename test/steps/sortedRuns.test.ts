import { joinByKey } from '../../shared/steps/joinByKey';
import { addRun, type Entry, mergeRuns, mergeSorted, NO_RUNS } from '../../shared/steps/sortedRuns';
import { commandRecord } from '../core/requests';
import { createWorld } from '../engine/world';
import { stepTrial } from './stepContext';

function trial() {
  return stepTrial(createWorld(), commandRecord('deleteProducts', { productIds: ['a'] })).context;
}

async function* from<T>(...values: T[]): AsyncGenerator<T> {
  yield* values;
}

async function listed<T>(values: AsyncGenerator<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of values) all.push(value);
  return all;
}

const entry = (key: string, value: unknown = null): Entry => ({ key, value });

describe('sorted runs', () => {
  it('give everything back by key, whatever the separators and emoji in it', async () => {
    const context = trial();
    const first = await addRun(context, 'r', NO_RUNS, [
      entry('b', 'line\u2028break'),
      entry('a', '\n'),
      entry('😀', 1),
    ]);
    const runs = await addRun(context, 'r', first, [entry('c'), entry('a', 'again')]);

    const all = await listed(mergeRuns(context, 'r', runs));

    expect(all).toEqual([
      entry('a', '\n'),
      entry('a', 'again'),
      entry('b', 'line\u2028break'),
      entry('c'),
      entry('😀', 1),
    ]);
  });

  it('are never taken for empty where one is missing', async () => {
    const context = trial();
    await addRun(context, 'r', NO_RUNS, [entry('a')]);

    await expect(listed(mergeRuns(context, 'r', [2]))).rejects.toThrow('r-0-00002.jsonl is missing');
  });

  it('become one of the next level, sixteen by sixteen, so that few files are open at a time', async () => {
    const context = trial();
    let runs = NO_RUNS;

    for (let run = 0; run < 300; run += 1) {
      runs = await addRun(context, 'r', runs, [entry(`x${String((run * 7) % 300).padStart(3, '0')}`, run)]);
    }

    const all = await listed(mergeRuns(context, 'r', runs));
    expect(runs).toEqual([300 % 16, Math.floor(300 / 16) % 16, 1]);
    expect(all.map(({ key }) => key)).toEqual(
      Array.from({ length: 300 }, (_, index) => `x${String(index).padStart(3, '0')}`),
    );
  });

  it('are closed where nobody reads on', async () => {
    let closed = 0;
    async function* source() {
      try {
        yield 1;
        yield 2;
      } finally {
        closed += 1;
      }
    }

    for await (const _value of mergeSorted([source(), source()], (a, b) => a - b)) break;

    expect(closed).toBe(2);
  });
});

describe('a join', () => {
  it('has each key once, with what the others say of it', async () => {
    const joined = joinByKey(
      from(entry('a', 1), entry('a', 2), entry('c', 3), entry('d', 4)),
      from(entry('a', 'x'), entry('a', 'x'), entry('a', 'y'), entry('b', 'z'), entry('d', 'w')),
      from(entry('b', 'known'), entry('c', 'known')),
    );

    expect(await listed(joined)).toEqual([
      { key: 'a', value: 1, second: ['x', 'y'], known: null },
      { key: 'c', value: 3, second: [], known: entry('c', 'known') },
      { key: 'd', value: 4, second: ['w'], known: null },
    ]);
  });
});
