/** What every method of the local Product Search works with: the records of each place, the operations, the limits. */
import type { Clock, Entropy } from '../../shared/ports';
import type { Place } from './names';
import type { Observer } from './observer';
import { createOperations, type Operations } from './operations';
import { createQuotas, type QuotaKind, type QuotaLimits, type Quotas } from './quota';
import { createRecords, type ProductRecord, type Records } from './records';
import type { RpcStatus } from './resources';

/** The service's view of Cloud Storage, read with the caller's authority: null and false where there is nothing to see. */
export interface ObjectReader {
  readObject(bucket: string, name: string): Buffer | null;
  objectExists(bucket: string, name: string): boolean;
}

export interface Limits extends QuotaLimits {
  /** How many sets one product can be in. */
  setsPerProduct: number;
  linesPerImport: number;
  imagesPerSet: number;
}

export const DEFAULT_LIMITS: Readonly<Limits> = {
  managementPerMinute: 2_400,
  createReferenceImagePerMinute: 1_200,
  importsPerDay: 120,
  // The proto says 100, the page of quotas 5; the careful 5 would refuse what the service's own text allows.
  setsPerProduct: 100,
  linesPerImport: 20_000,
  imagesPerSet: 1_000_000,
};

export interface ServiceOptions {
  clock: Pick<Clock, 'now'>;
  /** Gives the ids that the service assigns, and the seed of the order of its lists. */
  entropy: Entropy;
  objects: ObjectReader;
  /** How long an import or a purge takes, in milliseconds; an import does its lines evenly over this time. */
  operationMs: number;
  /** How long after a change a product set is indexed, in milliseconds. */
  indexMs: number;
  limits?: Partial<Limits>;
  observer?: Observer;
}

export interface ServiceContext {
  readonly objects: ObjectReader;
  readonly limits: Limits;
  readonly operationMs: number;
  readonly operations: Operations;
  readonly observer: Observer;
  /** How the lines of the next import end, by their index, whatever they say: see `failNextLines`. */
  failingLines: ReadonlyMap<number, RpcStatus>;
  /** 16 hex digits. */
  newId(): string;
  now(): number;
  recordsAt(at: Place): Records;
  /** Begins a call: counts it against the project's quota and does what is due of all operations. */
  open(at: Place, quota?: QuotaKind): { records: Records; now: number };
}

export function createServiceContext(options: ServiceOptions): ServiceContext {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const seed = Number.parseInt(options.entropy.nonce().slice(0, 8), 16);
  const newId = () => options.entropy.nonce().slice(0, 16);
  const observer = options.observer ?? {};
  const operations = createOperations(newId, observer);
  const quotas = new Map<string, Quotas>();
  const places = new Map<string, Records>();
  const indexing = { indexMs: options.indexMs, maxImagesPerSet: limits.imagesPerSet };
  function recordsAt({ project, location }: Place): Records {
    const onDrop = (product: ProductRecord) => observer.productDropped?.(location, product);
    const create = () => createRecords({ at: { project, location }, seed, ...indexing, onDrop });
    return ensure(places, `${project}/${location}`, create);
  }

  return {
    objects: options.objects,
    operationMs: options.operationMs,
    limits,
    operations,
    observer,
    failingLines: new Map(),
    newId,
    now: () => options.clock.now(),
    recordsAt,
    open(at, quota = 'management') {
      const now = options.clock.now();
      ensure(quotas, at.project, () => createQuotas(at.project, limits)).take(quota, now);
      operations.settle(now);
      return { records: recordsAt(at), now };
    },
  };
}

function ensure<T>(map: Map<string, T>, key: string, create: () => T): T {
  const present = map.get(key);
  if (present !== undefined) return present;
  const created = create();
  map.set(key, created);
  return created;
}
