import { mapAtOnce } from '../../shared/steps/atOnce';

function later(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

describe('doing the same for many at once', () => {
  it('gives the results in the order of the values', async () => {
    const results = await mapAtOnce([3, 1, 2], async (n) => {
      await later(n);
      return n * 10;
    });

    expect(results).toEqual([30, 10, 20]);
  });

  it('throws the first fault only when nothing is on its way any more, and begins nothing after it', async () => {
    const begun: number[] = [];
    let onTheirWay = 0;
    const values = Array.from({ length: 100 }, (_, n) => n);

    const fault = await mapAtOnce(values, async (n) => {
      begun.push(n);
      onTheirWay += 1;
      await later(n === 0 ? 1 : 20);
      onTheirWay -= 1;
      throw new Error(`fault ${n}`);
    }).catch((error: unknown) => error);

    expect(fault).toEqual(new Error('fault 0'));
    expect(onTheirWay).toBe(0);
    expect(begun.length).toBeLessThan(30);
  });
});
