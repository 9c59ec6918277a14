/**
 * What users do because of what they see: while an import runs they ask for a purge of its sets, they cancel what waits,
 * name the plan of a dry run, bring back what a purge took. Requests that know of each other meet more often than those
 * that come by chance.
 */
import type { StartedOperation } from '../../../local/productSearch/observer';
import type { Random } from '../random';
import type { PublishedEvent } from '../rules/rule';
import type { Timeline } from '../timeline';
import type { Fields } from './commands';

export interface ReactionWorld {
  timeline: Timeline;
  random: Random;
  /** How often they react; a probability for each thing that they see. */
  eagerness: number;
  operationMs: number;
  /** Users go home some time: afterwards nothing is asked for any more. */
  isCalm(): boolean;
  /** The command that the request was made from. */
  commandOf(requestId: string): Fields | undefined;
  publish(command: Fields): void;
  drop(): void;
  /** A CSV that names the image files which are not there any more. */
  dropGone(): void;
  /** Other programs fill the set, or make products that are in none. */
  refill(location: string, productSetId: string | undefined): void;
}

/** Reactions lead to events that lead to reactions; nobody goes on for ever. */
const MOST = 8;
const SOON_MS = 2 * 60_000;
const LATER_MS = 3 * 3_600_000;
/** Of operations of which nobody knows what became of them. */
const LOST: ReadonlySet<string> = new Set(['operation-lost', 'start-unknown', 'plan-drifted', 'purge-incomplete']);
/** What takes a while, so that it can be stopped in the middle. */
const LONG: ReadonlySet<string> = new Set(['deleteProducts', 'restoreSnapshot', 'sweepImageFiles']);
/** What takes products, so that they can be brought back. */
const TAKING: ReadonlySet<string> = new Set(['deleteProducts', 'purgeProductsInProductSet', 'purgeOrphanProducts']);

interface Told {
  requestId?: string;
  request?: string;
  location?: string;
  outcome?: string;
  counts?: { products?: number };
  planId?: string;
  files?: { snapshot?: string };
  problems?: { code: string }[];
}

export function createReactions(world: ReactionWorld) {
  const { timeline, random, eagerness, operationMs, isCalm, commandOf, publish, drop, dropGone, refill } = world;
  let left = MOST;

  function later(withinMs: number, act: () => void): void {
    timeline.after(random.spread(100, withinMs), () => {
      if (!isCalm()) act();
    });
  }

  function react(withinMs: number, act: () => void): void {
    if (left === 0 || !random.chance(eagerness)) return;
    left -= 1;
    later(withinMs, act);
  }

  /** Who has waited for a day does not wait any longer, and goes on with something else at once. */
  function abandon(requestId: string, location: string | undefined): void {
    later(SOON_MS, () => {
      publish({ command: 'cancelRequest', cancels: requestId, force: true });
      goOn(location);
    });
  }

  function goOn(location: string | undefined): void {
    later(10 * SOON_MS, () => publish({ command: 'purgeOrphanProducts', force: true, location }));
    later(10 * SOON_MS, drop);
  }

  function againstImport({ location, productSetIds: [productSetId] }: StartedOperation): void {
    const ofSet: Fields[] =
      productSetId === undefined
        ? []
        : [
            { command: 'purgeProductsInProductSet', productSetId, force: true, sharedProducts: 'delete' },
            { command: 'purgeProductsInProductSet', productSetId, force: true },
            { command: 'deleteProductSet', productSetId },
          ];
    publish({ ...random.pick([{ command: 'purgeOrphanProducts', force: true }, ...ofSet]), location });
  }

  /** Mostly as it was planned, at once; some come late, mix up plans, or change their minds. */
  function carryOut({ requestId = '', location }: Told, planId: string): void {
    const { requestId: _own, notBefore: _then, ...same } = commandOf(requestId) ?? {};
    const command: Fields = { ...same, dryRun: false, force: true, planId };
    const act = random.pick([asPlanned, asPlanned, asPlanned, asPlanned, twice, drifted, drifted, mismatched, unknown]);
    act();

    function asPlanned(): void {
      later(SOON_MS, () => publish(command));
    }

    function twice(): void {
      asPlanned();
      asPlanned();
    }

    /** By then the catalogue is another one. */
    function drifted(): void {
      later(SOON_MS, drop);
      later(SOON_MS, () => refill(location ?? '', setOf(same)));
      later(LATER_MS, () => publish(command));
    }

    function mismatched(): void {
      const imageFiles = same.imageFiles === 'keep' ? 'removeUnlessUsed' : 'keep';
      const orphans: Fields = { command: 'purgeOrphanProducts', force: true, planId, location };
      later(SOON_MS, () => publish(random.pick([{ ...command, imageFiles }, orphans])));
    }

    function unknown(): void {
      later(SOON_MS, () => publish({ ...command, planId: random.pick(['cmd-nobody', `${planId}-2`]) }));
    }
  }

  function setOf({ productSetId }: Fields): string | undefined {
    return typeof productSetId === 'string' ? productSetId : undefined;
  }

  /** What is gone is brought back, mostly at once, while others fill the gap, or look first, or do it twice. */
  function bringBack({ requestId = '', location = '' }: Told, snapshot: string): void {
    const restore: Fields = { command: 'restoreSnapshot', snapshot, ...(random.chance(0.5) ? { location } : {}) };
    const withinMs = random.chance(0.8) ? SOON_MS : LATER_MS;
    if (random.chance(0.15)) later(withinMs, () => publish({ ...restore, dryRun: true }));
    if (random.chance(0.3)) later(withinMs, drop);
    if (random.chance(0.3)) later(withinMs, () => refill(location, setOf(commandOf(requestId) ?? {})));
    later(withinMs, () => publish(restore));
    if (random.chance(0.2)) later(withinMs, () => publish(restore));
  }

  /** Whether the request took products that lie in its snapshot. */
  function hasTaken({ request = '', counts }: Told): boolean {
    return TAKING.has(request) && (counts?.products ?? 0) > 0;
  }

  return {
    /** Second thoughts: many products may be gone by then, or none. */
    published({ command, requestId }: Fields, id: string | undefined): void {
      if (id === undefined || requestId !== undefined || !LONG.has(String(command))) return;
      if (command === 'restoreSnapshot' && random.chance(0.5)) return;
      react(SOON_MS, () => publish({ command: 'cancelRequest', cancels: id }));
    },

    operationStarted(operation: StartedOperation): void {
      if (operation.kind === 'purge') react(operationMs, drop);
      else react(operationMs + SOON_MS, () => againstImport(operation));
    },

    /** Who names an image file does not know that a sweep has it in its hands. */
    sweepHeldUp: () => {
      if (random.chance(0.7)) later(SOON_MS, dropGone);
    },

    told({ type, data }: PublishedEvent): void {
      const told = data as Told;
      const { requestId = '', location, outcome, planId, files, problems } = told;
      const snapshot = files?.snapshot;
      if (type === 'product-search.operation.stalled.v1') {
        abandon(requestId, location);
      } else if (type === 'product-search.request.waiting.v1') {
        react(LATER_MS, () => publish({ command: 'cancelRequest', cancels: requestId }));
      } else if (problems?.some(({ code }) => LOST.has(code)) === true) {
        react(SOON_MS, () => goOn(location));
      } else if (outcome === 'dryRun') {
        if (planId !== undefined && random.chance(0.8)) carryOut(told, planId);
      } else if (snapshot !== undefined && hasTaken(told) && random.chance(eagerness > 0 ? 0.9 : 0.4)) {
        bringBack(told, snapshot);
      }
    },
  };
}
