/**
 * Marks every candidate that a reference image in any location names, and before that all that imports and restores
 * name. Goes on from its cursor; a page that is read twice marks nothing more. A read that fails stops the sweep.
 */
import { ServiceError } from '../core/errors';
import { LOCATIONS } from '../core/names';
import type { Page, Product } from '../ports';
import { mapAtOnce } from './atOnce';
import { imagesOf } from './imageFiles';
import { markImports } from './markImports';
import { DONE, type Step, type StepContext } from './step';
import { emptyState, loadState, type SweepState, saveState } from './sweepFiles';

interface Cursor {
  importsRead: boolean;
  /** Index in LOCATIONS of the location that is being read. */
  location: number;
  pageToken?: string;
  products: number;
  /** How often the location was begun anew because its page token was refused. */
  restarts: number;
}

const FIRST: Cursor = { importsRead: false, location: 0, products: 0, restarts: 0 };
const SAVE_AFTER_MS = 20_000;
const MOST_RESTARTS = 5;

export const markUsed: Step = async (context, saved) => {
  const { record, ports } = context;
  if ((record.facts.sweep?.candidates ?? 0) === 0) return DONE;
  // A copy: a cursor that is written down never lies behind marks that are not.
  const cursor: Cursor = { ...FIRST, ...(saved as Cursor | undefined) };
  const state = saved === undefined ? await emptyState(context) : await loadState(context);
  let savedAt = ports.clock.now();
  try {
    if (!cursor.importsRead) {
      if ((await markImports(context, state)) === null) return await leaveOff(context, state, cursor);
      cursor.importsRead = true;
    }
    while (cursor.location < LOCATIONS.length) {
      await markPage(context, state, cursor);
      const isLast = cursor.location === LOCATIONS.length;
      if (context.outOfTime() && !isLast) return await leaveOff(context, state, cursor);
      if (ports.clock.now() - savedAt < SAVE_AFTER_MS) continue;
      await saveState(context, state);
      await context.checkpoint({ ...cursor });
      savedAt = ports.clock.now();
    }
  } catch (error) {
    // What was marked before a fault is kept, so that a full quota never makes the same pages be read again and again.
    await saveState(context, state);
    record.cursor = cursor;
    throw error;
  }
  await saveState(context, state);
  return DONE;
};

async function leaveOff(context: StepContext, state: SweepState, cursor: Cursor) {
  await saveState(context, state);
  return { kind: 'more', cursor } as const;
}

/** Marks what a page of products uses, and moves the cursor behind it. */
async function markPage(context: StepContext, { marks }: SweepState, cursor: Cursor): Promise<void> {
  const location = LOCATIONS[cursor.location] ?? '';
  const page = await readPage(context, location, cursor);
  const there = { ...context, record: { ...context.record, location } };
  await mapAtOnce(page.items, async ({ id }) => {
    for (const { uri } of (await imagesOf(there, id)) ?? []) {
      marks.mark(uri, 'referenceImage', `product ${id} in ${location}`);
    }
    cursor.products += 1;
    context.progress('products read', cursor.products);
  });
  cursor.pageToken = page.nextPageToken === '' ? undefined : page.nextPageToken;
  if (cursor.pageToken !== undefined) return;
  cursor.location += 1;
  cursor.restarts = 0;
}

/** A page token that the service does not take any more begins the location anew; what was marked stays marked. */
async function readPage({ ports }: StepContext, location: string, cursor: Cursor): Promise<Page<Product>> {
  const { pageToken } = cursor;
  try {
    return await ports.productSearch.listProducts(location, { pageToken });
  } catch (error) {
    const isRefused = error instanceof ServiceError && error.status === 'INVALID_ARGUMENT';
    if (!isRefused || pageToken === undefined || cursor.restarts >= MOST_RESTARTS) throw error;
    cursor.restarts += 1;
    cursor.pageToken = undefined;
    return ports.productSearch.listProducts(location, {});
  }
}
