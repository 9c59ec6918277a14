/** The messages of the Product Search client as the values of our port. */
import type { protos } from '@google-cloud/vision';
import type { BoundingPoly, Operation, OperationState, Product, ProductSet, ReferenceImage } from '../ports';

type Vision = typeof protos.google.cloud.vision.v1;
type Timestamp = protos.google.protobuf.ITimestamp;
type AnyMessage = protos.google.protobuf.IAny;
type RpcStatus = protos.google.rpc.IStatus;

/** Unpacks what an operation carries; the client library has these decoders already. */
export interface OperationDecoders {
  metadata(bytes: Uint8Array): object | null;
  response(bytes: Uint8Array): object | null;
}

export function productSetOf(message: protos.google.cloud.vision.v1.IProductSet): ProductSet {
  const indexTime = timestampOf(message.indexTime);
  return {
    id: lastSegment(message.name),
    displayName: message.displayName ?? '',
    // The default means that the set was never indexed: product_search_service.proto.
    indexTime: indexTime?.startsWith('1970-01-01T00:00:00') ? undefined : indexTime,
    indexError: errorOf(message.indexError),
  };
}

export function productOf(message: protos.google.cloud.vision.v1.IProduct): Product {
  return {
    id: lastSegment(message.name),
    displayName: message.displayName ?? '',
    description: message.description ?? '',
    productCategory: message.productCategory ?? '',
    productLabels: (message.productLabels ?? []).map(({ key, value }) => ({ key: key ?? '', value: value ?? '' })),
  };
}

export function referenceImageOf(message: protos.google.cloud.vision.v1.IReferenceImage): ReferenceImage {
  return {
    id: lastSegment(message.name),
    uri: message.uri ?? '',
    boundingPolys: (message.boundingPolys ?? []).map(boundingPolyOf),
  };
}

/** The name by which operations are asked for, whatever form the start gave: `locations/L/operations/ID`. */
export function pollingName(name: string): string {
  return /locations\/[^/]+\/operations\/[^/]+$/.exec(name)?.[0] ?? name;
}

/** Metadata is read with an error, too; an operation that is done with neither error nor response has no statuses. */
export function operationOf(message: protos.google.longrunning.IOperation, decoders: OperationDecoders): Operation {
  const metadata = metadataOf(message.metadata, decoders);
  return {
    name: message.name ?? '',
    done: message.done ?? false,
    state: stateOf(metadata?.state),
    submitTime: timestampOf(metadata?.submitTime),
    endTime: timestampOf(metadata?.endTime),
    error: errorOf(message.error),
    statuses: statusesOf(message.response, decoders),
  };
}

const STATES: readonly OperationState[] = ['STATE_UNSPECIFIED', 'PROCESSING', 'SUCCESSFUL', 'FAILED', 'CANCELLED'];

function stateOf(state: InstanceType<Vision['BatchOperationMetadata']>['state'] | null | undefined): OperationState {
  const known = typeof state === 'string' ? STATES.find((each) => each === state) : STATES[state ?? 0];
  return known ?? 'STATE_UNSPECIFIED';
}

function metadataOf(
  any: AnyMessage | null | undefined,
  decoders: OperationDecoders,
): protos.google.cloud.vision.v1.IBatchOperationMetadata | null {
  return unpack(any, 'BatchOperationMetadata', decoders.metadata);
}

function statusesOf(any: AnyMessage | null | undefined, decoders: OperationDecoders): Operation['statuses'] {
  const response: protos.google.cloud.vision.v1.IImportProductSetsResponse | null = unpack(
    any,
    'ImportProductSetsResponse',
    decoders.response,
  );
  return response?.statuses?.map(({ code, message }) => ({ code: code ?? 0, message: message ?? '' }));
}

/** null for a message of another type: the answer to a purge is the echo of its request. */
function unpack(
  any: AnyMessage | null | undefined,
  type: string,
  decode: (bytes: Uint8Array) => object | null,
): object | null {
  if (!any?.type_url?.endsWith(`.${type}`)) return null;
  return decode(bytesOf(any.value));
}

/** An empty message has no bytes at all. */
function bytesOf(value: AnyMessage['value']): Uint8Array {
  return typeof value === 'string' ? Buffer.from(value, 'base64') : (value ?? new Uint8Array());
}

function errorOf(status: RpcStatus | null | undefined): { code: number; message: string } | undefined {
  return status?.code ? { code: status.code, message: status.message ?? '' } : undefined;
}

/** RFC 3339; fractions as in JavaScript where milliseconds say it all, else to the nanosecond. */
function timestampOf(timestamp: Timestamp | null | undefined): string | undefined {
  if (!timestamp) return undefined;
  const nanos = timestamp.nanos ?? 0;
  const iso = new Date(Number(timestamp.seconds ?? 0) * 1000 + Math.floor(nanos / 1e6)).toISOString();
  return nanos % 1e6 === 0 ? iso : iso.replace(/\.\d+Z$/, `.${String(nanos).padStart(9, '0')}Z`);
}

function boundingPolyOf(message: protos.google.cloud.vision.v1.IBoundingPoly): BoundingPoly {
  const vertexOf = ({ x, y }: { x?: number | null; y?: number | null }) => ({ x: x ?? 0, y: y ?? 0 });
  return {
    vertices: (message.vertices ?? []).map(vertexOf),
    normalizedVertices: (message.normalizedVertices ?? []).map(vertexOf),
  };
}

function lastSegment(name: string | null | undefined): string {
  return name?.slice(name.lastIndexOf('/') + 1) ?? '';
}
