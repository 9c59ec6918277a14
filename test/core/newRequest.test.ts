import { COUNTS } from '../../shared/core/counts';
import { commandRequest, importRequest } from '../../shared/core/newRequest';
import type { RequestKind, RequestName } from '../../shared/core/request';
import { ACCEPTED_AT, commandRecord, importRecord } from './requests';

describe('a new request', () => {
  it.each<[RequestName, RequestKind]>([
    ['importProductSets', 'import'],
    ['deleteReferenceImage', 'delete'],
    ['deleteProduct', 'delete'],
    ['deleteProducts', 'delete'],
    ['deleteProductSet', 'delete'],
    ['purgeProductsInProductSet', 'purge'],
    ['purgeOrphanProducts', 'purge'],
    ['sweepImageFiles', 'sweep'],
    ['deleteDerivedResources', 'derived'],
    ['cancelRequest', 'cancel'],
    ['restoreSnapshot', 'restore'],
  ])('%s is a %s with every count at nothing', (request, kind) => {
    const record = request === 'importProductSets' ? importRecord() : commandRecord(request);

    expect(record).toMatchObject({ version: 1, request, kind });
    expect(record.counts).toEqual(Object.fromEntries(COUNTS[kind].map((name) => [name, 0])));
  });

  it('begins at the first step, with its story begun and nothing found out', () => {
    expect(commandRecord('deleteProduct', { productId: 'p' })).toMatchObject({
      at: 0,
      state: 'running',
      acceptedAt: ACCEPTED_AT,
      startedAt: ACCEPTED_AT,
      facts: {},
      problems: [],
      operations: [],
      files: {},
      waitsAnnounced: 0,
      history: [{ at: ACCEPTED_AT, what: 'accepted' }],
    });
  });

  it('shares nothing with another one', () => {
    const [one, other] = [importRecord(), importRecord()];
    one.counts.lines = 5;
    one.problems.push({ code: 'labels', message: 'bad' });
    one.history.push({ at: ACCEPTED_AT, what: 'changed' });

    expect(other).toEqual(importRecord());
  });
});

describe('the request for a dropped file', () => {
  const file = { bucket: 'intake', name: 'us-east1/shoes.csv', generation: '7', size: 10, urgent: false };
  const digest = (change: Partial<typeof file>) =>
    importRequest({ id: 'imp-1', location: 'us-east1', file: { ...file, ...change }, now: ACCEPTED_AT }).digest;

  it('keeps what was dropped and where it goes', () => {
    expect(importRequest({ id: 'imp-1', location: 'us-east1', file, now: ACCEPTED_AT })).toMatchObject({
      id: 'imp-1',
      location: 'us-east1',
      dryRun: false,
      source: { from: 'intake', file },
    });
  });

  it('has a digest that tells one generation of one object from any other', () => {
    const digests = [{}, { bucket: 'other' }, { name: 'shoes.csv' }, { generation: '8' }].map(digest);

    expect(new Set(digests).size).toBe(4);
    expect(digest({ size: 11 })).toBe(digest({}));
  });
});

describe('the request for a command', () => {
  it('keeps message, reason and what was asked, and plans by it', () => {
    const input = { productSetId: 'shoes', notBefore: '2026-11-22T20:00:00Z', thenDeleteProductSet: true };

    const record = commandRequest({
      id: 'cmd-night',
      request: 'purgeProductsInProductSet',
      location: 'asia-east1',
      reason: 'end of season',
      dryRun: false,
      digest: 'd1',
      messageId: '42',
      publishTime: '2026-11-22T07:59:59.000Z',
      input,
      now: ACCEPTED_AT,
    });

    expect(record).toMatchObject({
      id: 'cmd-night',
      location: 'asia-east1',
      reason: 'end of season',
      digest: 'd1',
      source: { from: 'message', messageId: '42', publishTime: '2026-11-22T07:59:59.000Z', input },
    });
    expect(record.plan[0]).toEqual({ step: 'waitUntil' });
    expect(record.plan.map(({ step }) => step)).toContain('deleteProductSet');
  });

  it('has no reason where none was given', () => {
    expect(commandRecord('deleteProduct', { productId: 'p' })).not.toHaveProperty('reason');
  });
});
