import { createSlots } from '../../shared/ledger/slots';
import type { Ports } from '../../shared/ports';
import { createState, START } from './state';

const DAY = 24 * 3_600_000;

describe('the import slots', () => {
  it('are taken until the limit is reached, and say when the next is free', async () => {
    const { ports, config } = createState({ IMPORTS_PER_DAY: '2', IMPORT_RESERVE: '0' });
    const slots = createSlots(ports, config);
    const atFirst = await slots.view();

    const taken = [await slots.take(false), await slots.take(false), await slots.take(false)];

    expect(atFirst).toEqual({ limit: 2, reserve: 0, used: 0, nextFreeAt: START, importLines: 20_000 });
    expect(taken).toEqual(['2026-11-22T08:00', '2026-11-22T08:00', null]);
    expect(await slots.view()).toMatchObject({ used: 2, nextFreeAt: START + DAY + 60_000 + 25_000 });
  });

  it('of the reserve are free for urgent files only', async () => {
    const { ports, config } = createState({ IMPORTS_PER_DAY: '3', IMPORT_RESERVE: '1' });
    const slots = createSlots(ports, config);

    const taken = [await slots.take(false), await slots.take(false), await slots.take(false), await slots.take(true)];

    expect(taken.map((minute) => minute !== null)).toEqual([true, true, false, true]);
    expect(await slots.take(true)).toBeNull();
  });

  it('are free again a day later', async () => {
    const { ports, config, pass } = createState({ IMPORTS_PER_DAY: '1', IMPORT_RESERVE: '0' });
    const slots = createSlots(ports, config);
    await slots.take(false);

    pass((await slots.view()).nextFreeAt - START);

    expect(await slots.take(false)).toBe('2026-11-23T08:01');
  });

  it('of which one is left go to one of many that ask at once', async () => {
    const { ports, config } = createState({ IMPORTS_PER_DAY: '1', IMPORT_RESERVE: '0' });
    const slots = createSlots(ports, config);

    const taken = await Promise.all([1, 2, 3, 4].map(() => slots.take(false)));

    expect(taken.filter((minute) => minute !== null)).toHaveLength(1);
  });

  it('can be given back and taken by another', async () => {
    const { ports, config } = createState({ IMPORTS_PER_DAY: '1', IMPORT_RESERVE: '0' });
    const slots = createSlots(ports, config);
    const minute = await slots.take(false);

    await slots.giveBack(minute ?? '');

    expect(await slots.take(false)).toBe(minute);
    expect(await slots.take(false)).toBeNull();
  });

  it('are given back once, although another one was taken before that was seen', async () => {
    const state = createState({ IMPORTS_PER_DAY: '2', IMPORT_RESERVE: '0' });
    const others = createSlots(state.ports, state.config);
    const minute = (await others.take(false)) ?? '';
    let isFirst = true;
    const objects = new Proxy(state.ports.objects, {
      get(target, name) {
        const method = Reflect.get(target, name) as (...parameters: unknown[]) => Promise<unknown>;
        if (name !== 'write' || !isFirst) return method.bind(target);
        return async (...parameters: unknown[]) => {
          isFirst = false;
          await method.apply(target, parameters);
          // Another instance takes a slot before this one has read back.
          await others.take(false);
          return null;
        };
      },
    });
    const ours: Pick<Ports, 'objects' | 'clock' | 'entropy'> = { ...state.ports, objects };

    await createSlots(ours, state.config).giveBack(minute);

    expect((await others.view()).used).toBe(1);
  });
});
