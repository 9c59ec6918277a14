import { imageLine } from './imageLine';
import { type LocalSystem, startLocalSystem } from './localSystem';
import { peakMegabytes } from './peakMegabytes';

jest.setTimeout(180_000);

const LINES = 100_000;
const BAD_EVERY = 2_702;

describe('a file of 100,000 lines', () => {
  let system: LocalSystem;

  beforeAll(async () => {
    system = await startLocalSystem({ LOCAL_OPERATION_SECONDS: '1', LOCAL_TICK_SECONDS: '0.5' });
  });

  afterAll(() => system.stop());

  it('becomes five imports and one event, every line accounted for, in functions of less than 256 MB', async () => {
    const uri = await system.image('shared.png');
    const isBad = (n: number) => n % BAD_EVERY === 0;
    const lines = Array.from({ length: LINES }, (_, index) => {
      const n = index + 1;
      return imageLine({ uri, imageId: `i-${n}`, productId: isBad(n) ? `p/${n}` : `p-${n % 30_000}` });
    });

    const { data } = await system.events.ended(await system.drop('large.csv', lines.join('')));

    const bad = Array.from({ length: LINES }, (_, index) => index + 1).filter(isBad);
    expect(bad).toHaveLength(37);
    expect(data).toMatchObject({
      outcome: 'partial',
      counts: { lines: LINES, imported: LINES - bad.length, alreadyPresent: 0, failed: 0, skipped: bad.length },
    });
    expect(data.operations).toHaveLength(5);
    const told = (await system.text(data.files.linesCsv)).trimEnd().split('\n').slice(1);
    expect(told.map((row) => row.split(',').slice(1, 4).join(' '))).toEqual(bad.map((n) => `${n} 4 product-id`));
    expect(await system.text(data.files.retryCsv)).toBe(bad.map((n) => lines[n - 1]).join(''));
    const peaks: number[] = [];
    const { importProductSets, continueRequest } = system.functions();
    for (const { pid } of [importProductSets, continueRequest].filter((one) => one !== undefined)) {
      peaks.push(peakMegabytes(pid) ?? 0);
    }
    console.info(`peak memory of the functions: ${peaks.map(Math.round).join(' and ')} MB`);
    expect(peaks.map((peak) => peak < 256 || peak)).toEqual([true, true]);
  });
});
