import { checkedCsv, errorsOf, importedOf, warningsOf } from './checkedCsv';

const GOOD = 'gs://images/a.png,i1,s1,p1,general-v1,,,';

describe('lines that Google documents', () => {
  it.each([
    // The live tests and the quickstart of the API.
    'gs://bkt/i.jpg,imgid,setid,prodid,apparel,display name,"color=black,style=formal",',
    'gs://bkt/f.jpg,image0,product_set0,product_id0,apparel-v2,,"style=women,category=shoe",',
    '"gs://bkt/f.jpg","image0","set0","prod0","apparel-v2","","","0.1,0.1,0.9,0.1,0.9,0.9,0.1,0.9"',
    'gs://bkt/f.jpg,,set0,prod0,toys-v2,,"style=formal,style=mens","10,10,300,10,300,300,10,300"',
  ])('are taken: %s', (line) => {
    expect(errorsOf(line)).toEqual([]);
    expect(checkedCsv(line).totals).toMatchObject({ lines: 1, valid: 1, invalid: 0 });
  });

  it('are refused where the page itself is wrong: an unquoted polygon, columns 5 and 6 swapped', () => {
    const unquoted = 'gs://bkt/f.jpg,img001,set0,prod0,apparel-v2,tan summer bag,"color=tan",10,10,20,10,20,20,10,20';
    const swapped = 'gs://bkt/f.jpg,img001,set0,prod0,tan summer bag,apparel-v2,"color=tan","10,10,20,10,20,20,10,20"';

    expect(errorsOf(unquoted)).toEqual(['1:8 column-count']);
    expect(checkedCsv(unquoted).verdicts).toMatchObject([
      { problems: [{ message: expect.stringMatching(/15 columns.*bounding-poly is put in quotes/) }] },
    ]);
    expect(errorsOf(swapped)).toEqual(['1:5 product-category']);
    expect(checkedCsv(swapped).verdicts).toMatchObject([
      { problems: [{ message: expect.stringContaining('columns 5 and 6 seem to be swapped') }] },
    ]);
  });

  it('are refused in the older form of six columns, and without the last comma', () => {
    expect(errorsOf('gs://bkt/f.jpg,set0,prod0,apparel,"style=women",')).toEqual(['1:7 column-count']);
    expect(errorsOf('gs://bkt/f.jpg,image0,set0,prod0,apparel-v2,,"style=women"')).toEqual(['1:8 column-count']);
  });
});

describe('one line of each error', () => {
  it.each([
    ['column-count', 'a', ['1:2 column-count']],
    ['image-uri', ',i,s,p,general-v1,,,', ['1:1 image-uri']],
    ['image-uri', 'images/a.png,i,s,p,general-v1,,,', ['1:1 image-uri']],
    ['image-uri', ' gs://images/a.png,i,s,p,general-v1,,,', ['1:1 image-uri']],
    ['image-uri', 'gs://images/folder/,i,s,p,general-v1,,,', ['1:1 image-uri']],
    ['image-id', 'gs://images/a.png,a/b,s,p,general-v1,,,', ['1:2 image-id']],
    ['image-id', 'gs://images/a.png, i,s,p,general-v1,,,', ['1:2 image-id']],
    ['product-set-id', 'gs://images/a.png,i,,p,general-v1,,,', ['1:3 product-set-id']],
    ['product-id', 'gs://images/a.png,i,s,projects/p/locations/l/products/x,general-v1,,,', ['1:4 product-id']],
    ['product-category', 'gs://images/a.png,i,s,p,,,,', ['1:5 product-category']],
    ['product-category', 'gs://images/a.png,i,s,p,General-V1,,,', ['1:5 product-category']],
    ['labels', 'gs://images/a.png,i,s,p,general-v1,,red,', ['1:7 labels']],
    ['labels', 'gs://images/a.png,i,s,p,general-v1,,"a=b,",', ['1:7 labels']],
    ['labels', 'gs://images/a.png,i,s,p,general-v1,,a=,', ['1:7 labels']],
    ['labels', 'gs://images/a.png,i,s,p,general-v1,,a=b=c,', ['1:7 labels']],
    ['bounding-poly', 'gs://images/a.png,i,s,p,general-v1,,,"1,2,3"', ['1:8 bounding-poly']],
    ['bounding-poly', 'gs://images/a.png,i,s,p,general-v1,,,"0.1,0.1,300,300"', ['1:8 bounding-poly']],
    ['encoding', 'gs://images/a.png,i,s,p,general-v1,a\u0000b,,', ['1:6 encoding']],
    ['encoding', 'gs://images/a.png,i,s,p,general-v1,a\u2028b,,', ['1:6 encoding']],
    ['malformed-quotes', 'gs://images/a.png,i,s,p,general-v1,5" pan,,', ['1:6 malformed-quotes']],
    ['malformed-quotes', 'gs://images/a.png,i,s,p,general-v1,"5" pan",,', ['1:6 malformed-quotes']],
    ['malformed-quotes', 'gs://images/a.png,i,s,p,general-v1, "pan",,', ['1:6 malformed-quotes']],
    ['malformed-quotes', 'gs://images/a.png,i,s,p,general-v1,"pan ,,', ['1:6 malformed-quotes']],
  ])('%s: %j', (_, line, expected) => {
    expect(errorsOf(line)).toEqual(expected);
  });

  it('is told with all the others of its line, in the order of columns', () => {
    expect(errorsOf(`x,a/b,,..,shoes,${'n'.repeat(4_097)},a,"1"`)).toEqual([
      '1:1 image-uri',
      '1:2 image-id',
      '1:3 product-set-id',
      '1:4 product-id',
      '1:5 product-category',
      '1:6 line-length',
      '1:6 display-name',
      '1:7 labels',
      '1:8 bounding-poly',
    ]);
  });

  it('leaves the other lines of the file alone', () => {
    const file = `${GOOD}\nbroken\n${GOOD.replace('i1', 'i2')}\n`;

    expect(errorsOf(file)).toEqual(['2:2 column-count']);
    expect(checkedCsv(file).totals).toMatchObject({ lines: 3, valid: 2, invalid: 1, ignored: 0 });
  });
});

describe('the limit of 2,048 characters', () => {
  const frame = 'gs://images/a.png,i1,s1,p1,general-v1,,,';

  it('is kept by the line as it was dropped', () => {
    const fits = frame.replace('v1,,,', `v1,${'é'.repeat(2_048 - frame.length)},,`);

    expect(fits).toHaveLength(2_048);
    expect(errorsOf(fits)).toEqual([]);
    expect(errorsOf(fits.replace('é', 'ééééé'))).toEqual(['1:6 line-length']);
  });

  it('is kept by the line as it would be imported, with the id that it gets', () => {
    const bare = frame.replace('i1', '');
    const fits = bare.replace('v1,,,', `v1,${'n'.repeat(2_048 - bare.length)},,`);

    expect(errorsOf(fits, { assignImageIds: false })).toEqual([]);
    expect(errorsOf(fits)).toEqual(['1:6 line-length']);
  });

  it('holds for a line of 50 MB, of which little is kept', () => {
    const { verdicts, lines, totals } = checkedCsv(Buffer.alloc(50_000_000, 'x'), { chunkBytes: 1_000_000 });

    expect(lines[0]?.bytes.length).toBeLessThanOrEqual(64 * 1024);
    expect(totals).toMatchObject({ lines: 1, invalid: 1 });
    expect(verdicts).toMatchObject([
      { problems: [{ code: 'line-length', column: 1, message: expect.stringContaining('50000000 bytes') }] },
    ]);
  });
});

describe('a quote that is left open', () => {
  const first = 'gs://images/b.png,i2,s1,p1,general-v1,"two';

  it('is a line end in a field where the next line closes it into eight columns', () => {
    const { verdicts, totals } = checkedCsv(`${first}\nlines",,\n${GOOD}\n`);

    expect(errorsOf(`${first}\nlines",,\n${GOOD}\n`)).toEqual(['1:6 newline-in-field']);
    expect(verdicts[1]).toEqual({ kind: 'invalid', line: 2, problems: [], warnings: [], partOf: 1 });
    expect(totals).toMatchObject({ lines: 3, valid: 1, invalid: 2 });
  });

  it.each([
    ['a good line', GOOD, []],
    ['too few columns', 'lines",', ['2:1 malformed-quotes']],
    ['nothing', '', []],
    ['another field of two lines', 'gs://images/c.png,i3,s1,p1,general-v1,"x\ny",,', ['2:6 newline-in-field']],
  ])('is malformed where %s follows, and checking goes on with that', (_, next, errors) => {
    expect(errorsOf(`${first}\n${next}`)).toEqual(['1:6 malformed-quotes', ...errors]);
  });

  it('is malformed at the end of the file', () => {
    expect(errorsOf(first)).toEqual(['1:6 malformed-quotes']);
    expect(checkedCsv(first).totals).toMatchObject({ lines: 1, invalid: 1 });
  });

  it('is never joined over more than two lines', () => {
    expect(errorsOf(`${first}\nthree\nlines",,\n`)).toEqual([
      '1:6 malformed-quotes',
      '2:2 column-count',
      '3:1 malformed-quotes',
    ]);
  });

  it('keeps a CR LF file together', () => {
    expect(errorsOf(`${first}\r\nlines",,\r\n`)).toEqual(['1:6 newline-in-field']);
  });
});

describe('what is no image', () => {
  it('is skipped with a warning: header, blank lines, byte order mark', () => {
    const file = `\uFEFFimage-uri,image-id\r\n\r\n${GOOD}\r\n   \r\n`;

    expect(warningsOf(file)).toEqual([
      '1 bom-removed',
      '1 header-skipped',
      '2 blank-line-skipped',
      '4 blank-line-skipped',
    ]);
    expect(checkedCsv(file).totals).toMatchObject({ lines: 1, valid: 1, ignored: 3 });
    expect(importedOf(file)).toEqual([GOOD]);
  });

  it('is a header in line 1 only', () => {
    expect(errorsOf(`${GOOD}\nimage-uri,,,,,,,\n`)).toContain('2:1 image-uri');
    expect(errorsOf(`\n"image-uri",x\n`)).toEqual(['2:3 column-count']);
    expect(warningsOf('"image-uri",x\n')).toEqual(['1 header-skipped']);
  });

  it.each(['', '\n\n', '\uFEFF', 'image-uri\n'])('leaves an empty file: %j', (file) => {
    expect(checkedCsv(file).fileProblems).toMatchObject([{ code: 'empty-file' }]);
  });

  it('is not a row of commas, which lacks every required column', () => {
    expect(errorsOf(',,,,,,,')).toEqual([
      '1:1 image-uri',
      '1:3 product-set-id',
      '1:4 product-id',
      '1:5 product-category',
    ]);
    expect(checkedCsv(',,,,,,,').fileProblems).toEqual([]);
  });
});

describe('the encoding', () => {
  it('says which byte of a Latin-1 line is wrong and what it was meant to be', () => {
    const line = Buffer.from('gs://images/a.png,i1,s1,p1,general-v1,Caf\xe9,ma\xdf=1,', 'latin1');

    expect(errorsOf(line)).toEqual(['1:6 encoding', '1:7 encoding']);
    expect(checkedCsv(line).verdicts).toMatchObject([
      { problems: [{ message: expect.stringContaining('0xE9 (in Latin-1 it would be "é")') }, {}] },
    ]);
  });

  it('takes a replacement character that was really written', () => {
    expect(errorsOf(GOOD.replace('v1,,', 'v1,\uFFFD,'))).toEqual([]);
  });

  it.each(['utf16le', 'utf16be'])('tells %s at every line', (encoding) => {
    const bytes = Buffer.from(`\uFEFF${GOOD}\r\n${GOOD}\r\n`, 'utf16le');
    if (encoding === 'utf16be') bytes.swap16();

    const { verdicts, totals } = checkedCsv(bytes);

    expect(totals.valid).toBe(0);
    expect(verdicts[0]).toMatchObject({ problems: [{ code: 'encoding', message: expect.stringContaining('UTF-16') }] });
  });

  it('ends a line at CR LF, and leaves a CR elsewhere to the user', () => {
    expect(importedOf(`${GOOD}\r\n`)).toEqual([GOOD]);
    expect(importedOf(`${GOOD}\r`)).toEqual([GOOD]);
    expect(errorsOf(`${GOOD}\r\r\n`)).toEqual(['1:8 encoding']);
  });
});
