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
}

/** Reactions lead to events that lead to reactions; nobody goes on for ever. */
const MOST = 8;
const SOON_MS = 2 * 60_000;
const LATER_MS = 3 * 3_600_000;
/** Of operations of which nobody knows what became of them. */
const LOST: ReadonlySet<string> = new Set(['operation-lost', 'start-unknown', 'plan-drifted', 'purge-incomplete']);
/** What takes a while, so that it can be stopped in the middle. */
const LONG: ReadonlySet<string> = new Set(['deleteProducts', 'restoreSnapshot', 'sweepImageFiles']);

interface Told {
  requestId?: string;
  location?: string;
  outcome?: string;
  planId?: string;
  files?: { snapshot?: string };
  problems?: { code: string }[];
}

export function createReactions(world: ReactionWorld) {
  const { timeline, random, eagerness, operationMs, isCalm, commandOf, publish, drop, dropGone } = world;
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

  function carryOut(dryRun: string, planId: string): void {
    const { requestId: _own, ...same } = commandOf(dryRun) ?? {};
    publish({ ...same, dryRun: false, force: true, planId });
  }

  return {
    /** Second thoughts: many products may be gone by then, or none. */
    published({ command, requestId }: Fields, id: string | undefined): void {
      if (id === undefined || requestId !== undefined || !LONG.has(String(command))) return;
      react(SOON_MS, () => publish({ command: 'cancelRequest', cancels: id }));
    },

    operationStarted(operation: StartedOperation): void {
      if (operation.kind === 'purge') react(operationMs, drop);
      else react(operationMs + SOON_MS, () => againstImport(operation));
    },

    /** Who names an image file does not know that a sweep has it in its hands. */
    sweepHeldUp: () => react(SOON_MS, dropGone),

    told({ type, data }: PublishedEvent): void {
      const { requestId = '', location, outcome, planId, files, problems } = data as Told;
      const snapshot = files?.snapshot;
      if (type === 'product-search.operation.stalled.v1') {
        abandon(requestId, location);
      } else if (type === 'product-search.request.waiting.v1') {
        react(LATER_MS, () => publish({ command: 'cancelRequest', cancels: requestId }));
      } else if (problems?.some(({ code }) => LOST.has(code)) === true) {
        react(SOON_MS, () => goOn(location));
      } else if (outcome === 'dryRun' && planId !== undefined) {
        react(SOON_MS, () => carryOut(requestId, planId));
      } else if (snapshot !== undefined) {
        react(SOON_MS, () => publish({ command: 'restoreSnapshot', snapshot, location }));
      }
    },
  };
}
