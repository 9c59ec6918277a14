/** For simulations: tells what the service does by itself, which nobody can see over the API. */
import type { ProductRecord } from './records';
import type { RpcStatus } from './resources';

export interface StartedOperation {
  /** The last segment of its name. */
  id: string;
  location: string;
  kind: 'import' | 'purge';
  /** The sets that it names; a purge of the orphans names none. */
  productSetIds: readonly string[];
  now: number;
}

/** Everything is told at the moment when it happens, before the call that brought it about is answered. */
export interface Observer {
  operationStarted?(operation: StartedOperation): void;
  /** `statuses`: of an import, one a line, as far as it came. */
  operationEnded?(id: string, statuses?: readonly RpcStatus[]): void;
  /** Before the product, which still is in its sets and has its images, goes: by a delete or by a purge. */
  productDropped?(location: string, product: ProductRecord): void;
}
