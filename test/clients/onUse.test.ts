import { onUse } from '../../shared/clients/onUse';

interface Port {
  add(one: number, other: number): Promise<number>;
  fail(): Promise<void>;
}

function counted() {
  const loads: number[] = [];
  const port = onUse<Port>({ add: 1, fail: 1 }, async () => {
    loads.push(loads.length);
    if (loads.length === 1) throw new Error('not loaded');
    return { add: async (one, other) => one + other, fail: () => Promise.reject(new Error('failed')) };
  });
  return { port, loads };
}

describe('a client that is loaded on use', () => {
  it('is not loaded before its first call', () => {
    expect(counted().loads).toEqual([]);
  });

  it('is loaded again after a load that failed, and then once for all', async () => {
    const { port, loads } = counted();

    await expect(port.add(1, 2)).rejects.toThrow('not loaded');
    expect(await Promise.all([port.add(1, 2), port.add(2, 3)])).toEqual([3, 5]);
    await expect(port.fail()).rejects.toThrow('failed');
    expect(loads).toEqual([0, 1]);
  });

  it('has its methods as its own, so that a port made from it by spreading has them too', async () => {
    const { port } = counted();
    await port.add(0, 0).catch(() => undefined);

    expect(await { ...port }.add(1, 1)).toBe(2);
  });
});
