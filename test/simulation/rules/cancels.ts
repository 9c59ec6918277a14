/**
 * A request that ended as cancelled has started nothing that goes on, unless it was abandoned with force after a stall;
 * and what a request was not to do before a time it has not done before that.
 */
import { STALL_MS } from '../../../shared/core/cancellation';
import type { RequestRecord } from '../../../shared/core/request';
import { IMAGES, STATE } from '../services';
import type { SeenOperation } from '../witness';
import { changesCatalogue, objectOf, type Rule } from './rule';

export const cancels: Rule = ({ now, skewMs, services, asked, witness }, violated) => {
  /** The operations that were started for the request, or for a merged import that it is in. */
  function operationsOf({ id, kind }: RequestRecord): SeenOperation[] {
    return [...witness.operations.values()].filter(({ requestId = '', endedAt }) => {
      // A restore goes on by calls once its import has ended, and can be stopped between them.
      if (requestId === id) return kind !== 'restore' || endedAt === undefined;
      const source = requestId.startsWith('bat-') ? asked.record(requestId)?.source : undefined;
      return source?.from === 'merge' && source.members?.some((member) => member.requestId === id) === true;
    });
  }

  function isForced(id: string): boolean {
    return asked.commands.some(({ requestId = '', command }) => {
      const isOne = command?.command === 'cancelRequest' && command.cancels === id && command.force === true;
      return isOne && asked.commandOf(requestId) === command;
    });
  }

  function checkCancelled(record: RequestRecord): void {
    for (const { id, now: startedAt, requestId } of operationsOf(record)) {
      const isStalled = now() - startedAt >= STALL_MS - 2 * skewMs;
      if (requestId === record.id && isStalled && isForced(record.id)) continue;
      violated(`${record.id} is cancelled, although operation ${id} was started for it`);
    }
  }

  return {
    objectWritten({ bucket, name }) {
      const [, requestId = ''] = /^events\/.*\/(.*)\.completed\.json$/.exec(name) ?? [];
      if (bucket !== STATE || requestId === '') return;
      const { data } = JSON.parse(services.text(STATE, name)) as { data: { outcome: string } };
      const record = asked.record(requestId);
      if (data.outcome === 'cancelled' && record !== null) checkCancelled(record);
    },
    beforeCall(call) {
      const removesFile = call.port === 'objects' && call.method === 'delete' && objectOf(call).bucket === IMAGES;
      if (!changesCatalogue(call) && !removesFile) return;
      const { requestId = '' } = call.invocation;
      const { notBefore } = asked.commandOf(requestId) ?? {};
      if (notBefore !== undefined && now() + skewMs < Date.parse(notBefore))
        violated(`${requestId} calls ${call.method} before ${notBefore}`);
    },
  };
};
