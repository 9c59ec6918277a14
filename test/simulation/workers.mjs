/** Runs histories by their seeds in a thread for each core. Which thread runs which seed changes nothing in it. */
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

const AT_ONCE = 10;

/**
 * Runs the seeds from `from` on, `count` of them; `onHistory` gets each history in the order of seeds and may answer
 * false, which ends the run.
 */
export async function runSeeds(bundle, { from, count, workers = availableParallelism() }, onHistory) {
  const done = new Map();
  let next = from;
  let told = from;
  let isOver = false;

  function tell(histories) {
    for (const history of histories) done.set(history.seed, history);
    for (let history = done.get(told); history !== undefined && !isOver; history = done.get(told)) {
      done.delete(told);
      told += 1;
      isOver = onHistory(history) === false;
    }
  }

  async function work() {
    const worker = new Worker(new URL(import.meta.url), { workerData: bundle });
    try {
      while (!isOver && next < from + count) {
        const seeds = Array.from({ length: Math.min(AT_ONCE, from + count - next) }, (_, n) => next + n);
        next += seeds.length;
        tell(await answerOf(worker, seeds));
      }
    } finally {
      await worker.terminate();
    }
  }

  await Promise.all(Array.from({ length: workers }, work));
}

function answerOf(worker, seeds) {
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (answer) => {
      worker.off('error', reject);
      resolve(answer);
    });
    worker.postMessage(seeds);
  });
}

if (!isMainThread) {
  // The models throw for whatever is absent, which is often; a history that is told whole runs elsewhere, with stacks.
  Error.stackTraceLimit = 0;
  const { simulate } = createRequire(import.meta.url)(workerData);
  parentPort.on('message', async (seeds) => {
    const histories = [];
    for (const seed of seeds) {
      const broken = (error) => ({
        seed,
        violations: [`the simulator itself: ${error.stack}`],
        lines: [],
        counts: {},
        outcomes: {},
      });
      histories.push(await simulate(seed).catch(broken));
    }
    parentPort.postMessage(histories);
  });
}
