/** A step's surroundings on the models of a world, without an engine: what the step writes down is kept here. */
import type { RequestRecord } from '../../shared/core/request';
import type { StepContext } from '../../shared/steps/step';
import type { World } from '../engine/world';

export interface StepTrial {
  context: StepContext;
  /** The cursors that the step has written down, in order. */
  checkpoints: unknown[];
}

export function stepTrial(world: World, record: RequestRecord, outOfTime = () => false): StepTrial {
  const checkpoints: unknown[] = [];
  const context: StepContext = {
    record,
    ports: world.ports,
    config: world.config,
    outOfTime,
    async checkpoint(cursor) {
      checkpoints.push(structuredClone(cursor));
    },
    keepLease: async () => undefined,
    progress: () => undefined,
  };
  return { context, checkpoints };
}
