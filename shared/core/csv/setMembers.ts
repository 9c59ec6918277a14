/** Which product sets the entries of a table are in, and since which line: nearly all are in one only. Pure. */

import { finished } from './fingerprints';
import { createFingerprintTable, type FingerprintTable } from './fingerprintTable';

export interface SetMembers {
  /** The line that put the entry into the product set; 0 where none has. */
  lineOf(entry: number, set: number): number;
  /** Puts the entry, which must not be in it, into the product set. */
  add(entry: number, set: number, line: number): void;
}

/** The values that every owner has: the line that made the entry, and its first product set, counted from 1. */
export const LINE = 0;
export const FIRST_SET = 1;

/** The first product set of an entry is kept with its owner, so that only further ones take room of their own. */
export function createSetMembers(owners: FingerprintTable): SetMembers {
  const further = createFingerprintTable(1);
  // With the set in the other half of the key, no two entries have the same key.
  const low = (entry: number, set: number) => finished(entry ^ Math.imul(set, 0x9e3779b9));
  return {
    lineOf(entry, set) {
      if (owners.value(entry, FIRST_SET) === set + 1) return owners.value(entry, LINE);
      const member = further.size() === 0 ? -1 : further.find(low(entry, set), set);
      return member < 0 ? 0 : further.value(member, 0);
    },
    add(entry, set, line) {
      if (owners.value(entry, FIRST_SET) === 0) owners.set(entry, FIRST_SET, set + 1);
      else further.set(further.add(low(entry, set), set), 0, line);
    },
  };
}
