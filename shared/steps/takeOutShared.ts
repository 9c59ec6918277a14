/**
 * Takes the products that other sets share out of the set that is purged, so that the purge leaves them alone. Safe to
 * repeat: a product that is out already stays out. Goes on from the survey file that its cursor names.
 */
import { note } from '../core/request';
import { mapInTime } from './atOnce';
import { commandInput, DONE, type Step, timeText } from './step';
import { readSurvey, surveyChunks } from './surveyFiles';

interface Cursor {
  chunk: number;
  /** How many of the shared products of that file are out. */
  from?: number;
  taken: number;
}

export const takeOutShared: Step = async (context, saved) => {
  const { record, ports } = context;
  const { productSetId = '' } = commandInput(record);
  const cursor: Cursor = (saved as Cursor | undefined) ?? { chunk: 0, taken: 0 };
  const total = record.facts.survey?.stay ?? 0;
  if (total === 0) return DONE;
  await context.checkpoint(cursor);
  while (cursor.chunk < surveyChunks(record)) {
    const shared = (await readSurvey(context, cursor.chunk)).filter((surveyed) => surveyed.stays === true);
    const todo = shared.slice(cursor.from ?? 0);
    const { results, fault } = await mapInTime(todo, context.outOfTime, ({ product }) =>
      ports.productSearch.removeProductFromProductSet(record.location, productSetId, product.id),
    );
    const isWhole = results.length === todo.length;
    Object.assign(
      cursor,
      isWhole ? { chunk: cursor.chunk + 1, from: 0 } : { from: (cursor.from ?? 0) + results.length },
    );
    cursor.taken += results.length;
    record.cursor = { ...cursor };
    record.facts.takenOut = cursor.taken;
    context.progress('shared products taken out', cursor.taken, total);
    if (fault !== undefined) throw fault;
    if (context.outOfTime()) return { kind: 'more', cursor };
  }
  note(record, timeText(context), `${cursor.taken} products that other sets share were taken out of ${productSetId}`);
  await context.checkpoint(cursor);
  return DONE;
};
