/**
 * The preview of an orphan purge in a large location: exact numbers, and the memory of the functions.
 *
 *   node bench/orphans.mjs                                1,000,000 products, 10,000 of them orphans
 *   node bench/orphans.mjs --products 100000 --orphans 1000
 */
import { parseArgs } from 'node:util';
import { ended, importCsv, startSystem, watchMemory } from './localSystem.mjs';

const { values } = parseArgs({
  options: { products: { type: 'string', default: '1000000' }, orphans: { type: 'string', default: '10000' } },
});
const products = Number(values.products);
const orphans = Number(values.orphans);
const LINES = 20_000;
const SETS = 200;

const system = await startSystem({
  LOCAL_OPERATION_SECONDS: '0.1',
  LOCAL_CALLS_PER_MINUTE: '1000000',
  LOCAL_IMPORTS_PER_DAY: '100000',
});
try {
  await system.storage.bucket('product-search-images').file('one.png').save(Buffer.from('png'), { resumable: false });
  const line = (product, set) => `gs://product-search-images/one.png,i,${set},p-${product},apparel-v2,,,\n`;
  const seeded = performance.now();
  for (let from = 0; from < products; from += LINES) {
    const count = Math.min(LINES, products - from);
    const setOf = (product) => (product < orphans ? 'temporary' : `set-${product % SETS}`);
    const text = Array.from({ length: count }, (_, index) => line(from + index, setOf(from + index))).join('');
    await importCsv(system, `seed/${from}.csv`, text);
  }
  await system.search.deleteProductSet({
    name: system.search.productSetPath('local-project', 'us-west1', 'temporary'),
  });
  console.log(`seeded in ${Math.round((performance.now() - seeded) / 1_000)} s`);

  const memory = watchMemory(system.functions);
  const begun = performance.now();
  const data = await ended(system, { command: 'purgeOrphanProducts', dryRun: true, maxProducts: orphans });
  memory.stop();
  const seconds = Math.round((performance.now() - begun) / 1_000);
  console.log(JSON.stringify({ outcome: data.outcome, counts: data.counts, estimate: data.estimate, seconds }));
  console.log(`most memory of each function, MB: ${JSON.stringify(memory.most)}`);
  if (data.counts.products !== orphans) throw new Error(`${orphans} orphans were expected`);
} finally {
  await system.stop();
}
