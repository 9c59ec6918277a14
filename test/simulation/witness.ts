/** Sees every effect at the moment when it happens, puts it together with who brought it about, and tells the rules. */
import type { Observer, StartedOperation } from '../../local/productSearch/observer';
import type { ProductRecord } from '../../local/productSearch/records';
import { readAll } from '../../local/productSearch/shuffledIndex';
import type { LineStatus, LogFields, Product, ReferenceImage, Severity, StoredObject } from '../../shared/ports';
import type { Call, Invocation } from './invocations';

export interface GoneProduct extends Product {
  location: string;
  productSetIds: string[];
  /** The display names of those sets, by id. */
  setNames: ReadonlyMap<string, string>;
  images: ReferenceImage[];
}

export interface SeenOperation extends StartedOperation {
  /** The request that started it; none: somebody else did. */
  requestId?: string;
  /** The invocation that did so. */
  startedBy?: Invocation;
  /** Of an import: its file, and the lines as they were handed over. */
  csvUri: string;
  lines: string[];
  endedAt?: number;
  statuses?: readonly LineStatus[];
  gone: GoneProduct[];
}

/** What a rule may listen to. Everything is told at the moment of the effect. */
export interface RuleHooks {
  /** It leaves its invocation; when it arrives, and whether, is another matter. */
  callSent?(call: Call): void;
  beforeCall?(call: Call): void;
  afterCall?(call: Call, result: unknown): void;
  operationStarted?(operation: SeenOperation): void;
  operationEnded?(operation: SeenOperation): void;
  /** By a call of an invocation. What a purge took is told with the end of its operation. */
  productDeleted?(product: GoneProduct, call: Call): void;
  objectWritten?(object: Pick<StoredObject, 'bucket' | 'name' | 'generation'>): void;
  logged?(invocation: Invocation, severity: Severity, message: string, fields: LogFields): void;
  atEnd?(): void;
}

export interface WitnessWorld {
  now(): number;
  textOf(bucket: string, name: string): string;
  /** A rule has thrown. */
  broken(error: unknown): void;
}

export function createWitness(world: WitnessWorld) {
  const operations = new Map<string, SeenOperation>();
  const hooks: RuleHooks[] = [];
  let current: Call | null = null;
  let gone: GoneProduct[] = [];

  /** A rule that throws must not look like a fault of a service. */
  function tell(act: (rule: RuleHooks) => void): void {
    for (const rule of hooks) {
      try {
        act(rule);
      } catch (error) {
        world.broken(error);
      }
    }
  }

  const observer: Observer = {
    operationStarted(started) {
      const uri = current?.method === 'importProductSets' ? String(current.parameters[1]) : '';
      const [, bucket = '', name = ''] = /^gs:\/\/([^/]+)\/(.*)$/.exec(uri) ?? [];
      const operation: SeenOperation = {
        ...started,
        requestId: current?.invocation.requestId,
        startedBy: current?.invocation,
        csvUri: uri,
        lines: bucket === '' ? [] : world.textOf(bucket, name).split('\n').slice(0, -1),
        gone: [],
      };
      operations.set(started.id, operation);
      tell((rule) => rule.operationStarted?.(operation));
    },
    operationEnded(id, statuses) {
      const operation = operations.get(id);
      if (operation === undefined) return;
      operation.endedAt = world.now();
      operation.statuses = statuses;
      operation.gone = gone;
      gone = [];
      tell((rule) => rule.operationEnded?.(operation));
    },
    productDropped(location, product) {
      gone.push(goneProduct(location, product));
    },
  };

  return {
    observer,
    operations,
    /** Those that run at this moment. */
    runningOperations: () => [...operations.values()].filter((operation) => operation.endedAt === undefined),
    add: (rule: RuleHooks) => hooks.push(rule),

    sent(call: Call): void {
      tell((rule) => rule.callSent?.(call));
    },
    before(call: Call): void {
      current = call;
      tell((rule) => rule.beforeCall?.(call));
    },
    after(call: Call, result: unknown): void {
      current = null;
      for (const product of gone.splice(0)) {
        tell((rule) => rule.productDeleted?.(product, call));
      }
      tell((rule) => rule.afterCall?.(call, result));
    },
    /** The call was refused by the service. */
    refused(): void {
      current = null;
    },
    /** What other programs do is nobody's deed here. */
    byStranger(act: () => void): void {
      act();
      gone = [];
    },
    written(object: Pick<StoredObject, 'bucket' | 'name' | 'generation'>): void {
      tell((rule) => rule.objectWritten?.(object));
    },
    logged(invocation: Invocation, severity: Severity, message: string, fields: LogFields): void {
      tell((rule) => rule.logged?.(invocation, severity, message, fields));
    },
    end(): void {
      tell((rule) => rule.atEnd?.());
    },
  };
}

export type Witness = ReturnType<typeof createWitness>;

function goneProduct(location: string, { sets, images, productLabels, ...product }: ProductRecord): GoneProduct {
  const { id, displayName, description, productCategory } = product;
  return {
    location,
    id,
    displayName,
    description,
    productCategory,
    productLabels: [...productLabels],
    productSetIds: sets.map((set) => set.id).sort(),
    setNames: new Map(sets.map((set) => [set.id, set.displayName])),
    images: readAll(images).map((image) => ({ id: image.id, uri: image.uri, boundingPolys: [...image.boundingPolys] })),
  };
}
