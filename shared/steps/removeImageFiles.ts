/**
 * Removes the image files of references that are gone: only where files may be removed, only at the generation that was
 * seen, and only if no reference image of the same product uses the file now. Safe to repeat: a file that was seen and
 * is gone counts as removed, whoever has come to use it since.
 */
import { parseGsUri } from '../core/names';
import type { ImageFile } from '../core/request';
import { mapAtOnce } from './atOnce';
import { handledChunks } from './handledChunks';
import { filesFile, type HandledFile, handledFile, imagesOf, isGone, removeFile, tellRefusal } from './imageFiles';
import { leaveCandidates } from './leaveCandidates';
import { readStaged } from './stagedImport';
import { commandInput, DONE, end, type Step, type StepContext } from './step';
import { readSurvey } from './surveyFiles';

interface Cursor {
  chunk: number;
  /** Files whose removal was refused for good. */
  refused?: number;
}

export const removeImageFiles: Step = async (context, saved) => {
  const { record } = context;
  const cursor: Cursor = { chunk: 0, ...(saved as Cursor | undefined) };
  const chunks = handledChunks(record);
  const left = commandInput(record).imageFiles === 'removeUnlessUsed';
  record.counts.imageFilesRemoved ??= 0;
  if (left) record.counts.imageFilesPending ??= 0;
  record.counts.imageFilesKept ??= 0;
  while (cursor.chunk < chunks) {
    const files = await filesToGo(context, cursor.chunk);
    const handled = left ? await leaveCandidates(context, cursor.chunk, files) : await removeUnused(context, files);
    await keepList(context, cursor.chunk, handled);
    const removed = handled.filter((file) => file.removed).length;
    record.counts.imageFilesRemoved += removed;
    const pending = handled.filter((file) => file.again === true).length;
    if (pending > 0) record.counts.imageFilesPending = (record.counts.imageFilesPending ?? 0) + pending;
    record.counts.imageFilesKept += handled.length - removed - pending;
    const refused = handled.filter((file) => file.failed === true).length;
    if (refused > 0) cursor.refused = (cursor.refused ?? 0) + refused;
    cursor.chunk += 1;
    if (context.outOfTime()) return { kind: 'more', cursor };
    if (chunks > 1) await context.checkpoint(cursor);
  }
  return cursor.refused !== undefined ? end('partial') : DONE;
};

/** The files of the products of one survey file; of a bulk delete that was cut short only of those that it had come to. */
async function filesToGo(context: StepContext, chunk: number): Promise<ImageFile[]> {
  const { one, deleted } = context.record.facts;
  const files = one?.files ?? (await readStaged<ImageFile[]>(context, filesFile(context, chunk))) ?? [];
  if (deleted === undefined || chunk < deleted.chunk) return files;
  const begun = (await readSurvey(context, chunk)).slice(0, deleted.from).map(({ product }) => product.id);
  const ids = new Set([...begun, ...(deleted.done ?? [])]);
  return files.filter(({ productId }) => ids.has(productId));
}

async function keepList(context: StepContext, chunk: number, handled: HandledFile[]): Promise<void> {
  await context.ports.objects.write(handledFile(context, chunk), JSON.stringify(handled), {
    contentType: 'application/json',
  });
}

/** Each file once, also where several of the products used it. */
async function removeUnused(context: StepContext, files: ImageFile[]): Promise<HandledFile[]> {
  const usedBy = new Map<string, Set<string>>();
  for (const productId of new Set(files.map((file) => file.productId))) {
    const images = (await imagesOf(context, productId)) ?? [];
    usedBy.set(productId, new Set(images.map((image) => image.uri)));
  }
  const byUri = new Map<string, ImageFile[]>();
  for (const file of files) byUri.set(file.uri, [...(byUri.get(file.uri) ?? []), file]);
  return mapAtOnce([...byUri.values()], async (sameFile) => {
    const [first] = sameFile as [ImageFile];
    const user = sameFile.find((file) => usedBy.get(file.productId)?.has(file.uri));
    const isUsed = user !== undefined && !(first.generation !== null && (await isGone(context, first.uri)));
    if (isUsed) return kept(first, `still used by product ${user.productId}`);
    return remove(context, first);
  });
}

function kept({ uri, productId }: ImageFile, reason: string): HandledFile {
  return { uri, productId, removed: false, reason };
}

async function remove(context: StepContext, file: ImageFile): Promise<HandledFile> {
  if (!file.removable || parseGsUri(file.uri) === null) return kept(file, 'outside REMOVABLE_IMAGES');
  if (file.generation === null) return kept(file, 'was not there before the delete');
  const outcome = await removeFile(context, file.uri, file.generation);
  if (outcome === 'changed') return kept(file, `replaced since generation ${file.generation} was seen`);
  if (outcome !== 'gone') {
    tellRefusal(context.record, file.uri, outcome.refused);
    return { ...kept(file, `could not be removed: ${outcome.refused}`), failed: true };
  }
  const reason = 'no reference image of the product uses it';
  return { uri: file.uri, productId: file.productId, removed: true, reason };
}
