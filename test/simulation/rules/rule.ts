/** A rule that must hold in every history. A new one is a file beside this and a line in `index.ts`. */
import type { Config } from '../../../shared/config';
import type { RequestRecord } from '../../../shared/core/request';
import type { Asked } from '../asked';
import type { Call } from '../invocations';
import type { Services } from '../services';
import type { RuleHooks, Witness } from '../witness';

/** An event as it was published. */
export interface PublishedEvent {
  id: string;
  type: string;
  subject: string;
  data: Record<string, unknown>;
}

export interface RuleWorld {
  now(): number;
  config: Config;
  /** By how much the clock of an instance may be wrong. */
  skewMs: number;
  services: Services;
  asked: Asked;
  witness: Pick<Witness, 'operations' | 'runningOperations'>;
  published: readonly PublishedEvent[];
  /** When another program changed a product last, by `location/product`. */
  strangers: ReadonlyMap<string, number>;
  /** Files whose finalize event never came. */
  lostFiles: ReadonlySet<string>;
}

/** `violated` takes one sentence that names the request and says what is wrong. */
export type Rule = (world: RuleWorld, violated: (what: string) => void) => RuleHooks;

/** Problems of a request that has given up, or was refused, something that it had begun: it may have lost an answer. */
const GIVEN_UP =
  /^(?:unavailable|internal|deadline-exceeded|resource-exhausted|permission-denied|internal-error|not-removed|operation-)/;

export function hasGivenUp({ problems }: RequestRecord): boolean {
  return problems.some(({ code }) => GIVEN_UP.test(code));
}

const CHANGES = /^(?:delete|create|update|add|remove|import|purge)/;

/** Whether the call changes the catalogue, or what is derived of its images. */
export function changesCatalogue({ port, method }: Call): boolean {
  return (port === 'productSearch' || port === 'derivedImages') && CHANGES.test(method);
}

/** The object that a call of the object store is about. */
export function objectOf({ parameters }: Call): { bucket: string; name: string } {
  return parameters[0] as { bucket: string; name: string };
}
