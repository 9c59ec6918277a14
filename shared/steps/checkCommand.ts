/**
 * Refuses, before anything is read or claimed, what the configuration or the plan never allows; waits for a plan that is
 * being made. Changes nothing.
 */
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
  const records = createRecords(ports, config.stateBucket);
  // Its event is out before it is closed, and whoever acts on that at once is right. A dry run never waits for another.
  const isUnderWay = !record.dryRun && (await records.open(planId))?.record.dryRun === true;
  const plan = await records.closed(planId);
  if (plan === null && isUnderWay) {
    const detail = `The dry run ${planId}, whose plan the command names, has not been closed yet`;
    return { kind: 'wait', waiting: { for: 'request', detail, blockedBy: [planId] }, dueAt: ports.clock.now() };
  }
  const problem = planProblem(planId, plan, record);
  return problem === null ? DONE : end('rejected', problem);
};
