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

  it('are not given for a product that is described the same way twice', () => {
    expect(
      warningsOf(
        `${GOOD.replace('v1,,,', 'v1, A ,"a=b, c=d",')}\n${GOOD.replace('v1,,,', 'v1,A,"a=b,c=d",').replace('i1', 'i2')}`,
      ),
    ).toEqual([]);
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
