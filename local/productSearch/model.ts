/**
 * The local Product Search: Cloud Vision API v1 ProductSearch with google.longrunning.Operations.GetOperation, in memory,
 * for any project, each with its own resources and quotas. Times come from the clock, ids and the order of lists from
 * the entropy, so that the same calls always give the same answers. What is refused is thrown as a StatusError.
 */
import { type BatchMethods, createBatchMethods } from './batches';
import { createMembershipMethods, type MembershipMethods } from './memberships';
import { parseProductSetName } from './names';
import { internalError } from './operations';
import { createProductSetMethods, type ProductSetMethods, requireProductSet } from './productSets';
import { createProductMethods, type ProductMethods } from './products';
import { createReferenceImageMethods, type ReferenceImageMethods } from './referenceImages';
import type { OperationResource, RpcStatus } from './resources';
import { createServiceContext, type ServiceOptions } from './serviceContext';

/** For simulations: makes operations end, hang and vanish as none of the service's own methods can. */
export interface OperationKnobs {
  /** The next import or purge that is started ends with this error (default: INTERNAL) and has no effect. */
  failNextOperation(error?: Partial<RpcStatus>): void;
  /** These lines of the next import, by their index, end with this status (default: INTERNAL) and have no effect. */
  failNextLines(indexes: readonly number[], status?: Partial<RpcStatus>): void;
  /** The next indexing of the product set of that name fails with this error (default: INTERNAL). */
  failNextIndexing(productSetName: string, error?: Partial<RpcStatus>): void;
  /** GetOperation answers NOT_FOUND from now on; the work goes on. */
  forgetOperation(name: string): void;
  /** It makes no progress until it is resumed or cancelled. */
  stallOperation(name: string): void;
  resumeOperation(name: string): void;
  /** It ends as CANCELLED; the lines that are done stay done. */
  cancelOperation(name: string): void;
}

export interface ProductSearchModel
  extends ProductSetMethods,
    ProductMethods,
    ReferenceImageMethods,
    MembershipMethods,
    BatchMethods,
    OperationKnobs {
  /** Takes any form of the name and is not counted against a quota. */
  getOperation(request: { name?: string | null }): OperationResource;
}

export function createProductSearchModel(options: ServiceOptions): ProductSearchModel {
  const context = createServiceContext(options);
  const { operations } = context;

  /** The time, with everything done that is due by now. */
  function settled(): number {
    const now = context.now();
    operations.settle(now);
    return now;
  }

  return {
    ...createProductSetMethods(context),
    ...createProductMethods(context),
    ...createReferenceImageMethods(context),
    ...createMembershipMethods(context),
    ...createBatchMethods(context),
    getOperation(request) {
      settled();
      return operations.get(request.name ?? '');
    },
    failNextOperation: (error) => operations.failNext(error),
    failNextLines(indexes, status) {
      context.failingLines = new Map(indexes.map((index) => [index, internalError(status)]));
    },
    failNextIndexing(productSetName, error) {
      const { productSet, ...at } = parseProductSetName(productSetName);
      requireProductSet(context.recordsAt(at), productSet).nextError = internalError(error);
    },
    forgetOperation: (name) => operations.forget(name),
    stallOperation: (name) => operations.stall(name, settled()),
    resumeOperation: (name) => operations.resume(name, settled()),
    cancelOperation: (name) => operations.cancel(name, settled()),
  };
}
