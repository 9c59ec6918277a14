/** The `Publisher` port on the model, for the simulation and for contract tests. */
import { ServiceError, statusOfCode } from '../../shared/core/errors';
import type { Publisher } from '../../shared/ports';
import { StatusError } from '../statusError';
import type { PubsubModel } from './model';

export function modelPublisher(model: PubsubModel, projectId: string): Publisher {
  return {
    async publish(topic, message) {
      try {
        const name = `projects/${projectId}/topics/${topic}`;
        const [id] = model.publish(name, [{ ...message, orderingKey: '' }]);
        return id ?? '';
      } catch (error) {
        if (!(error instanceof StatusError)) throw error;
        throw new ServiceError('Publisher.Publish', statusOfCode(error.code), error.message, { cause: error });
      }
    },
  };
}
