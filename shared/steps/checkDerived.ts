/** Refuses, before anything else, what cannot be cleaned at Cloudinary or would take more than it says. Changes nothing. */
import { derivedRefusals, noCredentialsProblem, nothingToCleanProblem } from '../core/derivedProblems';
import { commandInput, DONE, end, type Step } from './step';

export const checkDerived: Step = async ({ record, ports }) => {
  if (ports.derivedImages === undefined) return end('rejected', noCredentialsProblem());
  const input = commandInput(record);
  if (record.kind !== 'derived') {
    if ((input.imageFiles ?? 'keep') === 'keep') record.problems.push(nothingToCleanProblem());
    return DONE;
  }
  const refusals = derivedRefusals(input);
  return refusals.length === 0 ? DONE : end('rejected', ...refusals);
};
