/** Claims that are in each other's way are never held together, and nothing is left of them in the end. */
import { conflicts, type Reservation } from '../../../shared/core/reservation';
import { STATE } from '../services';
import type { Rule } from './rule';

export const claims: Rule = ({ services }, violated) => {
  const read = (name: string) => (JSON.parse(services.text(STATE, name)) as { value: Reservation }).value;
  return {
    objectWritten({ bucket, name }) {
      if (bucket !== STATE || !name.startsWith('reservations/')) return;
      const held = read(name).claims;
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
