/** Refuses, before anything else, what cannot be cleaned at Cloudinary or would take more than it says. Changes nothing. */
import { derivedRefusals, noCredentialsProblem, nothingToCleanProblem } from '../core/derivedProblems';
import { commandInput, DONE, end, type Step } from './step';

export const checkDerived: Step = async ({ record, ports }) => {
  if (ports.derivedImages === undefined) return end('rejected', noCredentialsProblem());
  const input = commandInput(record);
  const isDelete = record.kind === 'delete' || record.kind === 'purge';
  if (isDelete && input.imageFiles !== 'removeUnlessUsedByProduct') record.problems.push(nothingToCleanProblem());
  if (record.kind !== 'derived') return DONE;
  const refusals = derivedRefusals(input);
  return refusals.length === 0 ? DONE : end('rejected', ...refusals);
};
