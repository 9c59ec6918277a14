import { ServiceError } from '../../shared/core/errors';
import type { Page } from '../../shared/ports';
import { FIRST_PAGE, type Lists, listIntoRuns, type PagesCursor } from '../../shared/steps/listPages';
import { mergeRuns } from '../../shared/steps/sortedRuns';
import { commandRecord } from '../core/requests';
import { createWorld } from '../engine/world';
import { stepTrial } from './stepContext';

const PAGE = 3;

/** Lists of ids in pages of three; the token is how many came before. */
function lists(
  all: string[][],
  onCall: (list: number, token: string | undefined) => void = () => undefined,
): Lists<string> {
  return {
    name: 'r',
    count: all.length,
    unit: 'ids listed',
    async list(number, { pageToken }): Promise<Page<string>> {
      onCall(number, pageToken);
      const start = Number(pageToken ?? 0);
      const items = all[number]?.slice(start, start + PAGE) ?? [];
      const isLast = start + PAGE >= (all[number]?.length ?? 0);
      return { items, nextPageToken: isLast ? '' : String(start + PAGE) };
    },
    entry: (id, list) => ({ key: id, value: list }),
  };
}

function idsOf(list: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${list}-${String(index).padStart(3, '0')}`);
}

async function run(all: string[][], outOfTime: () => boolean, onCall?: (list: number, token?: string) => void) {
  const { context } = stepTrial(createWorld(), commandRecord('deleteProducts', { productIds: ['a'] }), outOfTime);
  let cursor: PagesCursor = FIRST_PAGE;
  let invocations = 0;
  for (let ended = false; !ended; invocations += 1) {
    try {
      const result = await listIntoRuns(context, structuredClone(cursor), lists(all, onCall));
      ({ cursor, ended } = result);
    } catch {
      cursor = (context.record.cursor as PagesCursor | undefined) ?? FIRST_PAGE;
    }
  }
  const found: string[] = [];
  for await (const { key } of mergeRuns(context, 'r', cursor.runs)) if (found.at(-1) !== key) found.push(key);
  return { found, invocations, cursor };
}

describe('reading lists page by page', () => {
  const all = Array.from({ length: 40 }, (_, list) => idsOf(list, list));

  it('reads every list to its end, many at a time', async () => {
    const { found, invocations } = await run(all, () => false);

    expect(found).toEqual(all.flat().sort());
    expect(invocations).toBe(1);
  });

  it('says when the last pages were asked for, not when their answers came', async () => {
    const world = createWorld();
    const { context } = stepTrial(world, commandRecord('deleteProducts', { productIds: ['a'] }));
    context.record.lease = { nonce: 'mine', until: new Date(world.clock.now() + 600_000).toISOString() };
    const asked: string[] = [];
    const slow = lists([idsOf(1, 2 * PAGE)], () => {
      asked.push(new Date(world.clock.now()).toISOString());
      world.pass(60_000);
    });

    const { cursor } = await listIntoRuns(context, FIRST_PAGE, slow);

    expect(asked).toHaveLength(2);
    expect(cursor.askedAt).toBe(asked[1]);
    expect(cursor.askedBy).toBe('mine');
  });

  it('goes on in another invocation after every page, and reads none twice', async () => {
    const calls: string[] = [];

    const { found, invocations } = await run(
      all,
      () => true,
      (list, token) => calls.push(`${list} ${token}`),
    );

    expect(found).toEqual(all.flat().sort());
    expect(invocations).toBeGreaterThan(10);
    expect(new Set(calls).size).toBe(calls.length);
  });

  it('keeps what it has read before a fault', async () => {
    let calls = 0;

    const { found } = await run(
      all,
      () => false,
      () => {
        calls += 1;
        if (calls % 50 === 0) throw new ServiceError('ProductSearch.ListProducts', 'RESOURCE_EXHAUSTED', 'slower');
      },
    );

    expect(found).toEqual(all.flat().sort());
    expect(calls).toBeLessThan(2 * all.reduce((sum, ids) => sum + Math.max(1, Math.ceil(ids.length / PAGE)), 0));
  });

  it('begins a list anew whose token the service does not take any more', async () => {
    let refused = 0;

    const { found } = await run(
      [idsOf(0, 10)],
      () => true,
      (_list, token) => {
        if (token !== '6' || refused > 0) return;
        refused += 1;
        throw new ServiceError('ProductSearch.ListProducts', 'INVALID_ARGUMENT', 'The page token is invalid.');
      },
    );

    expect(refused).toBe(1);
    expect(found).toEqual(idsOf(0, 10));
  });
});
