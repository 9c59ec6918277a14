/**
 * Claims that are in each other's way are never held together, one is kept beyond the end of a request whose operation is
 * running, and nothing is left of them in the end.
 */
import { conflicts, type Reservation, type WantedClaim } from '../../../shared/core/reservation';
import { STATE } from '../services';
import type { Rule } from './rule';

function isBefore(a: WantedClaim, b: WantedClaim): boolean {
  return a.acceptedAt < b.acceptedAt || (a.acceptedAt === b.acceptedAt && a.requestId < b.requestId);
}

export const claims: Rule = ({ services, witness }, violated) => {
  /** The ids of those that held a claim before, by the name of the reservation. */
  const before = new Map<string, Set<string>>();
  /** Those whose claim was kept beyond their end. */
  const kept = new Set<string>();

  function checkKept(requestId: string): void {
    const running = witness.runningOperations().find((operation) => operation.requestId === requestId);
    if (running !== undefined && !kept.has(requestId))
      violated(`${requestId} ends while its operation ${running.id} runs, and its claim is not kept`);
  }

  const read = (name: string) => (JSON.parse(services.text(STATE, name)) as { value: Reservation }).value;
  return {
    objectWritten({ bucket, name }) {
      if (bucket !== STATE) return;
      const [, ended] =
        /^(?:events\/[^/]+\/(?=(?:imp|cmd)-)|batches\/closed\/)([^./]+)(?:\.completed)?\.json$/.exec(name) ?? [];
      if (ended !== undefined) checkKept(ended);
      if (!name.startsWith('reservations/')) return;
      const { claims: held, queue } = read(name);
      for (const { requestId, keptUntil } of held) if (keptUntil !== undefined) kept.add(requestId);
      for (const claim of held.filter(({ requestId }) => !before.get(name)?.has(requestId))) {
        const waiter = queue.find((one) => isBefore(one, claim) && conflicts(one, claim));
        if (waiter !== undefined) violated(`${claim.requestId} overtakes ${waiter.requestId} in ${name}`);
      }
      before.set(name, new Set(held.map(({ requestId }) => requestId)));
      for (const [index, one] of held.entries()) {
        const other = held.slice(index + 1).find((claim) => conflicts(one, claim));
        if (other !== undefined) violated(`${one.requestId} and ${other.requestId} hold claims in ${name} together`);
        if (held.slice(index + 1).some((claim) => claim.requestId === one.requestId)) {
          violated(`${one.requestId} holds two claims in ${name}`);
        }
      }
    },
    atEnd() {
      for (const name of services.names(STATE, 'reservations/')) {
        const { claims: held, queue } = read(name);
        const left = [...held, ...queue].map(({ requestId }) => requestId);
        if (left.length > 0) violated(`${name} still holds ${left.join(', ')}`);
      }
    },
  };
};
