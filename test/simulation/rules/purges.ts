/**
 * What a purge holds is left alone: single and bulk deletes and restores wait for a purge that has one of their products,
 * from its intent until its end is known. And nobody purges or deletes more than is allowed.
 */
import type { Command } from '../../../shared/core/command';
import type { Reservation } from '../../../shared/core/reservation';
import type { Call, Invocation } from '../invocations';
import { STATE } from '../services';
import type { SeenOperation } from '../witness';
import { objectOf, type Rule } from './rule';

interface Surveyed {
  product: { id: string };
  /** It only leaves the set. */
  stays?: true;
}

/** The product that a call changes. */
function productOf({ method, parameters: [, first, second] }: Call): string | null {
  switch (method) {
    case 'deleteProduct':
    case 'deleteReferenceImage':
    case 'createReferenceImage':
      return String(first);
    case 'createProduct':
    case 'updateProduct':
      return (first as { id: string }).id;
    case 'addProductToProductSet':
      return String(second);
    default:
      return null;
  }
}

/** They look whether a purge is in their way; an import's claim keeps it from running beside one. */
const WAIT: ReadonlySet<Command['command'] | undefined> = new Set([
  'deleteProduct',
  'deleteReferenceImage',
  'deleteProducts',
  'restoreSnapshot',
] as const);

export const purges: Rule = ({ now, config, services, asked, witness }, violated) => {
  /** When an invocation read who claims what, by location; '': when it made its first call. */
  const looks = new WeakMap<Invocation, Map<string, number>>();

  /** The products that go, by the survey that a request has written. */
  function surveyedBy(requestId: string): string[] {
    const names = services.names(STATE, `staging/${requestId}/survey-`).filter((name) => /-\d+\.json$/.test(name));
    const surveyed = names.flatMap((name) => JSON.parse(services.text(STATE, name)) as Surveyed[]);
    return surveyed.filter(({ stays }) => stays !== true).map(({ product }) => product.id);
  }

  function lookOf(invocation: Invocation): Map<string, number> {
    const known = looks.get(invocation) ?? new Map<string, number>();
    looks.set(invocation, known);
    return known;
  }

  /** Its request goes on, and tells single deletes of it. One that is abandoned or lost is waited for by nobody. */
  function isKnown({ requestId = '', location }: SeenOperation): boolean {
    const text = services.text(STATE, `reservations/${location}.json`);
    if (text === '' || asked.open(requestId) === null) return false;
    const { claims } = (JSON.parse(text) as { value: Reservation }).value;
    return claims.some((claim) => claim.requestId === requestId && claim.purging !== undefined);
  }

  function checkLimit(requestId: string): void {
    const command = asked.commandOf(requestId);
    const { maxProducts = config.purgeMaxProducts } = command !== undefined && 'maxProducts' in command ? command : {};
    const limit = Math.min(maxProducts, config.maxProductsCeiling);
    const { length } = surveyedBy(requestId);
    if (length > limit) violated(`${requestId} takes ${length} products; ${limit} are allowed`);
  }

  return {
    callSent({ invocation }) {
      const known = lookOf(invocation);
      if (!known.has('')) known.set('', now());
    },
    afterCall(call) {
      if (call.port !== 'objects' || call.method !== 'read') return;
      const [, location] = /^reservations\/(.*)\.json$/.exec(objectOf(call).name) ?? [];
      if (location !== undefined) lookOf(call.invocation).set(location, now());
    },
    operationStarted({ kind, requestId = '' }) {
      if (kind === 'purge') checkLimit(requestId);
    },
    productDeleted(_product, { invocation: { requestId = '' } }) {
      if (asked.commandOf(requestId)?.command === 'deleteProducts') checkLimit(requestId);
    },
    beforeCall(call) {
      const { requestId = '' } = call.invocation;
      const productId = call.port === 'productSearch' ? productOf(call) : null;
      if (productId === null || !WAIT.has(asked.commandOf(requestId)?.command)) return;
      const location = String(call.parameters[0]);
      for (const purge of witness.runningOperations()) {
        if (purge.kind !== 'purge' || purge.location !== location || purge.requestId === requestId) continue;
        // One that has begun since it looked cannot be seen.
        const look = lookOf(call.invocation);
        if ((look.get(location) ?? look.get('') ?? 0) <= purge.now || !isKnown(purge)) continue;
        if (surveyedBy(purge.requestId ?? '').includes(productId))
          violated(`${requestId} calls ${call.method} of ${productId}, which ${purge.requestId} is purging`);
      }
    },
  };
};
