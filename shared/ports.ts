/**
 * What the engine and the steps need of the world. Every port has two implementations, the client on the wire
 * (`shared/clients`) and the model in memory (`local/`), and one contract test runs on both (`test/contract`).
 * An expected outcome is a value; every other failure is thrown as `ServiceError`.
 */
import type { Readable } from 'node:stream';
import type { CallLimit, DerivedPage, OriginalsPage } from './core/cloudinaryAnswer';
import type { DerivedDeletion, DerivedTarget } from './core/derivedDeletion';

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  sleep(ms: number): Promise<void>;
}

export interface Entropy {
  /** A string that no other call has given: 32 hex digits. */
  nonce(): string;
}

export type LogFields = Record<string, unknown>;
export type Severity = 'DEBUG' | 'INFO' | 'NOTICE' | 'WARNING' | 'ERROR';

export interface Log {
  /** Writes one line. `message` is static; what varies stands in `fields`. */
  write(severity: Severity, message: string, fields?: LogFields): void;
  /** The same log with more fields on every line. */
  with(fields: LogFields): Log;
}

// ---------------------------------------------------------------------------------------------- Cloud Storage

export interface ObjectName {
  bucket: string;
  name: string;
}

export interface StoredObject extends ObjectName {
  /** Changes with every write of the content. A decimal number as a string, as the JSON API gives it. */
  generation: string;
  metageneration: string;
  /** Bytes as stored. */
  size: number;
  contentType?: string;
  contentEncoding?: string;
  /** RFC 3339. */
  timeCreated: string;
  updated: string;
  /** Custom metadata. */
  metadata: Record<string, string>;
}

export interface WriteOptions {
  contentType: string;
  metadata?: Record<string, string>;
  /** Write only if this is the live generation; '0' means: only if no object has this name. */
  ifGenerationMatch?: string;
}

export interface ObjectPage {
  objects: StoredObject[];
  nextPageToken?: string;
}

/** Cloud Storage: strongly consistent, writes with a generation precondition are compare-and-set. */
export interface ObjectStore {
  /** The live object, or that generation of it; null where there is none. */
  stat(object: ObjectName, generation?: string): Promise<StoredObject | null>;
  /** Content and metadata of one and the same generation, in memory; null where there is none. */
  read(object: ObjectName, generation?: string): Promise<{ object: StoredObject; body: Buffer } | null>;
  /** The content of that generation as a stream; null where there is none. A fault later on is an error of the stream. */
  openRead(object: ObjectName, generation: string): Promise<Readable | null>;
  /** Writes; null where the precondition does not hold. A retried write whose first answer was lost gives null, too. */
  write(object: ObjectName, body: string | Buffer | Readable, options: WriteOptions): Promise<StoredObject | null>;
  /** Server-side copy of one generation, with its content type; 'source-gone' or 'precondition' where it cannot be. */
  copy(
    from: ObjectName & { generation: string },
    to: ObjectName,
    options?: { ifGenerationMatch?: string; metadata?: Record<string, string> },
  ): Promise<StoredObject | 'source-gone' | 'precondition'>;
  /** Deletes the live object, with `ifGenerationMatch` only that generation of it. Absent and changed are values. */
  delete(object: ObjectName, options?: { ifGenerationMatch?: string }): Promise<'deleted' | 'absent' | 'changed'>;
  /** One page in the order of names (UTF-8 bytes). `maxResults` defaults to 1,000, the most that there is. */
  list(query: { bucket: string; prefix: string; pageToken?: string; maxResults?: number }): Promise<ObjectPage>;
}

// ---------------------------------------------------------------------------------------------- Product Search

export interface Label {
  key: string;
  value: string;
}

export interface ProductSet {
  id: string;
  displayName: string;
  /** RFC 3339; undefined = never indexed. */
  indexTime?: string;
  indexError?: { code: number; message: string };
}

export interface Product {
  id: string;
  displayName: string;
  description: string;
  productCategory: string;
  productLabels: Label[];
}

export interface Vertex {
  x: number;
  y: number;
}

export interface BoundingPoly {
  vertices: Vertex[];
  normalizedVertices: Vertex[];
}

export interface ReferenceImage {
  id: string;
  uri: string;
  boundingPolys: BoundingPoly[];
}

export interface Page<T> {
  items: T[];
  nextPageToken?: string;
}

export interface PageQuery {
  pageToken?: string;
  /** 1 to 100, the service's own limits; default 100. */
  pageSize?: number;
}

export type OperationState = 'PROCESSING' | 'SUCCESSFUL' | 'FAILED' | 'CANCELLED' | 'STATE_UNSPECIFIED';

export interface LineStatus {
  /** google.rpc.Code; 0 = imported. */
  code: number;
  message: string;
}

export interface Operation {
  /** As the server gives it; compare by its last segment and location only. */
  name: string;
  done: boolean;
  state: OperationState;
  /** RFC 3339. */
  submitTime?: string;
  endTime?: string;
  /** The error of the operation as a whole, once done. */
  error?: { code: number; message: string };
  /** Of an import that is done: one status a CSV line, in order. */
  statuses?: LineStatus[];
}

/**
 * Cloud Vision API Product Search. Ids are bare; the project is the client's own.
 * The two starts are never retried by the client: a transient fault means that the outcome is unknown.
 */
export interface ProductSearch {
  getProductSet(location: string, productSetId: string): Promise<ProductSet | null>;
  listProductSets(location: string, query?: PageQuery): Promise<Page<ProductSet>>;
  getProduct(location: string, productId: string): Promise<Product | null>;
  listProducts(location: string, query?: PageQuery): Promise<Page<Product>>;
  /** A product set that does not exist gives an empty page, as the service does. */
  listProductsInProductSet(location: string, productSetId: string, query?: PageQuery): Promise<Page<Product>>;
  /** null where the product does not exist. */
  listReferenceImages(location: string, productId: string, query?: PageQuery): Promise<Page<ReferenceImage> | null>;
  getReferenceImage(location: string, productId: string, referenceImageId: string): Promise<ReferenceImage | null>;

  deleteProductSet(location: string, productSetId: string): Promise<'deleted' | 'absent'>;
  deleteProduct(location: string, productId: string): Promise<'deleted' | 'absent'>;
  deleteReferenceImage(location: string, productId: string, referenceImageId: string): Promise<'deleted' | 'absent'>;

  createProductSet(location: string, productSet: ProductSet): Promise<'created' | 'exists'>;
  createProduct(location: string, product: Product): Promise<'created' | 'exists'>;
  createReferenceImage(location: string, productId: string, image: ReferenceImage): Promise<'created' | 'exists'>;
  updateProductSet(location: string, productSet: ProductSet): Promise<'updated' | 'absent'>;
  /** Display name, description and labels; the category cannot be changed. */
  updateProduct(location: string, product: Product): Promise<'updated' | 'absent'>;
  addProductToProductSet(location: string, productSetId: string, productId: string): Promise<'added' | 'absent'>;
  removeProductFromProductSet(location: string, productSetId: string, productId: string): Promise<'removed' | 'absent'>;

  /** Starts an import and gives the operation's name. Not idempotent. */
  importProductSets(location: string, csvUri: string): Promise<string>;
  /** Starts a purge (with force) and gives the operation's name. Not idempotent. */
  purgeProducts(location: string, target: { productSetId: string } | { orphans: true }): Promise<string>;
  /** null where the service does not know the operation (any more). */
  getOperation(name: string): Promise<Operation | null>;
}

// ---------------------------------------------------------------------------------------------- Pub/Sub

export interface OutgoingMessage {
  data: Buffer;
  attributes: Record<string, string>;
}

export interface Publisher {
  /** Resolves with the message id when Pub/Sub has accepted the message. `topic` is the bare id. */
  publish(topic: string, message: OutgoingMessage): Promise<string>;
}

// ---------------------------------------------------------------------------------------------- Cloudinary

export type DerivedAnswer<T> =
  | { kind: 'answer'; value: T; limit?: CallLimit }
  /** The hour's calls are used up; the call had no effect. `resetAt` in milliseconds, where the answer names it. */
  | { kind: 'limit'; resetAt?: number }
  /** The service does not take the cursor (any more). */
  | { kind: 'cursorRefused' };

/**
 * Cloudinary's Admin API. Each method is one call of the hour's limit and is never repeated by the client. Deletions may
 * be repeated: what is gone is then not found, or has nothing derived any more.
 */
export interface DerivedImages {
  /** One page. Throws `TypeError` before anything is sent where the deletion could take more than it says. */
  deletePage(deletion: DerivedDeletion): Promise<DerivedAnswer<DerivedPage>>;
  /** `maxResults` at most 500. Of public ids at most 100, and those that are not there are left out. */
  listOriginals(
    target: DerivedTarget,
    query: { cursor?: string; maxResults: number },
  ): Promise<DerivedAnswer<OriginalsPage>>;
  /** The transformations of what is derived of one original, one for each; null where the original is not there. */
  derivedOf(
    original: { resourceType: string; type: string; publicId: string },
    cursor?: string,
  ): Promise<DerivedAnswer<{ transformations: string[]; cursor?: string } | null>>;
  /** Of the whole account, as far as the service says it. */
  usage(): Promise<DerivedAnswer<{ originals?: number; derived?: number }>>;
}

/** The world, whole. */
export interface Ports {
  clock: Clock;
  entropy: Entropy;
  log: Log;
  objects: ObjectStore;
  productSearch: ProductSearch;
  publisher: Publisher;
  /** Absent where there are no credentials. */
  derivedImages?: DerivedImages;
}
