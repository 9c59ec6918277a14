/** Lets imports and restores start at once again. Safe to repeat; where it never runs, the tick does the same. */
import { LOCATIONS } from '../core/names';
import { createReservations } from '../ledger/reservations';
import { DONE, type Step } from './step';

export const unregisterSweep: Step = async ({ record, ports, config }) => {
  const reservations = createReservations(ports, config);
  for (const location of LOCATIONS) await reservations.unregisterSweep(location, record.id);
  return DONE;
};
