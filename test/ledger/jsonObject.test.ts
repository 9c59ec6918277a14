import { ServiceError } from '../../shared/core/errors';
import { readJson, updateJson } from '../../shared/ledger/jsonObject';
import type { ObjectStore } from '../../shared/ports';
import { createState, losingAnswers, START, STATE } from './state';

interface Counter {
  count: number;
  by: string[];
}

const OBJECT = { bucket: STATE, name: 'quota/test.json' };
const NONE: Counter = { count: 0, by: [] };

const countedBy = (who: string) => (counter: Counter) => ({ count: counter.count + 1, by: [...counter.by, who] });

/** Somebody else, who writes before each of the first `times` writes of this store. */
function withRival(state: ReturnType<typeof createState>, times: number): ObjectStore {
  let left = times;
  return {
    ...state.ports.objects,
    async write(...parameters) {
      left -= 1;
      if (left >= 0) await updateJson(state.ports, OBJECT, NONE, countedBy('rival'));
      return state.ports.objects.write(...parameters);
    },
  };
}

describe('a JSON object in the state bucket', () => {
  it('is empty before it is written, and afterwards what was written', async () => {
    const { ports } = createState();

    const before = await readJson(ports, OBJECT, NONE);
    const given = await updateJson(ports, OBJECT, NONE, countedBy('me'));

    expect(before).toBe(NONE);
    expect(given).toEqual({ count: 1, by: ['me'] });
    expect(await readJson(ports, OBJECT, NONE)).toEqual(given);
  });

  it.each<[string, (counter: Counter) => Counter | null]>([
    ['null', () => null],
    ['the same value', (counter) => counter],
  ])('is not written where the change gives %s', async (_case, change) => {
    const { ports } = createState();
    await updateJson(ports, OBJECT, NONE, countedBy('me'));
    const before = await ports.objects.stat(OBJECT);

    expect(await updateJson(ports, OBJECT, NONE, change)).toEqual({ count: 1, by: ['me'] });
    expect(await ports.objects.stat(OBJECT)).toEqual(before);
  });

  it('loses no change of two writers that meet', async () => {
    const state = createState();

    const given = await updateJson({ ...state.ports, objects: withRival(state, 3) }, OBJECT, NONE, countedBy('me'));

    expect(given).toEqual({ count: 4, by: ['rival', 'rival', 'rival', 'me'] });
    expect(await readJson(state.ports, OBJECT, NONE)).toEqual(given);
  });

  it('loses no change of eight writers at once', async () => {
    const { ports } = createState();
    const writers = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

    await Promise.all(writers.map((who) => updateJson(ports, OBJECT, NONE, countedBy(who))));

    const { count, by } = await readJson(ports, OBJECT, NONE);
    expect(count).toBe(8);
    expect([...by].sort()).toEqual(writers);
  });

  it('is changed once where the write had won and only its answer was lost', async () => {
    const { ports } = createState();

    const given = await updateJson({ ...ports, objects: losingAnswers(ports.objects) }, OBJECT, NONE, countedBy('me'));

    expect(given).toEqual({ count: 1, by: ['me'] });
    expect(await readJson(ports, OBJECT, NONE)).toEqual(given);
  });

  it('is given up after a dozen tries with growing pauses, as a fault that passes', async () => {
    const state = createState();
    const tried = updateJson(
      { ...state.ports, objects: withRival(state, Number.POSITIVE_INFINITY) },
      OBJECT,
      NONE,
      countedBy('me'),
    );

    await expect(tried).rejects.toMatchObject({ status: 'UNAVAILABLE', faultClass: 'transient' });
    await expect(tried).rejects.toBeInstanceOf(ServiceError);
    expect((await readJson(state.ports, OBJECT, NONE)).by).toEqual(Array(12).fill('rival'));
    expect(state.ports.clock.now() - START).toBeGreaterThan(5_000);
    expect(state.ports.clock.now() - START).toBeLessThan(25_000);
  });
});
