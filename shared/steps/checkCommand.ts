/** Refuses, before anything is read or claimed, what the configuration or the plan never allows. Changes nothing. */
import { ceilingProblem, isProtected, protectedSetProblem } from '../core/belts';
import { planProblem } from '../core/planBinding';
import { createRecords } from '../ledger/records';
import { commandInput, DONE, end, type Step } from './step';

export const checkCommand: Step = async ({ record, config, ports }) => {
  const { productSetId, maxProducts, planId } = commandInput(record);
  if (productSetId !== undefined && isProtected(productSetId, config.protectedProductSets)) {
    return end('rejected', protectedSetProblem(productSetId));
  }
  const tooMany = maxProducts === undefined ? null : ceilingProblem(maxProducts, config.maxProductsCeiling);
  if (tooMany !== null) return end('rejected', tooMany);
  if (planId === undefined) return DONE;
  const plan = await createRecords(ports, config.stateBucket).closed(planId);
  const problem = planProblem(planId, plan, record);
  return problem === null ? DONE : end('rejected', problem);
};
