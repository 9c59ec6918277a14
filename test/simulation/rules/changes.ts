/** Who has changed what of the catalogue, and when: the measure of what nobody else had a hand in. */
import type { Call } from '../invocations';
import type { GoneProduct, SeenOperation } from '../witness';

/** What was changed, as a key. A product is more than its fields: with it go its images and memberships. */
export const changed = {
  product: (location: string, id: string) => `product ${location}/${id}`,
  fields: (location: string, id: string) => `fields ${location}/${id}`,
  image: (location: string, productId: string, id: string) => `image ${location}/${productId}/${id}`,
  membership: (location: string, setId: string, productId: string) => `membership ${location}/${setId}/${productId}`,
  productSet: (location: string, id: string) => `productSet ${location}/${id}`,
} as const;

type KeyOf = (location: string, first: unknown, second: unknown) => string;

const text = (id: unknown) => String(id);
const idOf = (resource: unknown) => (resource as { id: string }).id;

/** Of the calls that make something, what they make. */
const MADE: Record<string, KeyOf> = {
  createProductSet: (location, set) => changed.productSet(location, idOf(set)),
  createProduct: (location, product) => changed.product(location, idOf(product)),
  createReferenceImage: (location, productId, image) => changed.image(location, text(productId), idOf(image)),
  addProductToProductSet: (location, setId, productId) => changed.membership(location, text(setId), text(productId)),
};

/** Of those that take something away or change it, what. Deleted products are told by themselves. */
const UNDONE: Record<string, KeyOf> = {
  updateProductSet: (location, set) => changed.productSet(location, idOf(set)),
  updateProduct: (location, product) => changed.fields(location, idOf(product)),
  deleteReferenceImage: (location, productId, id) => changed.image(location, text(productId), text(id)),
  removeProductFromProductSet: (location, setId, id) => changed.membership(location, text(setId), text(id)),
  deleteProductSet: (location, id) => changed.productSet(location, text(id)),
};

interface Change {
  requestId: string;
  /** When it was done, or the last time that it may be: an import makes its lines one after the other. */
  at(): number;
}

export function createChanges(now: () => number) {
  const made = new Map<string, Change[]>();
  const undone = new Map<string, Change[]>();

  function note(changes: typeof made, requestId: string, key: string): void {
    const at = now();
    noteFor(changes, { requestId, at: () => at }, [key]);
  }

  function noteFor(changes: typeof made, change: Change, keys: Iterable<string>): void {
    for (const key of keys) {
      const known = changes.get(key);
      if (known === undefined) changes.set(key, [change]);
      else known.push(change);
    }
  }

  function noteCall({ method, parameters, invocation: { requestId = '' } }: Call): void {
    const [location, first, second] = parameters as Parameters<KeyOf>;
    const madeNow = MADE[method]?.(location, first, second);
    const undoneNow = UNDONE[method]?.(location, first, second);
    if (madeNow !== undefined) note(made, requestId, madeNow);
    if (undoneNow !== undefined) note(undone, requestId, undoneNow);
  }

  function isByOthers(changes: typeof made, keys: readonly string[], { since, but }: Since): boolean {
    return keys.some(
      (key) => changes.get(key)?.some(({ at, requestId }) => at() >= since && requestId !== but) === true,
    );
  }

  return {
    afterCall(call: Call): void {
      if (call.port === 'productSearch') noteCall(call);
    },
    productDeleted({ location, id }: GoneProduct, { invocation: { requestId = '' } }: Call): void {
      note(undone, requestId, changed.product(location, id));
    },
    operationStarted(operation: SeenOperation): void {
      const { requestId = '', location, lines } = operation;
      const change = { requestId, at: () => operation.endedAt ?? now() };
      // Each key once: thousands of lines of a file name the same product.
      const keys = new Set<string>();
      for (const [, imageId = '', setId = '', productId = ''] of lines.map((line) => line.split(','))) {
        keys.add(changed.product(location, productId)).add(changed.image(location, productId, imageId));
        keys.add(changed.productSet(location, setId)).add(changed.membership(location, setId, productId));
      }
      noteFor(made, change, keys);
    },
    operationEnded({ requestId = '', location, gone }: SeenOperation): void {
      for (const { id } of gone) note(undone, requestId, changed.product(location, id));
    },

    /** Whether another request than `but` has taken away or changed one of these since then. */
    isUndone: (keys: readonly string[], since: Since) => isByOthers(undone, keys, since),
    /** Whether another request has made one of these since then, or tried to. */
    isMade: (keys: readonly string[], since: Since) => isByOthers(made, keys, since),
  };
}

interface Since {
  /** Milliseconds. */
  since: number;
  /** The request whose own changes do not count. */
  but: string;
}
