/** Whether an open purge, between its intent and the end of its operation, may hit a product. Reads only. */
import { createRecords } from '../ledger/records';
import { createReservations } from '../ledger/reservations';
import type { StepContext, StepResult } from './step';
import { readSurvey } from './survey';

/** Looked at again after this long: a single delete is in no queue. */
const PAUSE_MS = 10_000;

/** A wait for the purge that holds one of the products, or null. */
export async function waitForPurgeOf(
  context: StepContext,
  productIds: ReadonlySet<string>,
): Promise<StepResult | null> {
  const { record, ports, config } = context;
  const { claims } = await createReservations(ports, config).read(record.location);
  for (const claim of claims) {
    if (claim.purging === undefined || claim.requestId === record.id) continue;
    if (!(await purgeHolds(context, claim.requestId, productIds))) continue;
    return {
      kind: 'wait',
      waiting: {
        for: 'purge',
        detail: `${claim.requestId} is purging this product; it is looked at again when the purge has ended`,
        blockedBy: [claim.requestId],
      },
      dueAt: ports.clock.now() + PAUSE_MS,
    };
  }
  return null;
}

async function purgeHolds(context: StepContext, requestId: string, productIds: ReadonlySet<string>): Promise<boolean> {
  const opened = await createRecords(context.ports, context.config.stateBucket).open(requestId);
  if (opened === null) return false;
  const purge = { ...context, record: opened.record };
  for (let chunk = 0; chunk < (opened.record.facts.survey?.chunks ?? 0); chunk += 1) {
    for (const { product } of await readSurvey(purge, chunk)) if (productIds.has(product.id)) return true;
  }
  return false;
}
