/** No more imports reach the service in any 24 hours than are allowed. */
import type { Rule } from './rule';

const DAY_MS = 24 * 3_600_000;

export const quotas: Rule = ({ now, config }, violated) => {
  const starts: number[] = [];
  return {
    operationStarted({ kind, requestId }) {
      if (kind !== 'import') return;
      starts.push(now());
      const inWindow = starts.filter((at) => at > now() - DAY_MS).length;
      if (inWindow > config.importsPerDay) {
        violated(`${requestId} starts the ${inWindow}th import of 24 hours; ${config.importsPerDay} are allowed`);
      }
    },
  };
};
