import { COMMAND_NAMES, commandDigest, parseCommand } from '../../shared/core/command';

function parse(fields: unknown) {
  return parseCommand(Buffer.from(typeof fields === 'string' ? fields : JSON.stringify(fields)));
}

function problemsOf(fields: unknown): string[] {
  const parsed = parse(fields);
  return parsed.ok ? [] : parsed.problems.map((problem) => `${problem.code} ${problem.field}`);
}

function messagesOf(fields: unknown): string {
  const parsed = parse(fields);
  return parsed.ok ? '' : parsed.problems.map((problem) => problem.message).join('\n');
}

function commandOf(fields: unknown) {
  const parsed = parse(fields);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.command;
}

describe('a command that is in order', () => {
  it('comes with the defaults of the contract', () => {
    expect(commandOf({ command: 'deleteProduct', productId: 'p1' })).toEqual({
      command: 'deleteProduct',
      productId: 'p1',
      imageFiles: 'keep',
      dryRun: false,
    });
    expect(commandOf({ command: 'purgeProductsInProductSet', productSetId: 's', force: true })).toMatchObject({
      sharedProducts: 'refuse',
      snapshot: true,
      thenDeleteProductSet: false,
    });
  });

  it('has its location by the name that Google gives it', () => {
    const command = commandOf({ command: 'deleteProductSet', productSetId: 's', location: 'eu-west1' });

    expect(command.location).toBe('europe-west1');
  });

  it('names each product once, in the order in which they were given', () => {
    expect(commandOf({ command: 'deleteProducts', productIds: ['b', 'a', 'b'] })).toMatchObject({
      productIds: ['b', 'a'],
    });
  });

  it.each([
    { command: 'deleteReferenceImage', productId: 'p', referenceImageId: 'i', imageFiles: 'removeUnlessUsedByProduct' },
    { command: 'deleteProducts', productIds: Array.from({ length: 1_000 }, (_, index) => `p${index}`), maxProducts: 5 },
    { command: 'deleteProducts', where: { labels: { color: 'red' }, idPrefix: 'a ' }, dryRun: true },
    { command: 'deleteProducts', listUri: 'gs://intake/list.txt', force: true },
    {
      command: 'deleteProductSet',
      productSetId: 's',
      reason: 'x'.repeat(1_000),
      notBefore: '2026-12-01T00:00:00+01:00',
    },
    { command: 'purgeOrphanProducts', force: true, maxProducts: 1_000_000, requestId: 'night-7' },
    { command: 'purgeOrphanProducts', dryRun: true },
    { command: 'restoreSnapshot', snapshot: 'gs://product-search-state/snapshots/cmd-x/snapshot.json' },
    { command: 'sweepImageFiles', force: true, prefix: 'gs://images/shop/' },
    { command: 'deleteDerivedResources', select: { all: true }, keepOriginal: true, transformations: ['w_100'] },
    { command: 'cancelRequest', cancels: 'cmd-x', force: true },
  ])('is taken: $command', (fields) => {
    expect(problemsOf(fields)).toEqual([]);
  });
});

describe('a message that is no command', () => {
  it.each([
    ['', 'not-json data'],
    ['nonsense', 'not-json data'],
    ['{"command":"deleteProduct",}', 'not-json data'],
    ['[]', 'not-an-object data'],
    ['null', 'not-an-object data'],
    ['"deleteProduct"', 'not-an-object data'],
    ['{}', 'required command'],
    ['{"command":7}', 'wrong-type command'],
    ['{"command":"toString"}', 'unknown-command command'],
    ['{"command":"__proto__"}', 'unknown-command command'],
  ])('is refused: %s', (text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });

  it('is refused where its bytes are no UTF-8, and where it is too large', () => {
    expect(parseCommand(Buffer.from([0x7b, 0xff, 0x7d]))).toMatchObject({
      ok: false,
      problems: [{ code: 'not-json' }],
    });
    expect(parseCommand(Buffer.alloc(5_000_000, ' '))).toMatchObject({ ok: false, problems: [{ code: 'too-large' }] });
    expect(parseCommand(Buffer.from('{}'), { maxBytes: 1 })).toMatchObject({ problems: [{ code: 'too-large' }] });
  });

  it('is refused where it can be read in two ways', () => {
    expect(problemsOf('{"command":"deleteProduct","productId":"a","productId":"b"}')).toEqual([
      'duplicate-field productId',
    ]);
    expect(problemsOf('{"command":"deleteProduct","productId":"a","\\u0070roductId":"b"}')).toEqual([
      'duplicate-field productId',
    ]);
    expect(
      problemsOf('{"command":"deleteProducts","dryRun":true,"where":{"labels":{"__proto__":"x","a":"b"}}}'),
    ).toEqual(['unknown-field __proto__']);
  });

  it('is refused by nesting that nobody writes, without a fall', () => {
    expect(
      problemsOf(`{"command":"deleteProduct","productId":${'['.repeat(200_000)}${']'.repeat(200_000)}}`),
    ).toHaveLength(1);
  });
});

describe('a field that is wrong', () => {
  it.each([
    [{ command: 'deleteProduct' }, ['required productId']],
    [{ command: 'deleteProduct', productId: null }, ['wrong-type productId']],
    [{ command: 'deleteProduct', productId: '' }, ['invalid-value productId']],
    [{ command: 'deleteProduct', productId: 'a/b' }, ['invalid-value productId']],
    [{ command: 'deleteProduct', productId: 'x'.repeat(129) }, ['invalid-value productId']],
    [{ command: 'deleteProduct', productId: 'a\u0007' }, ['invalid-value productId']],
    [{ command: 'deleteProduct', productId: 'p', force: true }, ['unknown-field force']],
    [{ command: 'deleteProduct', productId: 'p', imageFiles: 'remove' }, ['invalid-value imageFiles']],
    [{ command: 'deleteProduct', productId: 'p', dryRun: 'true' }, ['wrong-type dryRun']],
    [{ command: 'deleteProduct', productId: 'p', location: 'us-central1' }, ['invalid-value location']],
    [{ command: 'deleteProduct', productId: 'p', requestId: 'a b' }, ['invalid-value requestId']],
    [{ command: 'deleteProduct', productId: 'p', requestId: 'x'.repeat(65) }, ['invalid-value requestId']],
    [{ command: 'deleteProduct', productId: 'p', reason: 'x'.repeat(1_001) }, ['invalid-value reason']],
    [{ command: 'deleteProduct', productId: 'p', notBefore: '2026-12-01T00:00:00' }, ['invalid-value notBefore']],
    [{ command: 'deleteProduct', productId: 'p', notBefore: '2026-02-30T00:00:00Z' }, ['invalid-value notBefore']],
    [{ command: 'deleteProduct', productId: 'p', derived: {} }, ['required derived.keepOriginal']],
    [{ command: 'deleteProducts' }, ['required productIds']],
    [{ command: 'deleteProducts', productIds: [] }, ['invalid-value productIds']],
    [{ command: 'deleteProducts', productIds: Array(1_001).fill('p') }, ['invalid-value productIds']],
    [
      { command: 'deleteProducts', productIds: ['a', 'b/c', 3] },
      ['invalid-value productIds[1]', 'wrong-type productIds[2]'],
    ],
    [{ command: 'deleteProducts', productIds: ['a'], where: { idPrefix: 'b' }, force: true }, ['invalid-value where']],
    [{ command: 'deleteProducts', where: { idPrefix: 'b' } }, ['required force']],
    [{ command: 'deleteProducts', where: {}, force: true }, ['required where']],
    [{ command: 'deleteProducts', where: { labels: {} }, force: true }, ['invalid-value where.labels']],
    [{ command: 'deleteProducts', where: { labels: { a: 1 } }, force: true }, ['wrong-type where.labels.a']],
    [
      { command: 'deleteProducts', where: { colour: 'red' }, force: true },
      ['unknown-field where.colour', 'required where'],
    ],
    [{ command: 'purgeProductsInProductSet', productSetId: 's' }, ['required force']],
    [{ command: 'purgeProductsInProductSet', productSetId: 's', force: false }, ['invalid-value force']],
    [{ command: 'purgeProductsInProductSet', productSetId: 's', force: 'true' }, ['wrong-type force']],
    [{ command: 'purgeOrphanProducts', force: true, maxProducts: 0 }, ['invalid-value maxProducts']],
    [{ command: 'purgeOrphanProducts', force: true, maxProducts: 1.5 }, ['invalid-value maxProducts']],
    [{ command: 'purgeOrphanProducts', force: true, maxProducts: 1_000_001 }, ['invalid-value maxProducts']],
    [{ command: 'restoreSnapshot', snapshot: 'snapshots/x' }, ['invalid-value snapshot']],
    [{ command: 'deleteDerivedResources', select: { all: false }, keepOriginal: true }, ['invalid-value select.all']],
    [{ command: 'deleteDerivedResources', select: { tag: 'x' } }, ['required keepOriginal']],
    [{ command: 'deleteDerivedResources', select: { tag: 'x' }, keepOriginal: false }, ['required force']],
    [{ command: 'cancelRequest', cancels: 'x' }, ['invalid-value cancels']],
  ])('is named: %j', (fields, problems) => {
    expect(problemsOf(fields)).toEqual(problems);
  });

  it('is told with all the others at once', () => {
    const fields = { command: 'purgeOrphanProducts', maxProducts: '5', reason: 7, colour: 'red' };

    expect(problemsOf(fields).sort()).toEqual([
      'required force',
      'unknown-field colour',
      'wrong-type maxProducts',
      'wrong-type reason',
    ]);
  });

  it('is told with what would be right', () => {
    expect(messagesOf({ command: 'deleteProduct', productId: 'projects/x/locations/us-west1/products/z' })).toMatch(
      /productId is a full resource name in project "x".*bare id, such as "z"/,
    );
    expect(messagesOf({ command: 'deleteProduct', productId: 'p', imageFiles: 'remove' })).toBe(
      'imageFiles must be one of "keep", "removeUnlessUsedByProduct", "removeUnlessUsed", not the string "remove"',
    );
    expect(messagesOf({ command: 'deleteProdukt' })).toMatch(
      /"deleteProdukt" is no command; it must be one of .*deleteProduct,/,
    );
    expect(messagesOf({ command: 'deleteProduct', productId: 'p', id: 1 })).toMatch(/id is no field .*productId/);
  });

  it('never makes more than a hundred problems', () => {
    const fields = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`f${index}`, index]));

    expect(problemsOf({ command: 'deleteProduct', productId: 'p', ...fields })).toHaveLength(100);
  });
});

describe('the digest of a command', () => {
  it('does not depend on the order of fields, nor on a default being spelt out', () => {
    const one = commandOf('{"command":"deleteProduct","productId":"p","reason":"r"}');
    const other = commandOf('{"reason":"r","dryRun":false,"productId":"p","command":"deleteProduct"}');

    expect(commandDigest(one)).toMatch(/^[0-9a-f]{64}$/);
    expect(commandDigest(other)).toBe(commandDigest(one));
  });

  it('is another one for other content', () => {
    const one = commandOf({ command: 'deleteProduct', productId: 'p' });
    const other = commandOf({ command: 'deleteProduct', productId: 'p', dryRun: true });

    expect(commandDigest(other)).not.toBe(commandDigest(one));
  });
});

it('knows every command of the contract', () => {
  expect(COMMAND_NAMES).toEqual([
    'deleteReferenceImage',
    'deleteProduct',
    'deleteProducts',
    'deleteProductSet',
    'purgeProductsInProductSet',
    'purgeOrphanProducts',
    'restoreSnapshot',
    'sweepImageFiles',
    'deleteDerivedResources',
    'cancelRequest',
  ]);
});
