/**
 * Copies the dropped file to the archive and then deletes it from intake, both at the generation that was dropped. Safe
 * to repeat: the archive's name follows from the request, and an object that is gone or newer is left alone.
 */
import { formatGsUri } from '../core/names';
import { note } from '../core/request';
import { stagedOriginal } from './stagedImport';
import { DONE, droppedFile, type Step, type StepContext, timeText } from './step';

export const archiveFile: Step = async (context) => {
  const { record, ports, config } = context;
  const file = droppedFile(record);
  const archive = {
    bucket: config.stateBucket,
    name: archiveName(`archive/${record.acceptedAt.slice(0, 10)}/${record.id}/`, file.name),
  };
  // How it ends is written before the file is taken away: it cannot be read again from intake.
  await context.checkpoint();
  const isGone = (await copyToArchive(context, archive)) === 'source-gone';
  // Gone, but in the archive: an earlier run of this step came as far as that.
  if (isGone && (await ports.objects.stat(archive)) === null) return DONE;
  record.files.archive = formatGsUri(archive);
  const deleted = await ports.objects.delete(file, { ifGenerationMatch: file.generation });
  if (deleted === 'changed') note(record, timeText(context), 'a newer generation is in intake; it is left there');
  return DONE;
};

/** https://cloud.google.com/storage/docs/objects#naming */
const OBJECT_NAME_BYTES = 1_024;

/** The folder and the name; of a name that is too long for both, its end. */
function archiveName(folder: string, name: string): string {
  const room = OBJECT_NAME_BYTES - Buffer.byteLength(folder);
  const characters = [...name];
  let bytes = Buffer.byteLength(name);
  let from = 0;
  for (; bytes > room; from += 1) bytes -= Buffer.byteLength(characters[from] ?? '');
  return `${folder}${characters.slice(from).join('')}`;
}

/** From the staged copy; a file that was refused by its name was never staged and is copied from intake. */
async function copyToArchive(context: StepContext, archive: { bucket: string; name: string }) {
  const { record, ports } = context;
  const staged = await ports.objects.stat(stagedOriginal(context));
  return ports.objects.copy(staged ?? droppedFile(record), archive, { ifGenerationMatch: '0' });
}
