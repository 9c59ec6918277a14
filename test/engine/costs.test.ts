import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createWorld, type World } from './world';

/** https://cloud.google.com/storage/pricing#operations-by-class: what writes and lists (A), what reads (B). Deletes are free. */
const CLASS_A = ['write', 'copy', 'list'];
const CLASS_B = ['read', 'stat', 'openRead'];

function counted(world: World) {
  const sum = (names: string[]) => names.reduce((total, name) => total + world.calls(name), 0);
  return { a: sum(CLASS_A), b: sum(CLASS_B), messages: world.calls('publish') };
}

async function costOf(world: World, act: () => Promise<unknown>) {
  const before = counted(world);
  await act();
  const after = counted(world);
  return [after.a - before.a, after.b - before.b, after.messages - before.messages];
}

function rows(world: World, count: number): string {
  const uri = world.image('a.png');
  return Array.from({ length: count }, (_, n) => `${uri},i${n},shoes,p${n},apparel-v2,,,\n`).join('');
}

/** Class A, class B and messages of a row of the runbook's table. */
function stated(name: string): number[] {
  const runbook = readFileSync(join(__dirname, '../../docs/runbook.md'), 'utf8');
  const row = runbook.split('\n').find((line) => line.startsWith(`| ${name} |`)) ?? '';
  return row.split('|').slice(2, 5).map(Number);
}

/** Stated in round numbers: never less than it is, and not much more. */
function expectStated(name: string, cost: number[]): void {
  const figures = stated(name);
  expect(figures).toHaveLength(cost.length);
  for (const [index, figure] of figures.entries()) {
    expect(cost[index]).toBeLessThanOrEqual(figure);
    expect(cost[index]).toBeGreaterThanOrEqual(figure * 0.6);
  }
}

describe('what the runbook states as the cost of', () => {
  it('a tick that finds nothing to do is what it makes', async () => {
    const world = createWorld();
    expectStated('a tick that finds nothing', await costOf(world, () => world.fire()));
  });

  it('an import of 100 lines is what it makes, its ticks included', async () => {
    const world = createWorld();
    const cost = costOf(world, async () => {
      await world.drop('shoes.csv', rows(world, 100));
      await world.settle();
    });
    expectStated('an import of 100 lines', await cost);
  });

  it('a delete is what it makes', async () => {
    const world = createWorld();
    await world.drop('shoes.csv', rows(world, 1));
    await world.settle();
    const cost = costOf(world, () => world.publish({ command: 'deleteProduct', productId: 'p0', requestId: 'd' }));
    expectStated('a delete of one product', await cost);
  });

  it('a purge of 100 products is what it makes, its ticks included', async () => {
    const world = createWorld();
    await world.drop('shoes.csv', rows(world, 100));
    await world.settle();
    const cost = costOf(world, async () => {
      await world.publish({ command: 'purgeProductsInProductSet', productSetId: 'shoes', force: true });
      await world.settle();
    });
    expectStated('a purge of 100 products', await cost);
  });
});
