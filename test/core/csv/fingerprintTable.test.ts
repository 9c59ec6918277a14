import { finished } from '../../../shared/core/csv/fingerprints';
import { createFingerprintTable } from '../../../shared/core/csv/fingerprintTable';

describe('createFingerprintTable', () => {
  it('finds what was added, with its values, and nothing else', () => {
    const table = createFingerprintTable(2);

    const first = table.add(7, -7);
    const second = table.add(-1, 2_147_483_647);
    table.set(second, 1, -2_147_483_648);

    expect([first, second, table.size()]).toEqual([0, 1, 2]);
    expect([table.value(first, 0), table.value(second, 0), table.value(second, 1)]).toEqual([0, 0, -2_147_483_648]);
    expect([table.find(7, -7), table.find(-1, 2_147_483_647)]).toEqual([0, 1]);
    expect([table.find(7, 7), table.find(-1, -7), table.find(0, 0)]).toEqual([-1, -1, -1]);
  });

  it('tells keys apart that agree in the half which chooses the slot', () => {
    const table = createFingerprintTable(0);
    for (let high = 0; high < 500; high++) table.add(42, high);

    expect(table.find(42, 499)).toBe(499);
    expect(table.find(42, 500)).toBe(-1);
  });

  it('keeps everything while it grows to 300,000 entries', () => {
    const table = createFingerprintTable(1);
    for (let index = 0; index < 300_000; index++) table.set(table.add(finished(index), index), 0, index + 1);

    for (let index = 0; index < 300_000; index += 97) {
      expect(table.value(table.find(finished(index), index), 0)).toBe(index + 1);
    }
    expect(table.find(finished(300_000), 300_000)).toBe(-1);
  });

  it('keeps what it has when room is made, and goes on growing beyond what was expected', () => {
    const table = createFingerprintTable(0);
    for (let index = 0; index < 5_000; index++) {
      table.add(finished(index), index);
      if (index === 100) table.reserve(2_000);
    }

    expect([0, 100, 101, 4_999].map((index) => table.find(finished(index), index))).toEqual([0, 100, 101, 4_999]);
    expect(table.find(finished(5_000), 5_000)).toBe(-1);
  });
});
