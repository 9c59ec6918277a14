/**
 * Which of a sweep's candidates are used, and by what. URIs are kept as 64-bit hashes, so that a million of them take some
 * 30 MB: two that collide are marked together, which may keep a file, and can never remove one. Pure.
 */
import { fingerprint } from './csv/fingerprints';
import { createFingerprintTable } from './csv/fingerprintTable';

/** What names a file; a candidate may have several. */
export const USES = { referenceImage: 1, import: 2, snapshot: 4 } as const;
export type Use = keyof typeof USES;

/** The marks as they are written down. They fit only the candidates they were made for, in the same order. */
export interface SavedMarks {
  entries: number;
  /** A byte an entry, base64. */
  uses: string;
  /** By entry, who uses it; of the first that were found only. */
  users: Record<string, string>;
}

export interface SweepMarks {
  /** Makes the URI one that can be marked. Added again it changes nothing. */
  add(uri: string): void;
  /** Marks the candidates of that URI; `user` says for people who uses it. Any other URI is passed over. */
  mark(uri: string, use: Use, user?: string): void;
  /** Of USES, added up; 0: nothing names the file. */
  usesOf(uri: string): number;
  /** Who uses it, where that was kept. */
  userOf(uri: string): string | undefined;
  save(): SavedMarks;
  /** Adds marks that were saved. Throws where they belong to other candidates. */
  restore(saved: SavedMarks): void;
}

/** Users that are kept for the report; a sweep of very many files says of the others only what kind of use it is. */
const USERS_KEPT = 10_000;
/** An object's name has at most 1,024 bytes (storage/docs/objects#naming); nothing longer is a candidate. */
const LONGEST_URI_BYTES = 2_048;

export function createSweepMarks(): SweepMarks {
  const table = createFingerprintTable(1);
  const users = new Map<number, string>();
  const bytes = Buffer.alloc(LONGEST_URI_BYTES);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);

  /** null where the URI is too long for any candidate. */
  function hashOf(uri: string) {
    // A character of a string takes at most three bytes of UTF-8.
    if (uri.length * 3 > LONGEST_URI_BYTES && Buffer.byteLength(uri) > LONGEST_URI_BYTES) return null;
    return fingerprint(view, 0, bytes.write(uri, 0));
  }

  function find(uri: string): number {
    const hash = hashOf(uri);
    return hash === null ? -1 : table.find(hash.low, hash.high);
  }

  return {
    add(uri) {
      const hash = hashOf(uri);
      if (hash === null) throw new RangeError(`${uri.slice(0, 100)}… is longer than any object's URI`);
      if (table.find(hash.low, hash.high) < 0) table.add(hash.low, hash.high);
    },
    mark(uri, use, user) {
      const entry = find(uri);
      if (entry < 0) return;
      table.set(entry, 0, table.value(entry, 0) | USES[use]);
      if (user !== undefined && users.size < USERS_KEPT && !users.has(entry)) users.set(entry, user);
    },
    usesOf(uri) {
      const entry = find(uri);
      if (entry < 0) throw new RangeError(`${uri} is no candidate`);
      return table.value(entry, 0);
    },
    userOf: (uri) => users.get(find(uri)),
    save() {
      const uses = Buffer.alloc(table.size());
      for (let entry = 0; entry < uses.length; entry++) uses[entry] = table.value(entry, 0);
      return { entries: uses.length, uses: uses.toString('base64'), users: Object.fromEntries(users) };
    },
    restore({ entries, uses, users: named }) {
      const saved = Buffer.from(uses, 'base64');
      if (entries !== table.size() || saved.length !== entries) {
        throw new Error(`marks of ${entries} candidates were saved, but there are ${table.size()}`);
      }
      for (let entry = 0; entry < entries; entry++) table.set(entry, 0, table.value(entry, 0) | (saved[entry] ?? 0));
      for (const [entry, user] of Object.entries(named)) users.set(Number(entry), user);
    },
  };
}
