/**
 * An operation starts only under a claim and after its intent; no two that are in each other's way run together. A restore
 * makes its calls under a claim, too, and not while a purge runs.
 */
import type { Intent, RequestRecord } from '../../../shared/core/request';
import type { Reservation } from '../../../shared/core/reservation';
import type { Call } from '../invocations';
import { STATE } from '../services';
import type { SeenOperation } from '../witness';
import { changesCatalogue, type Rule } from './rule';

const CALLS: Record<SeenOperation['kind'], Intent['call']> = { import: 'importProductSets', purge: 'purgeProducts' };

function areInEachOthersWay(a: SeenOperation, b: SeenOperation): boolean {
  return a.location === b.location && (a.kind === 'purge' || b.kind === 'purge');
}

export const starts: Rule = (world, violated) => {
  function reservation(location: string): Reservation {
    const text = world.services.text(STATE, `reservations/${location}.json`);
    return text === '' ? { claims: [], queue: [] } : (JSON.parse(text) as { value: Reservation }).value;
  }

  /** Its request has ended without it, and the time is over for which claims are kept then. */
  function isLostForGood({ requestId = '' }: SeenOperation): boolean {
    const { endedAt } = world.asked.closed(requestId) ?? {};
    // Who wrote the end, who kept the claim and who drops it: each by a clock of its own.
    return endedAt !== undefined && world.now() - Date.parse(endedAt) >= world.config.startSettleMs - 3 * world.skewMs;
  }

  /** The same of a purge whose own request has no answer to its start, and still goes on. */
  function isOwnLost({ requestId }: SeenOperation, by = ''): boolean {
    const { intent } = world.asked.open(by) ?? {};
    if (requestId !== by || intent === undefined || intent.operation !== undefined) return false;
    return world.now() - Date.parse(intent.at) >= world.config.startSettleMs - 3 * world.skewMs;
  }

  /** The same file a second time: only after a first start that had no answer, and only where no image can double. */
  function checkRepeat({ id, requestId, csvUri, lines }: SeenOperation, isTold: boolean): void {
    const others = [...world.witness.operations.values()];
    const first = others.find((other) => other.id !== id && csvUri !== '' && other.csvUri === csvUri);
    if (first === undefined) return;
    if (!isTold)
      violated(`${requestId} starts ${csvUri} again and does not know it: its first operation is ${first.id}`);
    if (lines.some((line) => line.split(',')[1] === ''))
      violated(`${requestId} starts ${csvUri} again, and images double`);
  }

  /** A file goes either by itself or in one merged import, and it knows in which. */
  function checkMembers({ id, source, facts }: RequestRecord): void {
    if (facts.merged !== undefined) violated(`${id} starts an import, but it has joined ${facts.merged.batchId}`);
    for (const { requestId } of source.from === 'merge' ? (source.members ?? []) : []) {
      const batch = world.asked.open(requestId)?.facts.merged?.batchId;
      if (batch !== id)
        violated(`${id} imports ${requestId}, which ${batch ? `has joined ${batch}` : 'goes by itself'}`);
    }
  }

  function checkRestore({ method, parameters, invocation: { requestId = '' } }: Call): void {
    const location = String(parameters[0]);
    const claim = reservation(location).claims.find((one) => one.requestId === requestId);
    if (claim === undefined) violated(`${requestId} restores by ${method} in ${location} without a claim`);
    for (const other of world.witness.runningOperations()) {
      if (other.kind !== 'purge' || other.location !== location || isLostForGood(other)) continue;
      violated(`${requestId} restores by ${method} while purge ${other.id} of ${other.requestId} runs`);
    }
  }

  return {
    operationStarted(operation) {
      const { requestId = '', kind, location, id } = operation;
      const record = world.asked.open(requestId);
      if (record === null) return violated(`${requestId} starts a ${kind}, but is not open`);
      const { intent } = record;
      if (intent?.call !== CALLS[kind] || intent.operation !== undefined) {
        violated(`${requestId} starts a ${kind}, but has not written its intent: ${JSON.stringify(intent)}`);
      }
      checkRepeat(operation, record.facts.startRepeated === true);
      checkMembers(record);
      const claim = reservation(location).claims.find((one) => one.requestId === requestId);
      if (claim === undefined) violated(`${requestId} starts a ${kind} in ${location} without a claim`);
      if (kind === 'purge' && claim?.purging === undefined) {
        violated(`${requestId} starts a purge, but its claim does not tell single deletes of it`);
      }
      for (const other of world.witness.runningOperations()) {
        if (other.id === id || other.requestId === requestId || !areInEachOthersWay(operation, other)) continue;
        if (isLostForGood(other)) continue;
        violated(`${kind} ${id} of ${requestId} starts while ${other.kind} ${other.id} of ${other.requestId} runs`);
      }
    },
    beforeCall(call) {
      const { method, parameters, invocation } = call;
      const isRestore = world.asked.commandOf(invocation.requestId ?? '')?.command === 'restoreSnapshot';
      if (isRestore && changesCatalogue(call)) checkRestore(call);
      if (method !== 'deleteProductSet') return;
      const [location, productSetId] = parameters as [string, string];
      for (const other of world.witness.runningOperations()) {
        const isInTheWay = other.location === location && other.productSetIds.includes(productSetId);
        if (!isInTheWay || isLostForGood(other) || isOwnLost(other, invocation.requestId)) continue;
        violated(`${invocation.requestId} deletes set ${productSetId} while ${other.kind} ${other.id} of it runs`);
      }
    },
  };
};
