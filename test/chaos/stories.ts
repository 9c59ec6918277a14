/**
 * What the scripted user does, a story each. Within a story the order is such that the final state is determined,
 * whatever the system's timing; a story touches nothing of another. A new command is a line in a story.
 */
import { gzipSync } from 'node:zlib';
import type { User } from './user';

export interface Story {
  name: string;
  tell(user: User): Promise<void>;
}

const FORCE = { force: true };

async function good({ image, line, drop }: User): Promise<void> {
  const [front, back] = [await image('front'), await image('back')];
  const lines = ['a', 'b', 'c'].flatMap((product) => [
    line(front, { product, image: 'front', labels: '"color=red,size=4"' }),
    line(back, { product }),
  ]);
  await drop('all', [...lines, line(back, { product: 'a', set: 'second' })].join(''));
}

async function mended({ image, line, drop }: User): Promise<void> {
  const uri = await image('one');
  const bad = line(uri, { product: 'bad' }).replace('apparel-v2', 'shoes');
  await drop('mixed', `${line(uri, { product: 'good' })}${bad}too,few\n"${line(uri, { product: 'open' })}`);
  await drop('mended', line(uri, { product: 'bad' }));
}

async function hopeless({ id, image, line, drop, leave }: User): Promise<void> {
  const uri = await image('one');
  await Promise.all([
    drop('empty', ''),
    drop('letters', 'Dear colleague,\nplease import my shoes.\n'),
    drop('no-zip', line(uri, { product: 'never' }), { name: `${id}-no-zip.csv.gz` }),
    drop('no-image', line(`${uri}.missing`, { product: 'never' })),
    leave('notes.txt', 'no CSV'),
  ]);
}

async function duplicated({ image, line, drop }: User): Promise<void> {
  const uri = await image('one');
  const lines = ['a', 'b', 'c', 'd'].map((product) => line(uri, { product })).join('');
  await Promise.all([drop('first', lines, { eventsMore: 3 }), drop('second', lines), drop('third', lines)]);
  await drop('late', lines);
}

async function replaced({ id, image, line, put, drop }: User): Promise<void> {
  const uri = await image('one');
  const name = `${id}.csv`;
  const old = line(uri, { product: 'a' });
  const all = `${old}${line(uri, { product: 'b' })}`;
  const first = await put('first', old, { name, race: true });
  await Promise.all([first(), drop('second', all, { name })]);
  await drop('third', `${all}${line(uri, { product: 'c' })}`, { name });
}

async function packed({ id, image, line, drop }: User): Promise<void> {
  const uri = await image('one');
  const lines = ['a', 'b', 'c'].map((product) => line(uri, { product })).join('');
  await drop('packed', gzipSync(lines), { name: `urgent/${id}.csv.gz` });
}

async function deletesOne({ id, image, line, drop, command }: User): Promise<void> {
  const [front, back, own] = [await image('front'), await image('back'), await image('own')];
  const lines = ['a', 'b', 'c', 'd'].map((product) => line(front, { product, image: 'front' }));
  await drop('import', [...lines, line(back, { product: 'b', image: 'back' }), line(own, { product: 'c' })].join(''));
  const product = (name: string) => ({ command: 'deleteProduct', productId: `${id}-${name}` });
  const image1 = { command: 'deleteReferenceImage', productId: `${id}-b`, referenceImageId: 'back' };
  await Promise.all([
    command('a', product('a')),
    command('a-too', product('a')),
    command('a-thrice', product('a'), { times: 3 }),
    command('image', image1),
    command('c', { ...product('c'), imageFiles: 'removeUnlessUsedByProduct' }),
    command('dry', { ...product('d'), dryRun: true }),
    command('absent', product('nobody')),
    command('later', { ...product('nobody'), notBefore: new Date(Date.now() + 4_000).toISOString() }),
  ]);
}

async function deletesMany({ id, image, line, drop, leave, command }: User): Promise<void> {
  const uri = await image('shared');
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
  const own = await Promise.all(names.map((name) => image(name)));
  const lines = names.flatMap((product, index) => [line(uri, { product }), line(own[index] ?? uri, { product })]);
  await drop('import', lines.join(''));
  const productIds = [...names.slice(0, 4), 'nobody'].map((name) => `${id}-${name}`);
  const many = { command: 'deleteProducts', productIds };
  await command('dry', { ...many, dryRun: true });
  await Promise.all([
    command('many', { ...many, imageFiles: 'removeUnlessUsedByProduct' }, { race: true }),
    command('many-too', { ...many, imageFiles: 'removeUnlessUsedByProduct' }, { race: true }),
    command('one', { command: 'deleteProduct', productId: `${id}-e` }),
  ]);
  const listUri = await leave('list.txt', `${id}-g\n${id}-nobody\n`);
  await Promise.all([
    command('where', { command: 'deleteProducts', where: { idPrefix: `${id}-f` }, ...FORCE }),
    command('list', { command: 'deleteProducts', listUri, ...FORCE }),
  ]);
}

async function purges({ id, image, line, drop, command }: User): Promise<void> {
  const uri = await image('one');
  const lines = ['a', 'b', 'c', 'd', 'e'].map((product) => line(uri, { product }));
  const purge = { command: 'purgeProductsInProductSet', productSetId: `${id}-set` };
  await drop('import', lines.join(''));
  await Promise.all([
    command('dry', { ...purge, dryRun: true }),
    command('no-force', purge),
    command('capped', { ...purge, ...FORCE, maxProducts: 4 }),
  ]);
  const { files } = await command('purge', { ...purge, ...FORCE });
  await command('again', { ...purge, ...FORCE });
  await drop('new', lines.slice(3).join(''));
  await command('restore', { command: 'restoreSnapshot', snapshot: files.snapshot });
}

async function purgesTwiceAtOnce({ id, image, line, drop, command }: User): Promise<void> {
  const own = await image('own');
  await drop('import', ['a', 'b', 'c'].map((product) => line(own, { product })).join(''));
  const purge = { command: 'purgeProductsInProductSet', productSetId: `${id}-set`, ...FORCE };
  await Promise.all([
    command('first', { ...purge, imageFiles: 'removeUnlessUsedByProduct' }, { times: 2, race: true }),
    command('second', { ...purge, imageFiles: 'removeUnlessUsedByProduct' }, { race: true }),
  ]);
  await command('set', { ...purge, thenDeleteProductSet: true });
}

async function planned({ id, image, line, drop, command }: User): Promise<void> {
  const uri = await image('one');
  const lines = ['a', 'b', 'c'].map((product) => line(uri, { product }));
  await drop('import', [...lines, line(uri, { product: 'a', set: 'other' })].join(''));
  const purge = { command: 'purgeProductsInProductSet', productSetId: `${id}-set`, sharedProducts: 'keep' };
  const { planId } = await command('dry', { ...purge, dryRun: true });
  await command('other-plan', { ...purge, ...FORCE, planId, maxProducts: 100 });
  await command('purge', { ...purge, ...FORCE, planId });
}

async function cancels({ id, image, line, drop, publish, waits, command }: User): Promise<void> {
  const uri = await image('one');
  await drop('import', line(uri, { product: 'a' }));
  const notBefore = '2099-01-01T00:00:00Z';
  const ended = await publish('never', { command: 'deleteProduct', productId: `${id}-a`, notBefore });
  await waits('never');
  const cancel = { command: 'cancelRequest', cancels: `cmd-${id}-never` };
  await command('dry', { ...cancel, dryRun: true });
  await Promise.all([command('cancel', cancel), ended()]);
  await command('too-late', cancel);
}

async function sharesProducts({ id, image, line, drop, command }: User): Promise<void> {
  const uri = await image('one');
  const lines = ['a', 'b'].map((product) => line(uri, { product }));
  await drop('import', [...lines, line(uri, { product: 'a', set: 'other' })].join(''));
  const purge = { command: 'purgeProductsInProductSet', productSetId: `${id}-set`, ...FORCE };
  await command('refused', purge);
  const other = { command: 'deleteProductSet', productSetId: `${id}-other` };
  await Promise.all([command('other', other), command('other-too', other)]);
  await command('purge', purge);
}

async function protectedSet({ id, image, line, drop, command }: User): Promise<void> {
  const uri = await image('one');
  await drop('import', ['a', 'b'].map((product) => line(uri, { product, set: 'kept' })).join(''));
  const productSetId = `${id}-kept`;
  await Promise.all([
    command('purge', { command: 'purgeProductsInProductSet', productSetId, ...FORCE }),
    command('set', { command: 'deleteProductSet', productSetId }),
    command('products', { command: 'deleteProducts', productIds: [`${id}-a`] }),
  ]);
  await command('one', { command: 'deleteProduct', productId: `${id}-b` });
}

async function nonsense({ id, say, command }: User): Promise<void> {
  await Promise.all([
    say('text', 'delete everything'),
    say('unknown', { command: 'deleteAll' }),
    say('field', { command: 'deleteProduct', productId: `${id}-a`, force: true }),
    say('location', { command: 'deleteProduct', productId: `${id}-a`, location: 'us-west2' }),
    command('twice', { command: 'deleteProduct', productId: `${id}-a` }),
  ]);
  await say('conflict', { command: 'deleteProduct', productId: `${id}-b`, requestId: `${id}-twice` });
}

/** Stories that may run at the same time in one location. */
export const STORIES: readonly Story[] = [
  { name: 'good', tell: good },
  { name: 'duplicated', tell: duplicated },
  { name: 'deletes-one', tell: deletesOne },
  { name: 'mended', tell: mended },
  { name: 'deletes-many', tell: deletesMany },
  { name: 'hopeless', tell: hopeless },
  { name: 'purges', tell: purges },
  { name: 'replaced', tell: replaced },
  { name: 'nonsense', tell: nonsense },
  { name: 'packed', tell: packed },
  { name: 'shares', tell: sharesProducts },
  { name: 'cancels', tell: cancels },
  { name: 'planned', tell: planned },
  { name: 'protected', tell: protectedSet },
  { name: 'purges-twice', tell: purgesTwiceAtOnce },
];

/** Told again and again in a location of its own, one after the other: a purge of orphans takes every orphan. */
export const ORPHANS: Story = {
  name: 'orphans',
  async tell({ id, image, line, drop, command }) {
    const uri = await image('one');
    const lines = ['a', 'b', 'c'].map((product) => line(uri, { product, set: product === 'c' ? 'stays' : 'goes' }));
    await drop('import', lines.join(''));
    await command('set', { command: 'deleteProductSet', productSetId: `${id}-goes` });
    await command('dry', { command: 'purgeOrphanProducts', dryRun: true });
    await command('purge', { command: 'purgeOrphanProducts', ...FORCE });
  },
};

/** Globs of the sets that the system must protect while the stories are told. */
export const PROTECTED = '*-kept';
