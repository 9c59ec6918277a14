/** Waits for the time that the command names (`notBefore`). Changes nothing. */
import { commandInput, DONE, type Step } from './step';

export const waitUntil: Step = async ({ record, ports }) => {
  const { notBefore } = commandInput(record);
  const dueAt = notBefore === undefined ? Number.NaN : Date.parse(notBefore);
  if (!(dueAt > ports.clock.now())) return DONE;
  return { kind: 'wait', waiting: { for: 'time', detail: `Not before ${notBefore}, as the command asks` }, dueAt };
};
