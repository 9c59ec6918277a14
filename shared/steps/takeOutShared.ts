/**
 * Takes the products that other sets share out of the set that is purged, so that the purge leaves them alone. Safe to
 * repeat: a product that is out already stays out. Goes on from the survey file that its cursor names.
 */
import { note } from '../core/request';
import { mapAtOnce } from './atOnce';
import { commandInput, DONE, type Step, timeText } from './step';
import { readSurvey, surveyChunks } from './surveyFiles';

interface Cursor {
  chunk: number;
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
    await mapAtOnce(shared, ({ product }) =>
      ports.productSearch.removeProductFromProductSet(record.location, productSetId, product.id),
    );
    cursor.chunk += 1;
    cursor.taken += shared.length;
    record.facts.takenOut = cursor.taken;
    context.progress('shared products taken out', cursor.taken, total);
    if (context.outOfTime()) return { kind: 'more', cursor };
  }
  note(record, timeText(context), `${cursor.taken} products that other sets share were taken out of ${productSetId}`);
  await context.checkpoint(cursor);
  return DONE;
};
