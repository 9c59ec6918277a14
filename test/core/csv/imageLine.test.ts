import { checkedCsv, errorsOf, importedOf, warningsOf } from './checkedCsv';

const GOOD = 'gs://images/a.png,i1,s1,p1,general-v1,,,';

describe('the same image again', () => {
  it('is legal in another product set', () => {
    expect(errorsOf(`${GOOD}\n${GOOD.replace('s1', 's2')}`)).toEqual([]);
    expect(checkedCsv(`${GOOD}\n${GOOD.replace('s1', 's2')}`).totals).toMatchObject({
      valid: 2,
      imageCount: 1,
      productCount: 1,
      productSetCount: 2,
      productSetIds: new Set(['s1', 's2']),
    });
  });

  it('is legal with the same id in another product', () => {
    expect(errorsOf(`${GOOD}\n${GOOD.replace('p1', 'p2')}`)).toEqual([]);
  });

  it.each([
    ['the same line', GOOD],
    ['another URI', GOOD.replace('a.png', 'b.png')],
    ['another URI in another set', GOOD.replace('a.png', 'b.png').replace('s1', 's2')],
    ['another polygon', `${GOOD}"0,0,300,300"`],
  ])('is a duplicate with %s', (_, second) => {
    expect(errorsOf(`${GOOD}\n${second}`)).toEqual(['2:2 image-id-duplicate']);
  });

  it('is told beside the other errors of the line', () => {
    expect(errorsOf(`${GOOD}\n${GOOD.replace('general-v1', 'x')}`)).toEqual([
      '2:2 image-id-duplicate',
      '2:5 product-category',
    ]);
  });

  it('is no duplicate of a line that is left out', () => {
    expect(errorsOf(`${GOOD.replace('general-v1', 'x')}\n${GOOD}`)).toEqual(['1:5 product-category']);
  });

  it.each([true, false])('is a duplicate without an id, too (ids assigned: %s)', (assignImageIds) => {
    const bare = GOOD.replace('i1', '');

    expect(errorsOf(`${bare}\n${bare}`, { assignImageIds })).toEqual(['2:2 image-id-duplicate']);
    expect(errorsOf(`${bare}\n${bare.replace('a.png', 'b.png')}`, { assignImageIds })).toEqual([]);
  });
});

describe('warnings', () => {
  it('tell the id that a line gets, the same one in every import', () => {
    const bare = GOOD.replace('i1', '');
    const [imported] = importedOf(bare);

    expect(warningsOf(bare)).toEqual(['1 image-id-assigned']);
    // printf '["p1","gs://images/a.png",""]' | sha256sum
    expect(imported).toBe(GOOD.replace('i1', 'auto-a60246911f75b602a0fdafef4a5af2fb'));
    expect(importedOf(bare.replace('s1', 's2'))[0]).toContain(imported?.split(',')[1]);
    expect(importedOf(bare, { assignImageIds: false })).toEqual([bare]);
    expect(warningsOf(bare, { assignImageIds: false })).toEqual([]);
  });

  it('tell a legacy category', () => {
    expect(warningsOf(GOOD.replace('general-v1', 'toys'))).toEqual(['1 legacy-category']);
  });

  it.each([
    [5, GOOD.replace('general-v1', 'toys-v2')],
    [6, GOOD.replace('v1,,', 'v1,Other,')],
    [7, GOOD.replace('v1,,,', 'v1,,a=b,')],
  ])('tell what the API will ignore in column %s', (column, second) => {
    const { verdicts } = checkedCsv(`${GOOD}\n${second.replace('i1', 'i2')}`);

    expect(verdicts[1]).toMatchObject({
      kind: 'valid',
      warnings: [{ code: 'product-conflict', line: 2, column, message: expect.stringContaining('line 1') }],
    });
  });

  it('are not given for what a later line leaves blank, but for what it gives where the first one gave nothing', () => {
    const described = GOOD.replace('v1,,,', 'v1,A,a=b,');
    const bare = GOOD.replace('i1', 'i2');

    expect(warningsOf(`${described}\n${bare}`)).toEqual([]);
    expect(warningsOf(`${bare}\n${described}`)).toEqual(['2 product-conflict']);
  });

  it('are not given for a product that is described the same way twice', () => {
    expect(
      warningsOf(
        `${GOOD.replace('v1,,,', 'v1, A ,"a=b, c=d",')}\n${GOOD.replace('v1,,,', 'v1,A,"a=b,c=d",').replace('i1', 'i2')}`,
      ),
    ).toEqual([]);
  });
});

describe('a product in many product sets', () => {
  const inSets = (count: number) =>
    Array.from({ length: count }, (_, index) => GOOD.replace('s1', `s${index + 1}`)).join('\n');

  it('is warned of once, at the line that puts it into one more than the limit', () => {
    expect(warningsOf(inSets(5))).toEqual([]);
    expect(warningsOf(inSets(8))).toEqual(['6 sets-per-product']);
    expect(checkedCsv(inSets(6)).verdicts[5]).toMatchObject({
      kind: 'valid',
      warnings: [{ code: 'sets-per-product', column: 3, message: expect.stringMatching(/"p1".*more than 5/) }],
    });
  });

  it('has a limit that can be set', () => {
    expect(warningsOf(inSets(3), { maxSetsPerProduct: 2 })).toEqual(['3 sets-per-product']);
    expect(warningsOf(inSets(100), { maxSetsPerProduct: 100 })).toEqual([]);
  });

  it('counts a product set once, however many of its images are in it', () => {
    const images = Array.from({ length: 20 }, (_, index) => GOOD.replace('i1', `i${index}`));
    const twice = [...images, ...images.map((line) => line.replace('s1', 's2'))].join('\n');

    expect(warningsOf(twice, { maxSetsPerProduct: 2 })).toEqual([]);
    expect(warningsOf(`${twice}\n${GOOD.replace('s1', 's3')}`, { maxSetsPerProduct: 2 })).toEqual([
      '41 sets-per-product',
    ]);
  });

  it('is told in the order of columns beside other warnings', () => {
    const last = GOOD.replace('i1', '').replace('s1', 's3').replace('general-v1', 'toys');

    expect(warningsOf(`${inSets(2)}\n${last}`, { maxSetsPerProduct: 2 })).toEqual([
      '3 image-id-assigned',
      '3 sets-per-product',
      '3 legacy-category',
      '3 product-conflict',
    ]);
  });
});

describe('a product set with many images', () => {
  const images = (count: number) => Array.from({ length: count }, (_, index) => GOOD.replace('i1', `i${index}`));

  it('is warned of for the file as a whole, with the number of images that it gets', () => {
    const file = [...images(12), ...images(10).map((line) => line.replace('s1', 's2'))].join('\n');

    expect(checkedCsv(file, { maxImagesPerSet: 12 }).fileWarnings).toEqual([]);
    expect(checkedCsv(file, { maxImagesPerSet: 10 }).fileWarnings).toEqual([
      {
        code: 'set-size',
        severity: 'warning',
        message: expect.stringMatching(/^product set "s1" gets 12 images from this file alone; with more than 10 /),
      },
    ]);
    expect(checkedCsv(file, { maxImagesPerSet: 10 }).fileProblems).toEqual([]);
  });

  it('has no warning for lines that are left out', () => {
    const file = [...images(10), ...images(10)].join('\n');

    expect(checkedCsv(file, { maxImagesPerSet: 10 })).toMatchObject({ fileWarnings: [], totals: { invalid: 10 } });
  });
});

describe('the line that is imported', () => {
  it.each([
    ['"gs://images/a.png","i1","s1","p1","general-v1","","",""', GOOD],
    [GOOD.replace('v1,,,', 'v1," Mug, 0.3 l ","a=b, c = d",'), GOOD.replace('v1,,,', 'v1,"Mug, 0.3 l","a=b,c=d",')],
    [GOOD.replace('v1,,', 'v1,"the ""best""",'), GOOD.replace('v1,,', 'v1,"the ""best""",')],
    [`${GOOD}" 010, 20,300 ,4 "`, `${GOOD}"10,20,300,4"`],
    [`${GOOD}"0,.5,1.,0.250"`, `${GOOD}"0.0,0.5,1.0,0.25"`],
    [`${GOOD}"0,0,1,1"`, `${GOOD}"0,0,1,1"`],
  ])('%s → %s', (dropped, imported) => {
    expect(importedOf(dropped)).toEqual([imported]);
    expect(importedOf(imported)).toEqual([imported]);
  });
});
