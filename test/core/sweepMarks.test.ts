import { createSweepMarks, USES } from '../../shared/core/sweepMarks';

function marksOf(...uris: string[]) {
  const marks = createSweepMarks();
  for (const uri of uris) marks.add(uri);
  return marks;
}

describe('marks', () => {
  it('tell what names a candidate, and pass over everything else', () => {
    const marks = marksOf('gs://b/1.png', 'gs://b/2.png', 'gs://b/2.png');

    marks.mark('gs://b/2.png', 'snapshot', 'snapshot cmd-1');
    marks.mark('gs://b/2.png', 'referenceImage', 'product p1');
    marks.mark('gs://b/3.png', 'import');
    marks.mark(`gs://b/${'x'.repeat(5_000)}`, 'import');

    expect([marks.usesOf('gs://b/1.png'), marks.usesOf('gs://b/2.png')]).toEqual([
      0,
      USES.snapshot + USES.referenceImage,
    ]);
    expect([marks.userOf('gs://b/1.png'), marks.userOf('gs://b/2.png')]).toEqual([undefined, 'snapshot cmd-1']);
  });

  it.each(['gs://b/ä/名前.png', 'gs://b/𝒙.png', `gs://b/${'é'.repeat(500)}`, 'gs://b/a b,"c".png'])(
    'find %s again, and nothing that is only like it',
    (uri) => {
      const marks = marksOf(uri, `${uri}x`);

      marks.mark(uri, 'import');

      expect([marks.usesOf(uri), marks.usesOf(`${uri}x`)]).toEqual([USES.import, 0]);
    },
  );

  it('know no URI that is no candidate, and take none that no object can have', () => {
    const marks = marksOf('gs://b/1.png');

    expect(() => marks.usesOf('gs://b/2.png')).toThrow('gs://b/2.png is no candidate');
    expect(() => marks.add(`gs://b/${'x'.repeat(3_000)}`)).toThrow(RangeError);
  });

  it('hold for the same candidates when they are read back, together with those that came meanwhile', () => {
    const uris = Array.from({ length: 20_000 }, (_, index) => `gs://b/${index}.png`);
    const first = marksOf(...uris);
    for (const [index, uri] of uris.entries())
      if (index % 3 === 0) first.mark(uri, 'referenceImage', `product ${index}`);
    const second = marksOf(...uris);
    second.mark('gs://b/1.png', 'import');

    second.restore(JSON.parse(JSON.stringify(first.save())));

    const marked = uris.filter((uri) => second.usesOf(uri) > 0);
    expect(marked).toEqual(uris.filter((_, index) => index % 3 === 0 || index === 1));
    expect(second.userOf('gs://b/3.png')).toBe('product 3');
  });

  it('of other candidates are refused', () => {
    const saved = marksOf('gs://b/1.png').save();

    expect(() => marksOf('gs://b/1.png', 'gs://b/2.png').restore(saved)).toThrow('1 candidates were saved');
  });
});
