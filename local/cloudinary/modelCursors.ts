/** Opaque cursors of paged calls: each stands for one question and a place in its order. */
import type { Entropy } from '../../shared/ports';
import { badRequest } from './modelErrors';

export interface Cursors {
  /** Where a page of this question begins: after 0 without a cursor. Throws 400 for one of another question. */
  open(question: string, cursor: string | undefined): number;
  next(question: string, after: number): string;
  /** Every cursor that was given so far is refused from now on. */
  forget(): void;
}

export function createCursors(entropy: Entropy): Cursors {
  const places = new Map<string, { question: string; after: number }>();
  return {
    open(question, cursor) {
      if (cursor === undefined) return 0;
      const place = places.get(cursor);
      if (place?.question !== question) throw badRequest('Invalid value for parameter next_cursor');
      return place.after;
    },
    next(question, after) {
      const cursor = entropy.nonce();
      places.set(cursor, { question, after });
      return cursor;
    },
    forget() {
      places.clear();
    },
  };
}
