/**
 * Nothing is changed for a request but by whoever holds its lease, before its end is told, and never in a dry run. Nobody
 * takes a lease on a request that was closed before it looked.
 */
import { formatGsUri } from '../../../shared/core/names';
import type { Call, Invocation } from '../invocations';
import { IMAGES } from '../services';
import { changesCatalogue, objectOf, type Rule } from './rule';

export const ownership: Rule = (world, violated) => {
  const announced = new Set<string>();
  /** When each request was closed, and when an invocation read the record of the one that it may go on with. */
  const closedAt = new Map<string, number>();
  const readAt = new WeakMap<Invocation, number>();
  const holds = new WeakSet<Invocation>();

  function checkLease({ invocation, method, parameters }: Call, requestId: string, result: unknown): void {
    if (method === 'read' && !readAt.has(invocation)) readAt.set(invocation, world.now());
    if (method !== 'write' || result === null || holds.has(invocation)) return;
    holds.add(invocation);
    // Whoever accepts it makes the record first, and looks then.
    const { ifGenerationMatch } = (parameters.at(-1) ?? {}) as { ifGenerationMatch?: string };
    const looked = readAt.get(invocation);
    if (ifGenerationMatch === '0' || looked === undefined) return;
    if (looked > (closedAt.get(requestId) ?? Number.POSITIVE_INFINITY))
      violated(`${invocation.name} goes on with ${requestId}, which was closed before it looked`);
  }

  return {
    afterCall(call, result) {
      if (call.port !== 'objects') return;
      const [, folder, requestId = ''] = /^requests\/(open|closed)\/(.*)\.json$/.exec(objectOf(call).name) ?? [];
      if (folder === 'open' && requestId === call.invocation.requestId) checkLease(call, requestId, result);
      if (folder === 'closed' && call.method === 'write' && result !== null) closedAt.set(requestId, world.now());
    },
    objectWritten({ name }) {
      const [, requestId] = /^events\/.*\/(.*)\.completed\.json$/.exec(name) ?? [];
      if (requestId !== undefined) announced.add(requestId);
    },
    beforeCall(call) {
      const { invocation, method, port, parameters } = call;
      const removesFile = port === 'objects' && method === 'delete' && objectOf(call).bucket === IMAGES;
      if (!changesCatalogue(call) && !removesFile) return;
      const what = `${method} ${
        removesFile
          ? formatGsUri(objectOf(call))
          : parameters
              .slice(port === 'productSearch' ? 1 : 0)
              .map((one) => JSON.stringify(one))
              .join(' ')
      }`;
      const { requestId } = invocation;
      if (requestId === undefined) return violated(`${invocation.name} changes the catalogue for no request: ${what}`);
      if (announced.has(requestId)) violated(`${requestId} ${what}, although its terminal event is journaled`);
      const record = world.asked.open(requestId);
      if (record === null) return violated(`${requestId} ${what}, but it is not open`);
      if (record.dryRun) violated(`${requestId} is a dry run, but calls ${what}`);
      if (record.lease === undefined || !invocation.nonces.has(record.lease.nonce)) {
        violated(`${invocation.name} calls ${what} for ${requestId}, whose lease it does not hold`);
      }
    },
  };
};
