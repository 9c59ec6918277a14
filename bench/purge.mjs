/**
 * A purge of a large set on the wire, while the functions that work on it are killed: snapshot and purge go on over many
 * invocations, within the quota, in little memory.
 *
 *   node bench/purge.mjs
 *   node bench/purge.mjs --products 100000 --calls-per-minute 60000
 */
import { parseArgs } from 'node:util';
import { ended, importCsv, startSystem, watchMemory } from './localSystem.mjs';

const { values } = parseArgs({
  options: {
    products: { type: 'string', default: '20000' },
    'calls-per-minute': { type: 'string', default: '12000' },
    'kill-every': { type: 'string', default: '15' },
  },
});
const products = Number(values.products);
const callsPerMinute = Number(values['calls-per-minute']);
const LINES = 20_000;

const system = await startSystem({
  LOCAL_OPERATION_SECONDS: '0.1',
  LOCAL_CALLS_PER_MINUTE: String(callsPerMinute),
  LOCAL_IMPORTS_PER_DAY: '100000',
  INVOCATION_SECONDS: '10',
  LEASE_SECONDS: '30',
});

/** Kills the processes that hold bulk work, in turn. */
function killing() {
  let kills = 0;
  const timer = setInterval(() => {
    const name = kills % 4 === 3 ? 'runCommand' : 'continueRequest';
    try {
      process.kill(system.functions()[name].pid, 'SIGKILL');
      kills += 1;
    } catch {
      // It is being started again.
    }
  }, Number(values['kill-every']) * 1_000);
  return { count: () => kills, stop: () => clearInterval(timer) };
}

try {
  await system.storage.bucket('product-search-images').file('one.png').save(Buffer.from('png'), { resumable: false });
  for (let from = 0; from < products; from += LINES) {
    const count = Math.min(LINES, products - from);
    const line = (product) => `gs://product-search-images/one.png,i,shoes,p-${product},apparel-v2,,,\n`;
    await importCsv(
      system,
      `seed/${from}.csv`,
      Array.from({ length: count }, (_, index) => line(from + index)).join(''),
    );
  }
  const memory = watchMemory(system.functions);
  const kills = killing();
  const begun = performance.now();
  const data = await ended(system, {
    command: 'purgeProductsInProductSet',
    productSetId: 'shoes',
    force: true,
    maxProducts: products,
  });
  kills.stop();
  memory.stop();
  const seconds = Math.round((performance.now() - begun) / 1_000);
  const refused = system.log().split('RESOURCE_EXHAUSTED').length - 1;
  const invocations = system.log().split('"message":"lease of a dead invocation taken over"').length - 1;
  console.log(JSON.stringify({ outcome: data.outcome, counts: data.counts, seconds, kills: kills.count() }));
  console.log(`taken over from dead invocations: ${invocations}; answers with code 8: ${refused}`);
  console.log(`most memory of each function, MB: ${JSON.stringify(memory.most)}`);
  if (data.outcome !== 'succeeded' || data.counts.products !== products) process.exitCode = 1;
} finally {
  await system.stop();
}
