/** No more imports reach the service in any 24 hours than are allowed, and bulk work sends no more calls in any minute. */
import { isBulk } from '../../../shared/core/request';
import type { Rule } from './rule';

const DAY_MS = 24 * 3_600_000;
const MINUTE_MS = 60_000;
const LATE_CALLS = 2;

export const quotas: Rule = ({ now, config, asked, skewMs }, violated) => {
  const starts: number[] = [];
  let calls: number[] = [];
  const bulk = new Map<string, boolean>();
  // Clocks that differ by so much give out the same times twice; and a call may leave some seconds after its time, where
  // a lease is renewed first.
  const allowed = Math.ceil((config.managementCallsPerMinute * (MINUTE_MS + 2 * skewMs)) / MINUTE_MS) + LATE_CALLS;

  function isOfBulk(requestId: string): boolean {
    const known = bulk.get(requestId) ?? isBulk(asked.open(requestId)?.request ?? 'cancelRequest');
    bulk.set(requestId, known);
    return known;
  }

  return {
    operationStarted({ kind, requestId }) {
      if (kind !== 'import') return;
      starts.push(now());
      const inWindow = starts.filter((at) => at > now() - DAY_MS).length;
      if (inWindow > config.importsPerDay) {
        violated(`${requestId} starts the ${inWindow}th import of 24 hours; ${config.importsPerDay} are allowed`);
      }
    },
    callSent({ port, invocation: { name, requestId } }) {
      if (port !== 'productSearch' || requestId === undefined || !isOfBulk(requestId)) return;
      calls = [...calls.filter((at) => at > now() - MINUTE_MS), now()];
      if (calls.length > allowed)
        violated(`${name} sends the ${calls.length}th call of a minute; ${allowed} are allowed`);
    },
  };
};
