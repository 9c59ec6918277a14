import { createFileChecker } from '../../../shared/core/csv/fileChecker';
import { checkedCsv } from './checkedCsv';

const GOOD = 'gs://images/a.png,i1,s1,p1,general-v1,,,\n';
const numbered = (count: number) => Array.from({ length: count }, (_, index) => GOOD.replace('i1', `i${index}`));

describe('createFileChecker', () => {
  it('lets the memory of a chunk be used again', () => {
    const file = Buffer.from(`${numbered(50).join('')}${GOOD.replace('i1', '').repeat(2)}broken\n`);
    const chunk = Buffer.alloc(77);
    const checker = createFileChecker();
    const verdicts = [];

    for (let at = 0; at < file.length; at += chunk.length) {
      const bytes = file.copy(chunk, 0, at);
      verdicts.push(...checker.push(chunk.subarray(0, bytes)));
      chunk.fill('"');
    }

    expect([...verdicts, ...checker.end().verdicts]).toEqual(checkedCsv(file).verdicts);
  });

  it('gives a verdict as soon as its line has ended', () => {
    const checker = createFileChecker();

    expect(checker.push(Buffer.from(GOOD.slice(0, -1)))).toEqual([]);
    expect(checker.push(Buffer.from('\n'))).toMatchObject([{ kind: 'valid', line: 1, imageId: 'i1' }]);
    expect(checker.push(Buffer.from(`${GOOD}gs://`))).toMatchObject([{ kind: 'invalid', line: 2 }]);
    expect(checker.end().verdicts).toMatchObject([{ kind: 'invalid', line: 3 }]);
  });

  it('tells the sets by name up to 10,000 of them, and counts them all', () => {
    const file = numbered(10_050).map((line, index) => line.replace('s1', `s${index}`).replace('p1', `p${index}`));

    const { totals } = checkedCsv(file.join(''));

    expect([totals.valid, totals.productSetCount, totals.productCount]).toEqual([10_050, 10_050, 10_050]);
    expect(totals.productSetIds.size).toBe(10_000);
    expect(totals.productSetIds.has('s9999')).toBe(true);
  });

  it('keeps apart what is alike: ids, products and places that share their beginning or their end', () => {
    const ids = ['a', 'aa', 'aaa', 'aaaa', 'aaaaa', 'aaaaaaaa', 'baaaaaaa', 'aaaabaaa', 'aaaaaaab', 'ab', 'ba'];
    const lines = ids.flatMap((product) => ids.map((id) => `gs://images/${id},${id},s,${product},general-v1,,,\n`));

    expect(checkedCsv(lines.join('')).totals).toMatchObject({
      valid: ids.length ** 2,
      imageCount: ids.length ** 2,
      productCount: ids.length,
    });
  });

  it.each([1, 3_000, 1e15])('says the same when it expects a file of %s bytes', (expectedBytes) => {
    const chunks = [numbered(60), numbered(90)].map((lines) => Buffer.from(lines.join('')));
    const checker = createFileChecker({ expectedBytes });

    const verdicts = chunks.flatMap((chunk) => checker.push(chunk));

    expect(verdicts).toEqual(checkedCsv(Buffer.concat(chunks)).verdicts);
    expect(checker.end().totals).toMatchObject({ valid: 90, invalid: 60, imageCount: 90 });
  });
});
