import { bytesText, requestRow, subjectOf } from '../../shared/console/requestRow';
import type { CommandInput, RequestRecord } from '../../shared/core/request';
import { commandRecord, importRecord, NOW, STATE } from './records';

const CHECKED = {
  lines: 41_200,
  valid: 41_188,
  skipped: 12,
  productSetIds: ['shoes'],
  parts: [20_000, 20_000, 1_188],
  verdictFiles: 1,
  everyLineHasImageId: true,
  nextPart: 0,
};

function row(record: RequestRecord) {
  return requestRow(record, STATE, '1');
}

describe('an open request', () => {
  it('tells how much it has deleted at Cloudinary so far', () => {
    const { plan } = commandRecord('deleteDerivedResources', {});
    const at = plan.findIndex(({ step }) => step === 'deleteDerived');
    const record = commandRecord('deleteDerivedResources', {}, { at, counts: { originals: 0, derived: 12_000 } });

    expect(row(record).summary).toBe('deleting derived images · 12,000 derived images');
  });

  it('tells which step it is at', () => {
    const record = importRecord('a.csv', { at: 1 });

    expect(row(record)).toMatchObject({
      title: 'Import',
      what: 'a.csv',
      badge: { label: 'running', tone: 'active' },
      summary: 'checking the lines · 18 kB',
      progress: { step: 2, steps: record.plan.length },
    });
  });

  it('tells the part of a split file', () => {
    const intent = { call: 'importProductSets', at: NOW, part: 1 } as const;

    expect(row(importRecord('a.csv', { at: 3, facts: { file: CHECKED }, intent })).summary).toBe(
      'importing · part 2 of 3 · 41,188 lines · 12 skipped',
    );
  });

  it('tells how many products of all are deleted', () => {
    const survey = { products: 5, stay: 0, chunks: 1, rounds: [0], digest: '' };
    const record = commandRecord(
      'deleteProducts',
      { productIds: ['a'] },
      { facts: { survey }, counts: { products: 2 } },
    );
    record.at = record.plan.findIndex(({ step }) => step === 'deleteSurveyed');

    expect(row(record).summary).toBe('deleting products · 2 of 5 products');
  });

  it('tells how many products are compared and brought back, and of which snapshot', () => {
    const restore = {
      generation: '1',
      productSetIds: [],
      products: 2_880,
      units: 0,
      actions: 0,
      lines: 0,
      memberships: 0,
    };
    const record = commandRecord('restoreSnapshot', { snapshotUri: 'gs://s/snapshots/cmd-7/snapshot.json' });
    const at = record.plan.findIndex(({ step }) => step === 'restoreProducts');

    expect(row({ ...record, at, facts: { restore } })).toMatchObject({
      title: 'Restore snapshot',
      what: 'cmd-7',
      summary: 'bringing products back · 2,880 products',
    });
  });

  it('that waits for its operation is running', () => {
    const waiting = { for: 'operation', detail: 'Operation o is running', since: NOW, operation: 'o' } as const;

    expect(row(importRecord('a.csv', { state: 'waiting', waiting })).badge).toEqual({
      label: 'running',
      tone: 'active',
    });
  });

  it('that waits for a claim says for whom, and until when it does not look', () => {
    const waiting = {
      for: 'claim',
      detail: 'request imp-1 is changing shoes',
      since: NOW,
      blockedBy: ['imp-1'],
    } as const;
    const record = importRecord('a.csv', {
      state: 'waiting',
      waiting: { ...waiting, blockedBy: ['imp-1'] },
      dueAt: NOW,
    });

    expect(row(record)).toMatchObject({
      badge: { label: 'waiting for its turn', tone: 'waiting' },
      waiting: { detail: 'request imp-1 is changing shoes', blockedBy: ['imp-1'], until: NOW },
    });
  });

  it('past its last step is about to end', () => {
    const { plan } = importRecord();

    expect(row(importRecord('a.csv', { at: plan.length }))).toMatchObject({
      summary: 'announcing its end',
      progress: { step: plan.length, steps: plan.length },
    });
  });
});

describe('an ended request', () => {
  it.each([
    ['succeeded', 'succeeded', 'good'],
    ['partial', 'partial', 'warn'],
    ['failed', 'failed', 'bad'],
    ['rejected', 'rejected', 'bad'],
    ['cancelled', 'cancelled', 'neutral'],
    ['dryRun', 'dry run', 'neutral'],
  ] as const)('that is %s has the badge "%s"', (outcome, label, tone) => {
    expect(row(importRecord('a.csv', { state: 'ended', outcome })).badge).toEqual({ label, tone });
  });

  it('shows its counts, its first error before any warning, and no progress', () => {
    const ended = row(
      importRecord('a.csv', {
        state: 'ended',
        outcome: 'partial',
        endedAt: NOW,
        counts: { lines: 3, imported: 2, skipped: 1 },
        problems: [
          { code: 'header-skipped', message: 'a header', line: 1, severity: 'warning' },
          { code: 'labels', message: 'no value', line: 7, column: 7 },
        ],
      }),
    );

    expect(ended).toMatchObject({
      summary: '2 imported · 1 skipped',
      firstProblem: { where: 'line 7, column 7', message: 'no value' },
      problems: 2,
      endedAt: NOW,
    });
    expect(ended.progress).toBeUndefined();
  });

  it('links its files and nothing outside the state bucket', () => {
    const files = {
      retryCsv: `gs://${STATE}/reports/r/retry.csv`,
      report: `gs://${STATE}/reports/r/report.json`,
      snapshot: 'gs://elsewhere/snapshots/s/snapshot.json',
      archive: `gs://${STATE}/archive/2026-11-22/r/shoes & <b>.csv`,
    };

    expect(row(importRecord('a.csv', { files })).files).toEqual([
      { label: 'report', href: `files?uri=gs%3A%2F%2F${STATE}%2Freports%2Fr%2Freport.json` },
      { label: 'retry.csv', href: `files?uri=gs%3A%2F%2F${STATE}%2Freports%2Fr%2Fretry.csv` },
      {
        label: 'dropped file',
        href: `files?uri=gs%3A%2F%2F${STATE}%2Farchive%2F2026-11-22%2Fr%2Fshoes%20%26%20%3Cb%3E.csv`,
      },
    ]);
  });
});

it.each([
  ['deleteReferenceImage', { productId: 'p', referenceImageId: 'i' }, 'p / i'],
  ['deleteProduct', { productId: 'p' }, 'p'],
  ['deleteProducts', { productIds: ['a', 'b', 'c', 'd', 'e'] }, 'a, b, c and 2 more'],
  ['purgeProductsInProductSet', { productSetId: 's' }, 's'],
  ['purgeOrphanProducts', {}, 'products in no product set'],
  ['deleteDerivedResources', { select: { publicIds: ['a', 'b'] } }, 'a, b'],
  ['deleteDerivedResources', { select: { prefix: 'shoes/' } }, 'shoes/…'],
  ['deleteDerivedResources', { select: { tag: 'sale' } }, 'tag sale'],
  ['deleteDerivedResources', { select: { all: true }, type: 'facebook' }, 'all of type facebook'],
] as const)('says what %s is about', (request, input, text) => {
  expect(subjectOf(commandRecord(request, structuredClone(input) as CommandInput))).toBe(text);
});

it.each([
  [1, '1 byte'],
  [999, '999 bytes'],
  [18_220, '18 kB'],
  [12_340_000, '12.3 MB'],
])('tells %d bytes as "%s"', (bytes, text) => {
  expect(bytesText(bytes)).toBe(text);
});
