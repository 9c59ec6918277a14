import { gzipSync } from 'node:zlib';
import { contentOf } from '../../local/storage/content';
import { checkFile } from '../../shared/steps/checkFile';
import { stagedOriginal } from '../../shared/steps/stagedImport';
import { importRecord } from '../core/requests';
import { createWorld, STATE } from '../engine/world';
import { stepTrial } from './stepContext';

const LINE = 'gs://images/1.png,i1,s,p,apparel-v2,,,\n';

function trial(body: string | Buffer, environment: Record<string, string> = {}, outOfTime?: () => boolean) {
  const world = createWorld(environment);
  const record = importRecord();
  const { context } = stepTrial(world, record, outOfTime);
  world.storage.insertObject(stagedOriginal(context), contentOf(Buffer.from(body)), { contentType: 'text/csv' });
  return { record, context, staged: () => world.names(STATE, 'staging/') };
}

describe('a file with more blank and invalid lines than MAX_SKIPPED_LINES', () => {
  it('is refused as a whole, and what was found so far is all that is kept', async () => {
    const { record, context, staged } = trial(gzipSync(LINE + '\n'.repeat(500_000)), { MAX_SKIPPED_LINES: '15000' });
    if (record.source.from === 'intake') record.source.file.name = 'blank.csv.gz';

    expect(await checkFile(context, undefined)).toMatchObject({
      kind: 'end',
      outcome: 'rejected',
      problems: [{ code: 'file-size', message: expect.stringContaining('15000') }],
    });
    expect(record.counts).toMatchObject({ lines: 0, skipped: 0 });
    expect(staged().filter((name) => name.includes('verdicts'))).toHaveLength(1);
  });

  it('is refused, too, where only the end of the file shows it', async () => {
    const { context } = trial(`${LINE}\nx\n\n"never closed`, { MAX_SKIPPED_LINES: '3' });

    expect(await checkFile(context, undefined)).toMatchObject({
      outcome: 'rejected',
      problems: [{ code: 'file-size' }],
    });
  });

  it('is checked where it has just as many', async () => {
    const { record, context } = trial(`${LINE}\nx\n\n`, { MAX_SKIPPED_LINES: '3' });

    expect(await checkFile(context, undefined)).toEqual({ kind: 'done' });
    expect(record.counts).toMatchObject({ lines: 2, skipped: 1 });
  });
});

describe('a file that takes longer than an invocation has', () => {
  const endless = Buffer.alloc(40 * 1024 * 1024, 'x');

  it('gets a second invocation for itself, and is refused if that is not enough', async () => {
    const { context } = trial(endless, {}, () => true);

    const first = await checkFile(context, undefined);

    expect(first).toMatchObject({ kind: 'more' });
    expect(await checkFile(context, 'cursor' in first ? first.cursor : undefined)).toMatchObject({
      kind: 'end',
      outcome: 'rejected',
      problems: [{ code: 'file-size', message: expect.stringContaining('INVOCATION_SECONDS') }],
    });
  });

  it('keeps its lease meanwhile, although nothing of an endless line is written', async () => {
    const { context } = trial(endless);
    let asked = 0;
    const keepLease = async () => {
      asked += 1;
    };

    expect(await checkFile({ ...context, keepLease }, undefined)).toMatchObject({
      kind: 'end',
      outcome: 'rejected',
    });
    expect(asked).toBe(1);
  });
});
