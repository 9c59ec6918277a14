/**
 * Says in the reservation of every location that the sweep is under way; from then on imports and restores start so late
 * that it can see what they name. Safe to repeat: a sweep is registered once, and an earlier beginning only sees more.
 */
import { LOCATIONS } from '../core/names';
import type { Reservation } from '../core/reservation';
import { createReservations } from '../ledger/reservations';
import { DONE, ownFile, type Step, type StepContext, timeText } from './step';

export const registerSweep: Step = async (context) => {
  const { facts } = context.record;
  await registered(context);
  facts.sweep ??= { begunAt: await timeOfStore(context), candidates: 0, chunks: 0, objectFiles: 0 };
  return DONE;
};

/** By the clock that gives archived files their time: what was archived since can be told from what was before. */
async function timeOfStore(context: StepContext): Promise<string> {
  const object = ownFile(context, 'staging', 'begun');
  const written = await context.ports.objects.write(object, '', { contentType: 'text/plain' });
  if (written === null) throw new Error(`gs://${object.bucket}/${object.name} could not be written`);
  return written.timeCreated;
}

/** Gives the reservations of all locations, in each of which the sweep is registered by then. */
export async function registered(context: StepContext): Promise<Reservation[]> {
  const reservations = createReservations(context.ports, context.config);
  const sweep = { requestId: context.record.id, since: timeText(context) };
  const all: Reservation[] = [];
  for (const location of LOCATIONS) all.push(await reservations.registerSweep(location, sweep));
  return all;
}
