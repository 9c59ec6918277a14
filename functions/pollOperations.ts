/** One firing of the scheduler: wakes what is due, grants claims, polls operations, finds files that were missed. */
import type { Request, Response } from '@google-cloud/functions-framework';
import { tick } from '../shared/engine/tick';
import { depsOf, httpFunction } from '../shared/handler';
import { serve } from './framework/serve';

/** Answers with what the tick did. A part that failed is logged, and the next tick does it again. */
serve(
  'pollOperations',
  httpFunction(depsOf('pollOperations'), async ({ ports, config }, _request: Request, response: Response) => {
    const begun = ports.clock.now();
    const report = await tick({ ports, config });
    const tookMs = ports.clock.now() - begun;
    ports.log.write(report.failed > 0 ? 'WARNING' : 'DEBUG', 'tick', { ...report, tookMs });
    response.status(200).json(report);
  }),
);
