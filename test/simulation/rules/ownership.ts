/** Nothing is changed for a request but by whoever holds its lease, before its end is told, and never in a dry run. */
import { formatGsUri } from '../../../shared/core/names';
import { IMAGES } from '../services';
import { changesCatalogue, objectOf, type Rule } from './rule';

export const ownership: Rule = (world, violated) => {
  const announced = new Set<string>();
  return {
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
