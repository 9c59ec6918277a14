/** What happens to long-running operations and indexes inside the service, drawn when an operation starts. */
import type { StartedOperation } from '../../local/productSearch/observer';
import { STALL_MS } from '../../shared/core/cancellation';
import { STATUS_CODES } from '../../shared/core/errors';
import type { Random } from './random';
import { LOCATIONS, PROJECT, type Services } from './services';
import type { Timeline } from './timeline';
import { PRODUCTS } from './users/names';

export interface MisfortuneRates {
  /** The operation ends with an error and has no effect. */
  fails: number;
  /** Some lines of an import end with a passing status. */
  failsLines: number;
  cancelled: number;
  /** It makes no progress for a while. */
  stalls: number;
  /** Of those, how many make none for more than a day. */
  longStalls: number;
  /** The service does not know it any more, while its work goes on. */
  forgotten: number;
  indexFails: number;
  /** A location cannot be read, or not be used at all. A probability for each history. */
  outage: number;
  /** Some products cannot be deleted one by one. A probability for each history. */
  stuck: number;
}

export const NO_MISFORTUNES: MisfortuneRates = {
  fails: 0,
  failsLines: 0,
  cancelled: 0,
  stalls: 0,
  longStalls: 0,
  forgotten: 0,
  indexFails: 0,
  outage: 0,
  stuck: 0,
};

export function chooseMisfortunes(random: Random): MisfortuneRates {
  const rate = (most: number) => (random.chance(0.5) ? 0 : (most * random.int(1, 100)) / 100);
  return {
    fails: rate(0.2),
    failsLines: rate(0.4),
    cancelled: rate(0.2),
    stalls: rate(0.4),
    longStalls: random.pick([0, 0.5]),
    forgotten: rate(0.2),
    indexFails: rate(0.3),
    outage: rate(0.5),
    stuck: rate(1),
  };
}

const PASSING = [STATUS_CODES.UNAVAILABLE, STATUS_CODES.INTERNAL, STATUS_CODES.RESOURCE_EXHAUSTED] as const;

export interface MisfortuneWorld {
  services: Services;
  timeline: Timeline;
  random: Random;
  rates(): MisfortuneRates;
  operationMs: number;
  note(what: string): void;
}

export function createMisfortunes({ services, timeline, random, rates, operationMs, note }: MisfortuneWorld) {
  const { productSearch } = services;
  const stalled = new Set<string>();

  function resume(name: string): void {
    if (!stalled.delete(name)) return;
    note(`operation ${name} goes on`);
    productSearch.resumeOperation(name);
  }

  function stall(id: string, name: string, ms: number): void {
    note(`operation ${id} stalls for ${Math.round(ms / 1_000)} s`);
    stalled.add(name);
    productSearch.stallOperation(name);
    timeline.after(ms, () => resume(name));
  }

  function somewhereIn(act: () => void): void {
    timeline.after(random.int(0, operationMs), act);
  }

  return {
    /** Before an operation is started: this is what becomes of it. */
    beforeStart(kind: 'import' | 'purge'): void {
      const { fails, failsLines } = rates();
      if (random.chance(fails)) {
        note('the next operation will fail');
        productSearch.failNextOperation({ message: 'simulated: the operation failed' });
      } else if (kind === 'import' && random.chance(failsLines)) {
        const indexes = random.some([0, 1, 2, 3, 4, 5, 6, 7], 0.3);
        note(`lines ${indexes.map((index) => index + 1).join(', ')} of the next import will fail`);
        productSearch.failNextLines(indexes, { code: random.pick(PASSING), message: 'simulated: this line failed' });
      }
    },

    started({ id, location }: StartedOperation): void {
      const name = `locations/${location}/operations/${id}`;
      const { cancelled, stalls, longStalls, forgotten } = rates();
      if (random.chance(stalls)) {
        const ms = random.chance(longStalls)
          ? random.int(STALL_MS, 1.5 * STALL_MS)
          : random.spread(1_000, STALL_MS / 4);
        somewhereIn(() => stall(id, name, ms));
      } else if (random.chance(cancelled)) {
        somewhereIn(() => {
          note(`operation ${id} is cancelled`);
          productSearch.cancelOperation(name);
        });
      } else if (random.chance(forgotten)) {
        timeline.after(random.int(0, operationMs * 2), () => {
          note(`operation ${id} is forgotten`);
          services.forgetOperation(id);
        });
        if (random.chance(0.5)) somewhereIn(() => stall(id, name, random.spread(60_000, 60 * 60_000)));
      }
    },

    /** Somewhere in this time a location breaks, and some indexings fail. */
    plan(activityMs: number): void {
      const { outage, indexFails, stuck } = rates();
      if (random.chance(stuck)) random.some(PRODUCTS, 0.3).forEach(services.refuseToDelete);
      if (random.chance(outage)) {
        const location = random.pick(LOCATIONS);
        const status = random.pick(['UNAVAILABLE', 'PERMISSION_DENIED', 'RESOURCE_EXHAUSTED'] as const);
        const ms = random.spread(10_000, activityMs);
        timeline.after(random.int(0, activityMs), () => services.breakLocation(location, status, ms));
      }
      for (let n = 0; n < 3; n += 1) {
        if (random.chance(indexFails)) timeline.after(random.int(0, activityMs), failSomeIndex);
      }
    },

    /** From now on nothing goes wrong any more. */
    end(): void {
      services.endOutages();
      for (const name of [...stalled]) resume(name);
    },
  };

  function failSomeIndex(): void {
    const parent = `projects/${PROJECT}/locations/${random.pick(LOCATIONS)}`;
    const [set, ...more] = productSearch.listProductSets({ parent }).items;
    if (set === undefined) return;
    const { name } = random.pick([set, ...more]);
    note(`the next indexing of ${name} fails`);
    productSearch.failNextIndexing(name, { message: 'simulated: no index' });
  }
}

export type Misfortunes = ReturnType<typeof createMisfortunes>;
