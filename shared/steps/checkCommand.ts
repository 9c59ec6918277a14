/** Refuses, before anything is read or claimed, what the configuration never allows. Changes nothing. */
import { ceilingProblem, isProtected, protectedSetProblem } from '../core/belts';
import { commandInput, DONE, end, type Step } from './step';

export const checkCommand: Step = async ({ record, config }) => {
  const { productSetId, maxProducts } = commandInput(record);
  if (productSetId !== undefined && isProtected(productSetId, config.protectedProductSets)) {
    return end('rejected', protectedSetProblem(productSetId));
  }
  const problem = maxProducts === undefined ? null : ceilingProblem(maxProducts, config.maxProductsCeiling);
  return problem === null ? DONE : end('rejected', problem);
};
