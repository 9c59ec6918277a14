import fc from 'fast-check';
import {
  addWatch,
  applyLooks,
  dueSets,
  type IndexWatches,
  NO_WATCHES,
  overWatches,
  removeWatches,
} from '../../shared/core/indexWatch';
import { decideStarts, type PendingFile } from '../../shared/core/mergePolicy';
import { SIZES } from '../../shared/core/sizes';
import { HOSTILE_TEXTS } from './arbitraries';
import { LIMIT_MS, runs } from './runs';

jest.setTimeout(LIMIT_MS);

const HOUR = 3_600_000;
const { importLines } = SIZES;
const NOW = Date.parse('2026-11-22T12:00:00Z');
const pending = fc
  .array(
    fc.record({
      location: fc.constantFrom('us-west1', 'us-east1'),
      lines: fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: importLines })),
      acceptedAt: fc.integer({ min: NOW - 30 * HOUR, max: NOW }),
      urgent: fc.boolean(),
    }),
    { maxLength: 40 },
  )
  .map((files) => files.map((file, index) => ({ ...file, id: `f${index}` })));
const slots = fc.tuple(fc.integer({ min: 1, max: 120 }), fc.nat(120), fc.nat(130)).map(([limit, reserve, used]) => ({
  limit,
  reserve: Math.min(reserve, limit - 1),
  used,
  nextFreeAt: NOW + HOUR,
  importLines,
}));

describe('the start of imports', () => {
  it('keeps to slots, reserve, lines and locations, and speaks of every file once', () => {
    fc.assert(
      fc.property(pending, slots, (files, view) => {
        const { start, startAt } = decideStarts(files, view, NOW);
        const byId = new Map(files.map((file) => [file.id, file]));
        const groups = start.map((ids) => ids.flatMap((id) => byId.get(id) ?? []));
        const normal = groups.filter(([first]) => first?.urgent === false);

        expect([...start.flat(), ...startAt.keys()].sort()).toEqual(files.map(({ id }) => id).sort());
        expect(groups.length).toBeLessThanOrEqual(Math.max(0, view.limit - view.used));
        if (normal.length > 0) expect(groups.length).toBeLessThanOrEqual(view.limit - view.used - view.reserve);
        for (const group of groups) {
          expect(group.reduce((sum, { lines }) => sum + lines, 0)).toBeLessThanOrEqual(importLines);
          expect(new Set(group.map(({ location, urgent }) => `${location} ${urgent}`)).size).toBe(1);
        }
      }),
      runs(1_500),
    );
  });

  it('is never later than half a day where a slot is left, and urgent files come first', () => {
    fc.assert(
      fc.property(pending, slots, (files, view) => {
        const { start, startAt } = decideStarts(files, view, NOW);
        const left = view.limit - view.used - start.length;
        const isLate = (file: PendingFile) => (startAt.get(file.id) ?? 0) > Math.max(NOW, file.acceptedAt + 12 * HOUR);
        if (left > view.reserve) expect(files.filter(isLate)).toEqual([]);
        const isHeld = files.some(({ id, urgent }) => urgent && startAt.has(id));
        if (isHeld)
          expect(start.flat().filter((id) => files.find((file) => file.id === id)?.urgent === false)).toEqual([]);
        for (const at of startAt.values()) expect(Number.isFinite(at)).toBe(true);
      }),
      runs(1_500),
    );
  });
});

describe('an index watch', () => {
  it('ends for sets of any names, each looked at within the hour and kept through JSON', () => {
    const names = fc.uniqueArray(fc.constantFrom(...HOSTILE_TEXTS, 'toString', 'valueOf'), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(names, (pendingSets) => {
        const changedAt = new Date(NOW).toISOString();
        const watch = { requestId: 'r', request: 'x', acceptedAt: changedAt, changedAt, pending: pendingSets };
        let watches: IndexWatches = addWatch(NO_WATCHES, { ...watch, indexed: [], problems: [] });
        const seen: string[] = [];
        for (let hour = 1; hour <= 3 && watches.watches.length > 0; hour += 1) {
          watches = JSON.parse(JSON.stringify(watches)) as IndexWatches;
          const due = dueSets(watches, NOW + hour * HOUR, HOUR);
          expect(due).toEqual(watches.watches.flatMap((one) => one.pending));
          const indexTime = new Date(NOW + (hour - 2) * HOUR + 1).toISOString();
          const after = applyLooks(watches, new Map(due.map((id) => [id, { indexTime }])), NOW + hour * HOUR);
          const ended = overWatches(after, NOW + hour * HOUR);
          seen.push(...ended.flatMap(({ indexed }) => indexed.map(({ productSetId }) => productSetId)));
          watches = removeWatches(after, new Set(ended.map(({ requestId }) => requestId)));
          expect(dueSets(watches, NOW + hour * HOUR + 1, HOUR)).toEqual([]);
        }
        expect(seen).toEqual(pendingSets);
      }),
      runs(200),
    );
  });
});
