/** One firing of the scheduler: wakes what is due, grants claims, polls operations, finds files that were missed. */
import { http } from '@google-cloud/functions-framework';
import { tick } from '../shared/engine/tick';
import { depsOf } from '../shared/handler';

const deps = depsOf('pollOperations');

/** Answers with what the tick did. A part that failed is logged, and the next tick does it again. */
http('pollOperations', async (_request, response) => {
  const { ports, config } = deps();
  const report = await tick({ ports, config });
  ports.log.write(report.failed > 0 ? 'WARNING' : 'DEBUG', 'tick', { ...report });
  response.status(200).json(report);
});
