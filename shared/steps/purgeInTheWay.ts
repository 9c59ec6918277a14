/** Whether an open purge, between its intent and the end of its operation, may hit a product. Reads only. */
import { createRecords } from '../ledger/records';
import { createReservations } from '../ledger/reservations';
import { readStaged } from './stagedImport';
import type { StepContext, StepResult } from './step';
import { readSurvey, type SurveyIndex, surveyChunks, surveyIndexFile } from './surveyFiles';

/** Looked at again after this long: a single delete is in no queue. */
const PAUSE_MS = 10_000;

/** A wait for a purge that holds one of the products, or null. */
export async function waitForPurgeOf(
  context: StepContext,
  productIds: ReadonlySet<string>,
): Promise<StepResult | null> {
  const sorted = [...productIds].sort();
  return waitForPurge(context, (purge) => holdsOne(purge, productIds, sorted[0] ?? '', sorted.at(-1) ?? ''));
}

/** A wait for a purge that holds one of these products, or null. */
export async function waitForPurgeOfAny(
  context: StepContext,
  productIds: ReadonlySet<string>,
): Promise<StepResult | null> {
  const [first = '', ...others] = [...productIds].sort();
  return waitForPurge(context, (purge) => holdsOne(purge, productIds, first, others.at(-1) ?? first));
}

/** A wait for a purge that holds one of the surveyed products of this request, or null. */
export async function waitForPurgeOfSurveyed(context: StepContext): Promise<StepResult | null> {
  return waitForPurge(context, async (purge) => {
    for (let chunk = 0; chunk < surveyChunks(context.record); chunk += 1) {
      const ids = (await readSurvey(context, chunk)).map(({ product }) => product.id);
      if (await holdsOne(purge, new Set(ids), ids[0] ?? '', ids.at(-1) ?? '')) return true;
    }
    return false;
  });
}

async function waitForPurge(
  context: StepContext,
  holds: (purge: StepContext) => Promise<boolean>,
): Promise<StepResult | null> {
  const { record, ports, config } = context;
  const { claims } = await createReservations(ports, config).read(record.location);
  for (const claim of claims) {
    if (claim.purging === undefined || claim.requestId === record.id) continue;
    const opened = await createRecords(ports, config.stateBucket).open(claim.requestId);
    if (opened === null || !(await holds({ ...context, record: opened.record }))) continue;
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

/** Whether the purge takes one of these products, all of which lie between `first` and `last`. */
async function holdsOne(purge: StepContext, ids: ReadonlySet<string>, first: string, last: string): Promise<boolean> {
  const index = (await readStaged<SurveyIndex>(purge, surveyIndexFile(purge))) ?? [];
  for (const [chunk, [from, to]] of index.entries()) {
    if (to < first || from > last) continue;
    for (const { product, stays } of await readSurvey(purge, chunk)) {
      if (stays !== true && ids.has(product.id)) return true;
    }
  }
  return false;
}
