/** From a message on the continuations topic to the next steps of an open request. */
import { z } from 'zod';
import { isRequestId } from '../core/names';
import type { PushMessage } from '../core/pushMessage';
import { advance, type EngineDeps } from './advance';
import { takeOver } from './takeOver';

const Continuation = z.object({ requestId: z.string().refine(isRequestId) });

/** Goes on with the request. Returns, too, where there is nothing to do; throws when it has to be delivered again. */
export async function receiveContinuation(message: PushMessage, deps: EngineDeps): Promise<void> {
  const requestId = readRequestId(message);
  if (requestId === null) {
    deps.ports.log.write('ERROR', 'refused: no continuation', { messageId: message.messageId });
    return;
  }
  const opened = await takeOver(requestId, deps);
  const log = deps.ports.log.with({ requestId, messageId: message.messageId });
  if (opened === null) {
    log.write('DEBUG', 'nothing to go on with');
    return;
  }
  const { request, plan, at } = opened.record;
  log.write('INFO', 'request goes on', { request, step: plan[at]?.step });
  await advance(opened, deps);
}

function readRequestId(message: PushMessage): string | null {
  try {
    return Continuation.parse(JSON.parse(message.data.toString('utf8'))).requestId;
  } catch {
    return null;
  }
}
