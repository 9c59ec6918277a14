import { createFingerprintTable, fingerprint } from '../../../shared/core/csv/fingerprints';

describe('createFingerprintTable', () => {
  it('finds what was added, with its values, and nothing else', () => {
    const table = createFingerprintTable(2);

    expect(table.add(['p', 'i'], [7, 4_294_967_295])).toBe(true);
    expect(table.add(['p', 'i'], [8, 8])).toBe(false);

    const entry = table.find(['p', 'i']);
    expect([table.value(entry, 0), table.value(entry, 1), table.size()]).toEqual([7, 4_294_967_295, 1]);
    expect(table.find(['pi', ''])).toBe(-1);
    expect(table.find(['p', 'i', ''])).toBe(-1);
  });

  it('takes none of 300,000 ids that look alike for another', () => {
    const table = createFingerprintTable(1);
    const keyOf = (index: number) => [`product-${index % 1_000}`, `image-${Math.floor(index / 1_000)}`];

    for (let index = 0; index < 300_000; index++) table.add(keyOf(index), [index]);

    expect(table.size()).toBe(300_000);
    for (let index = 0; index < 300_000; index += 997) expect(table.value(table.find(keyOf(index)), 0)).toBe(index);
  });
});

describe('fingerprint', () => {
  it('tells apart where one string ends and the next begins', () => {
    const all = [['ab', 'c'], ['a', 'bc'], ['abc'], ['abc', ''], ['', 'abc'], []].map((parts) => fingerprint(parts));

    expect(new Set(all).size).toBe(all.length);
  });
});
