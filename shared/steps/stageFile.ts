/**
 * Copies the dropped generation into the staging folder; everything after it reads the copy. Safe to repeat: a copy
 * that is there already was made from the same generation and is kept.
 */
import { DONE, droppedFile, end, ownFile, type Step, timeText } from './step';

export const stageFile: Step = async (context) => {
  const { record, ports } = context;
  const file = droppedFile(record);
  const staged = ownFile(context, 'staging', 'original');
  record.facts.stagedAt ??= timeText(context);
  if ((await ports.objects.stat(staged)) !== null) return DONE;
  const copied = await ports.objects.copy(file, staged, { ifGenerationMatch: '0' });
  if (copied !== 'source-gone') return DONE;
  const live = await ports.objects.stat(file);
  const message =
    live === null
      ? `gs://${file.bucket}/${file.name} was deleted before it was read; drop it again if it is wanted`
      : `gs://${file.bucket}/${file.name} was replaced before it was read; its newer generation ${live.generation} is a request of its own`;
  return end('cancelled', { code: live === null ? 'deleted' : 'superseded', message });
};
