/** What the local Product Search takes and gives: the messages of the API as plain objects, times in milliseconds. */
import type { BoundingPoly, Label, OperationState } from '../../shared/ports';

export interface ProductSetResource {
  name: string;
  displayName: string;
  /** Milliseconds since the epoch; 0 = never indexed. */
  indexTimeMs: number;
  indexError: RpcStatus | null;
}

export interface ProductResource {
  name: string;
  displayName: string;
  description: string;
  productCategory: string;
  productLabels: readonly Label[];
}

export interface ReferenceImageResource {
  name: string;
  uri: string;
  boundingPolys: readonly BoundingPoly[];
}

/** google.rpc.Status without details. */
export interface RpcStatus {
  code: number;
  message: string;
}

export interface ResourcePage<T> {
  items: T[];
  /** Empty on the last page. */
  nextPageToken: string;
}

export interface OperationResource {
  name: string;
  done: boolean;
  state: OperationState;
  submitTimeMs: number;
  endTimeMs?: number;
  error?: RpcStatus;
  response?: OperationResponse;
}

export type OperationResponse =
  | {
      kind: 'import';
      /** The images that were imported, and only these: not one a line. Written out at each call. */
      listReferenceImages(): ReferenceImageResource[];
      statuses: readonly RpcStatus[];
    }
  | { kind: 'purge'; request: PurgeRequest };

export interface PageRequest {
  /** Unset and 0 mean 10: proto3 does not tell them apart. */
  pageSize?: number | null;
  pageToken?: string | null;
}

export type PurgeTarget = { productSetId: string } | { orphans: true };

export interface PurgeRequest {
  parent: string;
  target: PurgeTarget | null;
  force: boolean;
}

/** A field that is left out is missing; proto3 over the wire gives '' and [] for it. */
export interface ProductFields {
  displayName?: string | null;
  description?: string | null;
  productCategory?: string | null;
  productLabels?: readonly Label[] | null;
}
